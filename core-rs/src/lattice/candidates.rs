//! The nodes whose free bound does not rule them out.
//!
//! The free bound grows with every level, and an aggregate grows with every attribute: the bound of a node is at least
//! that of the attributes chosen so far, all others at level 0. A depth-first walk turns back where that is too high,
//! and so visits little more than the candidates themselves.

use super::Lattice;
use super::open::Node;
use super::packing::Packing;
use crate::costs::Costs;
use crate::loss::Loss;
use crate::{Error, Monitor};

/// All nodes whose free bound is not surely above the key `most`, the most general first: by level sum, descending, then
/// by number.
pub(crate) fn candidates(
    costs: &Costs,
    loss: &Loss,
    lattice: &Lattice,
    most: f64,
    monitor: &Monitor,
) -> Result<Vec<Node>, Error> {
    let terms = (0..lattice.tops().len())
        .map(|j| (0..=lattice.tops()[j]).map(|level| loss.term(j, costs.marginal(j, level))).collect())
        .collect();
    let level_sums = lattice.tops().iter().map(|&top| usize::from(top)).sum::<usize>() + 1;
    let packing = Packing::new(lattice.tops());
    let mut walk = Walk { loss, lattice, monitor, terms, most, found: vec![Vec::new(); level_sums], packing };
    walk.visit(0, 0, Node { packed: 0, number: 0, bound: loss.empty_key() })?;
    Ok(walk.found.into_iter().rev().flatten().collect())
}

struct Walk<'a> {
    loss: &'a Loss,
    lattice: &'a Lattice,
    monitor: &'a Monitor,
    /// A key's term for every attribute, by level.
    terms: Vec<Vec<f64>>,
    most: f64,
    found: Vec<Vec<Node>>,
    packing: Packing,
}

impl Walk<'_> {
    /// Visits the nodes that share the levels of all attributes before `j`; these make up `node` and the level sum.
    fn visit(&mut self, j: usize, sum: usize, node: Node) -> Result<(), Error> {
        if j == self.terms.len() {
            self.found[sum].push(node);
            return Ok(());
        }
        self.monitor.check()?;
        for level in 0..self.terms[j].len() {
            let bound = self.loss.joined(node.bound, self.terms[j][level]);
            if Loss::surely_above(bound, self.most) {
                break;
            }
            // So numbered, a lattice has at most 2^20 nodes.
            let number = node.number + (level * self.lattice.stride(j)) as u32;
            let packed = node.packed + level as u64 * self.packing.step(j);
            self.visit(j + 1, sum + level, Node { packed, number, bound })?;
        }
        Ok(())
    }
}
