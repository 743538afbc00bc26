//! A lower bound from many nodes at once.
//!
//! Let nothing below any of the nodes v of a list win. A winner u of the box then goes beyond every v: it *pays* for some
//! attribute j the step above v_j. One u_j may pay for several v, so the steps do not add up; but costs can be shared
//! out. Every v in turn is given a share: the least that is left, of any attribute in which the box reaches beyond v, of
//! the cost of going above v_j; and all of these are left with that much less. Whatever u is, the shares of the nodes
//! beyond which it goes in attribute j are then no more than u_j costs, and each v is among those of one j at least. So
//! the sum of all shares bounds the cost of u, and so does that sum with what is left of the cost of any u_j. (This is
//! dual ascent for a covering problem, as Erlenkotter's for plant location, 1978.) With a maximum instead of a sum
//! over the attributes the largest of the least costs does the same.
//!
//! All in whole numbers: what is rounded is rounded before, downwards.

use super::interval::Interval;

/// What is left of every attribute's costs, and what has been shared out.
pub(super) struct Prices {
    /// Where the levels of every attribute begin, from that of the lower end on.
    starts: Vec<usize>,
    low: Vec<u16>,
    /// The least that is left of the cost of this level or a higher one.
    left: Vec<u64>,
    /// Costs are added up; otherwise the largest counts.
    adds: bool,
    total: u64,
}

impl Prices {
    /// `cost` is what a level of an attribute costs more than that of the lower end of the box; it never falls with the level.
    pub(super) fn new(part: &Interval, adds: bool, cost: impl Fn(usize, u16) -> u64) -> Self {
        let (mut starts, mut left) = (Vec::with_capacity(part.low.len()), Vec::new());
        for (j, (&low, &high)) in part.low.iter().zip(&part.high).enumerate() {
            starts.push(left.len());
            left.extend((low..=high).map(|level| cost(j, level)));
        }
        Self { starts, low: part.low.clone(), left, adds, total: 0 }
    }

    /// What going up to a level costs at least, on top of [`Prices::total`].
    pub(super) fn left(&self, attribute: usize, level: u16) -> u64 {
        self.left[self.starts[attribute] + usize::from(level - self.low[attribute])]
    }

    /// No winner costs less.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Shares out the cost of going beyond a node, which can be done in the attributes `ways`.
    pub(super) fn share(&mut self, node: &[u16], ways: impl Iterator<Item = usize> + Clone) {
        let share = ways.clone().map(|j| self.left(j, node[j] + 1)).min().unwrap_or(0);
        if share == 0 {
            return;
        }
        self.total += share;
        if !self.adds {
            self.left.iter_mut().for_each(|left| *left = left.saturating_sub(share));
            return;
        }
        for j in ways {
            let end = self.starts.get(j + 1).copied().unwrap_or(self.left.len());
            let levels = &mut self.left[self.starts[j]..end];
            let (below, above) = levels.split_at_mut(usize::from(node[j] + 1 - self.low[j]));
            above.iter_mut().for_each(|left| *left -= share);
            let least = above[0];
            for left in below.iter_mut().rev().take_while(|left| **left > least) {
                *left = least;
            }
        }
    }

    /// The highest level up to which an attribute costs no more than has been shared out.
    pub(super) fn free(&self, attribute: usize) -> u16 {
        let end = self.starts.get(attribute + 1).copied().unwrap_or(self.left.len());
        let levels = &self.left[self.starts[attribute]..end];
        // The lowest level costs nothing.
        self.low[attribute] + (levels.partition_point(|&left| left == 0) as u16).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Lattice, generalises};

    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }
    }

    /// No node that goes beyond all of a list costs less than the bound, whatever is looked at in whatever order.
    #[test]
    fn nothing_that_goes_beyond_costs_less() {
        let (mut random, mut tight) = (Random(3), 0);
        for round in 0..400 {
            let tops: Vec<u16> = (0..4).map(|_| random.below(4) as u16).collect();
            let low: Vec<u16> = tops.iter().map(|&top| random.below(u64::from(top) + 1) as u16).collect();
            let part = Interval { low, high: tops.clone() };
            let costs: Vec<Vec<u64>> = (0..4)
                .map(|j| {
                    let mut cost = 0;
                    let raise = |level| {
                        cost += if level > part.low[j] { random.below(5) } else { 0 };
                        cost
                    };
                    (0..=tops[j]).map(raise).collect()
                })
                .collect();
            let nodes: Vec<Vec<u16>> = (0..random.below(6))
                .map(|_| {
                    let above =
                        |j: usize| part.low[j] + random.below(u64::from(tops[j] - part.low[j]) + 1) as u16;
                    (0..4).map(above).collect()
                })
                .collect();
            let adds = round % 2 == 0;
            let mut prices = Prices::new(&part, adds, |j, level| costs[j][usize::from(level)]);
            for node in &nodes {
                prices.share(node, part.beyond(node));
            }
            let lattice = Lattice::new(tops.clone());
            let mut least = None;
            for number in 0..lattice.size() {
                let mut node = vec![0; 4];
                lattice.levels(number, &mut node);
                if !generalises(&node, &part.low) || nodes.iter().any(|each| generalises(each, &node)) {
                    continue;
                }
                let paid = (0..4).map(|j| costs[j][usize::from(node[j])]);
                let paid = if adds { paid.sum::<u64>() } else { paid.max().unwrap() };
                for j in 0..4 {
                    let bound = prices.total() + prices.left(j, node[j]);
                    assert!(bound <= paid, "{round}: {nodes:?} {node:?} {costs:?}");
                }
                least = Some(least.map_or(paid, |least: u64| least.min(paid)));
            }
            tight += usize::from(least == Some(prices.total()) && prices.total() > 0);
        }
        // A bound of 0 would pass as well.
        assert!(tight > 100, "{tight}");
    }

    #[test]
    fn shares_do_not_count_twice() {
        let part = Interval::whole(&[2, 2]);
        let mut prices = Prices::new(&part, true, |j, level| [[0, 3, 10], [0, 4, 4]][j][usize::from(level)]);
        prices.share(&[0, 0], 0..2);
        assert_eq!((prices.total(), prices.left(0, 2), prices.left(1, 1)), (3, 7, 1));
        assert_eq!([prices.free(0), prices.free(1)], [1, 0]);
        prices.share(&[1, 0], 0..2);
        assert_eq!((prices.total(), prices.left(0, 1), prices.left(0, 2), prices.left(1, 2)), (4, 0, 6, 0));
        assert_eq!([prices.free(0), prices.free(1)], [1, 2]);
    }
}
