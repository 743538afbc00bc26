//! Intervals of the lattice, the boxes of the search, and how one is taken apart.

use crate::ladder::Ladder;

/// Which levels join values of the data that the level below tells apart. At any other level the classes are those of the
/// level below, and no measure calls them better: by the rule for ties, a node with such a level never wins.
pub(super) struct Distinct {
    /// For every attribute and level the lowest such level from there on, or one above the highest level; and the highest up
    /// to there.
    levels: Vec<Vec<(u16, u16)>>,
}

impl Distinct {
    pub(super) fn new(ladders: &[Ladder]) -> Self {
        let of = |ladder: &Ladder| {
            let joins = |level: u16| level == 0 || ladder.codes(level) < ladder.codes(level - 1);
            let mut levels: Vec<(u16, u16)> = Vec::with_capacity(ladder.levels());
            let mut last = 0;
            for level in 0..=ladder.top() {
                last = if joins(level) { level } else { last };
                levels.push((level, last));
            }
            let mut next = ladder.top() + 1;
            for (level, both) in (0..=ladder.top()).zip(&mut levels).rev() {
                next = if joins(level) { level } else { next };
                both.0 = next;
            }
            levels
        };
        Self { levels: ladders.iter().map(of).collect() }
    }
}

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

    /// How many nodes it holds, about.
    pub(super) fn nodes(&self) -> f64 {
        self.low.iter().zip(&self.high).map(|(low, high)| f64::from(high - low) + 1.0).product()
    }

    /// Cuts off the levels that no winner has; false if nothing is left.
    pub(super) fn trim(&mut self, distinct: &Distinct) -> bool {
        let ends = self.low.iter_mut().zip(&mut self.high).zip(&distinct.levels);
        ends.fold(true, |any, ((low, high), levels)| {
            *low = levels[usize::from(*low)].0;
            *high = levels[usize::from(*high)].1;
            any && low <= high
        })
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
    use crate::Hierarchy;
    use crate::lattice::{Lattice, generalises};

    fn holds(interval: &Interval, node: &[u16]) -> bool {
        generalises(node, &interval.low) && generalises(&interval.high, node)
    }

    #[test]
    fn levels_that_join_nothing_are_cut_off() {
        // Of the leaves 0 to 7 the data has 0, 1 and 4: the first and the third level join none of them.
        let maps: [&[u32]; 4] =
            [&[0, 1, 2, 2, 3, 4, 5, 6], &[0, 0, 1, 1, 2, 2, 3, 3], &[0, 0, 1, 1, 2, 2, 2, 2], &[0; 8]];
        let hierarchy = Hierarchy::new(0, 8, maps.to_vec()).unwrap();
        let ladder = || Ladder::new(&hierarchy, &[(0, 1), (1, 1), (4, 1)]);
        let distinct = Distinct::new(&[ladder(), ladder(), ladder()]);
        let mut whole = Interval { low: vec![0, 1, 2], high: vec![1, 3, 4] };
        assert!(whole.trim(&distinct));
        assert_eq!(whole, Interval { low: vec![0, 2, 2], high: vec![0, 2, 4] });
        assert!(!Interval { low: vec![0, 1, 0], high: vec![0, 1, 0] }.trim(&distinct));
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
