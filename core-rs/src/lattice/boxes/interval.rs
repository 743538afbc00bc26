//! Intervals of the lattice, the boxes of the search, and how one is taken apart.

/// All nodes from `low` to `high`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) low: Vec<u16>,
    pub(super) high: Vec<u16>,
}

impl Interval {
    /// The whole lattice.
    pub(super) fn whole(tops: &[u16]) -> Self {
        Self { low: vec![0; tops.len()], high: tops.to_vec() }
    }

    /// The attributes in which the interval reaches beyond a node.
    pub(super) fn beyond<'a>(&'a self, node: &'a [u16]) -> impl Iterator<Item = usize> + Clone + 'a {
        (0..node.len()).filter(|&j| node[j] < self.high[j])
    }

    /// The nodes that are not below `node`, which is at least `low`, in disjoint intervals: one for each attribute j of
    /// `ways`, which lists those in which the interval reaches beyond the node. It holds the nodes that go beyond it in j and
    /// in no attribute listed before.
    pub(super) fn without_below(&self, node: &[u16], ways: &[usize]) -> Vec<Self> {
        let mut rest = self.clone();
        ways.iter()
            .map(|&j| {
                let mut part = rest.clone();
                part.low[j] = node[j] + 1;
                rest.high[j] = node[j];
                part
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Lattice, generalises};

    fn holds(interval: &Interval, node: &[u16]) -> bool {
        generalises(node, &interval.low) && generalises(&interval.high, node)
    }

    /// Whatever is taken away and in whatever order: every node that is not below is in one part, every other in none.
    #[test]
    fn what_is_left_is_a_partition() {
        let lattice = Lattice::new(vec![2, 3, 0, 2]);
        let all: Vec<Vec<u16>> = (0..lattice.size())
            .map(|number| {
                let mut levels = vec![0; 4];
                lattice.levels(number, &mut levels);
                levels
            })
            .collect();
        let whole = Interval { low: vec![0, 1, 0, 0], high: vec![2, 3, 0, 1] };
        for node in all.iter().filter(|node| generalises(node, &whole.low)) {
            let mut ways: Vec<usize> = whole.beyond(node).collect();
            for _ in 0..2 {
                ways.reverse();
                let parts = whole.without_below(node, &ways);
                assert_eq!(parts.len(), ways.len());
                for each in &all {
                    let expected = holds(&whole, each) && !generalises(node, each);
                    let found = parts.iter().filter(|part| holds(part, each)).count();
                    assert_eq!(found, usize::from(expected), "{node:?} {each:?}");
                }
            }
        }
    }
}
