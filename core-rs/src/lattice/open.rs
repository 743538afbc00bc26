//! The nodes that a sweep has not settled yet, and which way from a node leads to most of them.

use super::Lattice;
use super::packing::Packing;
use super::states::States;

/// With more open nodes than this, looking at all of them costs more than it saves.
const MANY: usize = 1 << 16;

/// A node that is to be settled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Its levels, packed.
    pub(crate) packed: u64,
    /// Its number.
    pub(crate) number: u32,
    /// A bound of its loss, as a key that is larger for a larger bound.
    pub(crate) bound: f64,
}

/// One thread's list of open nodes, in the order in which they are settled.
#[derive(Clone)]
pub(crate) struct Open<'a> {
    lattice: &'a Lattice,
    packing: Packing,
    nodes: Vec<Node>,
    next: usize,
    /// Nodes that are settled or have been given out.
    passed: usize,
}

impl<'a> Open<'a> {
    pub(crate) fn new(lattice: &'a Lattice, nodes: Vec<Node>) -> Self {
        Self { lattice, packing: Packing::new(lattice.tops()), nodes, next: 0, passed: 0 }
    }

    /// The next node that is not settled and whose bound is not above `most`.
    pub(crate) fn next(&mut self, states: &States<'_>, most: f64) -> Option<usize> {
        while let Some(&Node { number, bound, .. }) = self.nodes.get(self.next) {
            self.next += 1;
            self.passed += 1;
            if bound <= most && !states.of(number as usize).is_settled() {
                return Some(number as usize);
            }
        }
        None
    }

    /// Whether the list is at its end.
    pub(crate) fn is_empty(&self) -> bool {
        self.next == self.nodes.len()
    }

    /// Nodes of the list that are settled or have been given out.
    pub(crate) fn passed(&self) -> u64 {
        self.passed as u64
    }

    /// Removes what is settled by now, or above `most`.
    pub(crate) fn prune(&mut self, states: &States<'_>, most: f64) {
        let before = self.nodes.len();
        if before - self.next > MANY {
            return;
        }
        let mut place = 0;
        let next = self.next;
        self.nodes.retain(|&Node { number, bound, .. }| {
            place += 1;
            place > next && bound <= most && !states.of(number as usize).is_settled()
        });
        self.passed += before - next - self.nodes.len();
        self.next = 0;
    }

    /// For every attribute how many open nodes one more step of that attribute, upwards or downwards, would put in reach
    /// of a node: they are beyond the node in that attribute, by one level, and in no other. 1 everywhere when there are
    /// too many nodes to look at.
    pub(crate) fn gains(&self, states: &States<'_>, levels: &[u16], up: bool) -> Vec<u32> {
        let edge = |j: usize| if up { levels[j] == self.lattice.tops()[j] } else { levels[j] == 0 };
        let open = &self.nodes[self.next..];
        if open.len() > MANY {
            return (0..levels.len()).map(|j| u32::from(!edge(j))).collect();
        }
        let here = self.packing.pack(levels)[0];
        let beyond =
            |here, node| if up { self.packing.lower(here, node) } else { self.packing.lower(node, here) };
        let mut gains = vec![0u32; levels.len()];
        for &Node { packed: node, number, .. } in open {
            let ahead = beyond(here, node);
            if ahead == 0 || ahead & (ahead - 1) != 0 {
                continue;
            }
            if let Some(j) = (0..levels.len()).find(|&j| self.packing.guard(j) == ahead) {
                let step = self.packing.step(j);
                let there = if up { here.wrapping_add(step) } else { here.wrapping_sub(step) };
                let reached = beyond(there, node) == 0 && !states.of(number as usize).is_settled();
                gains[j] += u32::from(reached);
            }
        }
        for (_, gain) in gains.iter_mut().enumerate().filter(|(j, _)| edge(*j)) {
            // A step from the highest level would reach into the next field.
            *gain = 0;
        }
        gains
    }
}

/// The attributes of which a step gains anything, the largest gain first.
pub(crate) fn by_gain(gains: &[u32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..gains.len()).filter(|&j| gains[j] > 0).collect();
    order.sort_by_key(|&j| std::cmp::Reverse(gains[j]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Monitor;

    fn nodes(lattice: &Lattice, nodes: &[&[u16]]) -> Vec<Node> {
        let packing = Packing::new(lattice.tops());
        let node = |levels: &&[u16]| {
            let number = lattice.number(levels) as u32;
            Node { packed: packing.pack(levels)[0], number, bound: f64::from(number) }
        };
        nodes.iter().map(node).collect()
    }

    #[test]
    fn gains_count_what_one_step_reaches() {
        let lattice = Lattice::new(vec![2, 3, 1]);
        let nodes =
            nodes(&lattice, &[&[2, 0, 0], &[1, 2, 1], &[0, 1, 1], &[2, 2, 0], &[0, 3, 0], &[1, 2, 0]]);
        let (open, states) = (Open::new(&lattice, nodes), States::new(&lattice));
        // From [1, 1, 1]: up in the first [2, 0, 0]; up in the second both [1, 2, .]; the rest lies further or is reached.
        assert_eq!(open.gains(&states, &[1, 1, 1], true), [1, 2, 0]);
        // Downwards: [2, 2, 0] and [1, 2, 0] lack the third, [0, 1, 1] the first, [1, 2, 1] nothing.
        assert_eq!(open.gains(&states, &[1, 1, 1], false), [1, 0, 2]);
        assert_eq!(open.gains(&states, &[2, 3, 1], true), [0, 0, 0]);
        states.rule_out(&[0, 1, 1], &Monitor::new()).unwrap();
        assert_eq!(open.gains(&states, &[1, 1, 1], false), [0, 0, 2]);
        assert_eq!(by_gain(&[0, 3, 1, 3]), [1, 3, 2]);
    }

    #[test]
    fn among_many_nodes_every_step_that_there_is_gains() {
        let lattice = Lattice::new(vec![1; 17]);
        let node = |number| Node { packed: 0, number, bound: 0.0 };
        let open = Open::new(&lattice, (0..1 << 17).map(node).collect());
        let (mut levels, states) = (vec![0; 17], States::new(&lattice));
        levels[3] = 1;
        assert_eq!(by_gain(&open.gains(&states, &levels, false)), [3]);
        assert_eq!(by_gain(&open.gains(&states, &levels, true)).len(), 16);
    }

    #[test]
    fn settled_nodes_are_passed_and_pruned() {
        let lattice = Lattice::new(vec![2, 2]);
        let states = States::new(&lattice);
        let all: Vec<[u16; 2]> = (0..9).map(|number| [number / 3, number % 3]).collect();
        let all: Vec<&[u16]> = all.iter().map(|levels| &levels[..]).collect();
        let mut open = Open::new(&lattice, nodes(&lattice, &all));
        states.rule_out(&[1, 0], &Monitor::new()).unwrap();
        assert_eq!(open.next(&states, 9.0), Some(1));
        assert_eq!(open.passed(), 2);
        open.prune(&states, 6.0);
        // 3 is ruled out, 7 and 8 are above the bound.
        assert_eq!(open.passed(), 5);
        assert_eq!(open.nodes.iter().map(|node| node.number).collect::<Vec<_>>(), [2, 4, 5, 6]);
        assert_eq!(open.next(&states, 9.0), Some(2));
    }
}
