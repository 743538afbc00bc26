//! The nodes whose free bound does not rule them out.
//!
//! The free bound grows with every level, and an aggregate grows with every attribute: the bound of a node is at least
//! that of the attributes chosen so far, all others at level 0. A depth-first walk turns back where that is too high,
//! and so visits little more than the candidates themselves.

use super::Lattice;
use crate::costs::Costs;
use crate::loss::Loss;
use crate::{Error, Monitor};

/// The numbers of all nodes whose free bound is not surely above the key `most`, the most general first: by level sum,
/// descending, then ascending.
pub(crate) fn candidates(
    costs: &Costs,
    loss: &Loss,
    lattice: &Lattice,
    most: f64,
    monitor: &Monitor,
) -> Result<Vec<u32>, Error> {
    let terms = (0..lattice.tops().len())
        .map(|j| (0..=lattice.tops()[j]).map(|level| loss.term(j, costs.marginal(j, level))).collect())
        .collect();
    let level_sums = lattice.tops().iter().map(|&top| usize::from(top)).sum::<usize>() + 1;
    let mut walk = Walk { loss, lattice, monitor, terms, most, found: vec![Vec::new(); level_sums] };
    walk.visit(0, 0, 0, loss.empty_key())?;
    Ok(walk.found.into_iter().rev().flatten().collect())
}

struct Walk<'a> {
    loss: &'a Loss,
    lattice: &'a Lattice,
    monitor: &'a Monitor,
    /// A key's term for every attribute, by level.
    terms: Vec<Vec<f64>>,
    most: f64,
    found: Vec<Vec<u32>>,
}

impl Walk<'_> {
    /// Visits the nodes that share the levels of all attributes before `j`; these make up `number`, `sum` and `key`.
    fn visit(&mut self, j: usize, number: usize, sum: usize, key: f64) -> Result<(), Error> {
        if j == self.terms.len() {
            // A lattice has at most 2^26 nodes.
            self.found[sum].push(number as u32);
            return Ok(());
        }
        self.monitor.check()?;
        for level in 0..self.terms[j].len() {
            let joined = self.loss.joined(key, self.terms[j][level]);
            if Loss::surely_above(joined, self.most) {
                break;
            }
            self.visit(j + 1, number + level * self.lattice.stride(j), sum + level, joined)?;
        }
        Ok(())
    }
}
