//! A hierarchy laid out in the order of its leaves, where every node is a range.
//!
//! The leaves get *ranks* so that the leaves under any node are neighbours. Then what a set of leaves has in common can
//! be read off its smallest and its largest rank alone.

use crate::hierarchy::Hierarchy;
use crate::{Error, Monitor};

/// Ranks of leaves, and the node of every rank at every level.
pub(super) struct Tree {
    leaves: u32,
    /// The rank of every code and the code of every rank; nothing when they are the same.
    ranks: Option<(Vec<u32>, Vec<u32>)>,
    /// For every level from 1 on, the node of every rank: numbers that ascend with the rank.
    nodes: Vec<Vec<u32>>,
    /// For every level from 1 on, the first rank of every node, and the number of leaves at the end.
    starts: Vec<Vec<u32>>,
}

impl Tree {
    /// Nodes are in the order of the smallest code under them.
    pub(super) fn new(hierarchy: &Hierarchy<'_>, monitor: &Monitor) -> Result<Self, Error> {
        let leaves = hierarchy.leaves();
        let mut code_of_rank: Vec<u32> = (0..leaves).collect();
        for level in 1..hierarchy.levels() {
            monitor.check()?;
            // A counting sort by node. Sorts are stable and levels nested: what the levels below have brought together
            // stays together.
            let leaves_under = hierarchy.leaf_counts(level);
            let (mut ends, mut end) = (vec![u32::MAX; leaves as usize], 0);
            for code in 0..leaves {
                let node = hierarchy.value(level, code) as usize;
                if ends[node] == u32::MAX {
                    ends[node] = end;
                    end += leaves_under[node];
                }
            }
            let mut sorted = vec![0; leaves as usize];
            for &code in &code_of_rank {
                let end = &mut ends[hierarchy.value(level, code) as usize];
                sorted[*end as usize] = code;
                *end += 1;
            }
            code_of_rank = sorted;
        }
        let (mut nodes, mut starts) = (Vec::new(), Vec::new());
        for level in 1..hierarchy.levels() {
            monitor.check()?;
            let (mut node_of_rank, mut first_ranks) = (Vec::with_capacity(leaves as usize), Vec::new());
            let mut before = None;
            for (rank, &code) in (0u32..).zip(&code_of_rank) {
                let value = hierarchy.value(level, code);
                if before != Some(value) {
                    before = Some(value);
                    first_ranks.push(rank);
                }
                node_of_rank.push(first_ranks.len() as u32 - 1);
            }
            first_ranks.push(leaves);
            nodes.push(node_of_rank);
            starts.push(first_ranks);
        }
        let ranks = (!code_of_rank.is_sorted()).then(|| {
            let mut rank_of_code = vec![0; leaves as usize];
            for (rank, &code) in (0u32..).zip(&code_of_rank) {
                rank_of_code[code as usize] = rank;
            }
            (rank_of_code, code_of_rank)
        });
        Ok(Self { leaves, ranks, nodes, starts })
    }

    /// The rank of a code.
    pub(super) fn rank(&self, code: u32) -> u32 {
        self.ranks.as_ref().map_or(code, |(rank_of_code, _)| rank_of_code[code as usize])
    }

    /// The code of a rank.
    pub(super) fn code(&self, rank: u32) -> u32 {
        self.ranks.as_ref().map_or(rank, |(_, code_of_rank)| code_of_rank[rank as usize])
    }

    /// Whether ranks and codes are the same numbers.
    pub(super) fn in_order(&self) -> bool {
        self.ranks.is_none()
    }

    /// The lowest level at which the ranks from `low` to `high` are one node: one above the last where they never are.
    pub(super) fn common_level(&self, low: u32, high: u32) -> u16 {
        if low == high {
            return 0;
        }
        let below = self.nodes.iter().take_while(|nodes| nodes[low as usize] != nodes[high as usize]).count();
        // A hierarchy has fewer than u16::MAX levels above the leaves.
        below as u16 + 1
    }

    /// The node of a rank at a level; all ranks are one above the last level.
    pub(super) fn node(&self, level: u16, rank: u32) -> u32 {
        match usize::from(level).checked_sub(1) {
            None => rank,
            Some(above) => self.nodes.get(above).map_or(0, |nodes| nodes[rank as usize]),
        }
    }

    /// Leaves under a node.
    pub(super) fn leaves_under(&self, level: u16, node: u32) -> u32 {
        match usize::from(level).checked_sub(1) {
            None => 1,
            Some(above) => self.starts.get(above).map_or(self.leaves, |starts| {
                let node = node as usize;
                starts[node + 1] - starts[node]
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_under_a_node_are_neighbours() {
        // Codes 0 and 3 are one at level 1, so are 1, 2 and 5; 4 is alone; at level 2 the latter two are one.
        let maps: Vec<&[u32]> = vec![&[5, 2, 2, 5, 0, 2], &[1, 0, 0, 1, 0, 0]];
        let tree = Tree::new(&Hierarchy::new(0, 6, maps).unwrap(), &Monitor::new()).unwrap();
        assert!(!tree.in_order());
        assert_eq!((0..6).map(|rank| tree.code(rank)).collect::<Vec<_>>(), [0, 3, 1, 2, 5, 4]);
        assert!((0..6).all(|code| tree.code(tree.rank(code)) == code));
        let level = |a, b| tree.common_level(tree.rank(a), tree.rank(b));
        assert_eq!([level(4, 4), level(0, 3), level(1, 5), level(5, 4), level(0, 4)], [0, 1, 1, 2, 3]);
        assert_eq!([0, 1, 4, 5].map(|rank| tree.node(1, rank)), [0, 0, 1, 2]);
        assert_eq!([tree.leaves_under(1, 1), tree.leaves_under(2, 1), tree.leaves_under(3, 0)], [3, 4, 6]);
    }

    #[test]
    fn without_levels_everything_is_one_at_level_1() {
        let tree = Tree::new(&Hierarchy::new(0, 9, vec![]).unwrap(), &Monitor::new()).unwrap();
        assert!(tree.in_order());
        assert_eq!((tree.common_level(3, 3), tree.common_level(3, 4)), (0, 1));
        assert_eq!((tree.node(1, 8), tree.leaves_under(1, 0), tree.leaves_under(0, 3)), (0, 9, 1));
    }
}
