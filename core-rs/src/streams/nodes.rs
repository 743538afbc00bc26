//! Which nodes of a tree make up a sum.
//!
//! Steps are leaves, numbered from 0; node `index` of a level covers k^level of them, from index · k^level on. The number of
//! steps t is written in the balanced base k, with digits from −(k−1)/2 to (k−1)/2: a digit d > 0 of level l adds the d nodes
//! that begin where the higher digits end, a digit d < 0 takes away the |d| nodes that end there. The nodes taken away may
//! reach beyond t, to steps that are yet to come, as do the nodes that they are taken from; their numbers cancel, and what is
//! left is the sum of the first t steps and the noise of both.

use std::collections::BTreeMap;

use super::Shape;

/// Nodes of one level side by side, added (+1) or taken away (−1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) level: u32,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) sign: i64,
}

impl Shape {
    fn half(self) -> u64 {
        (self.branches - 1) / 2
    }

    /// Steps of a node; levels are few enough for it to fit.
    fn steps_of(self, level: u32) -> u64 {
        self.branches.pow(level)
    }

    /// A digit of a number of steps, and the number of whole nodes of the next level that the higher digits make up.
    fn digit(self, level: u32, steps: u64) -> (i64, u64) {
        let (node, parent) = (self.steps_of(level), self.steps_of(level + 1));
        let shifted = steps + (parent - 1) / 2;
        ((shifted / node % self.branches) as i64 - self.half() as i64, shifted / parent)
    }

    /// How many nodes of the top level the sum of the first steps takes.
    fn tops(self, steps: u64) -> u64 {
        let node = self.steps_of(self.levels - 1);
        (steps + (node - 1) / 2) / node
    }

    /// The nodes that make up the sum of the steps from `from` to `to`, the latter not included.
    pub(super) fn runs(self, from: u64, to: u64) -> Vec<Run> {
        let top = self.levels - 1;
        let mut found = vec![Run { level: top, start: self.tops(from), end: self.tops(to), sign: 1 }];
        for (steps, sign) in [(to, 1), (from, -1)] {
            for level in 0..top {
                let (digit, parents) = self.digit(level, steps);
                let (middle, width) = (parents * self.branches, digit.unsigned_abs());
                let (start, end) =
                    if digit < 0 { (middle - width, middle) } else { (middle, middle + width) };
                found.push(Run { level, start, end, sign: sign * digit.signum() });
            }
        }
        found.retain(|run| run.start < run.end);
        found
    }

    /// The nodes and how often each is added; those that cancel are left out.
    pub(super) fn coefficients(self, from: u64, to: u64) -> BTreeMap<(u32, u64), i64> {
        let mut found = BTreeMap::new();
        for run in self.runs(from, to) {
            for index in run.start..run.end {
                *found.entry((run.level, index)).or_insert(0) += run.sign;
            }
        }
        found.retain(|_, &mut times| times != 0);
        found
    }

    /// The first node of a level that some sum ending at `steps` or later may take.
    pub(super) fn first_needed(self, level: u32, steps: u64) -> u64 {
        if level + 1 == self.levels {
            return self.tops(steps);
        }
        let (digit, parents) = self.digit(level, steps);
        parents * self.branches - digit.min(0).unsigned_abs()
    }
}

/// The mean of a digit's size over the numbers from 1 to `last`: how many nodes of the level a sum takes on average.
pub(super) fn mean_absolute_digits(shape: Shape, level: u32, last: u64) -> f64 {
    let (node, parent) = (u128::from(shape.steps_of(level)), u128::from(shape.steps_of(level + 1)));
    let (half, last) = (u128::from(shape.half()), u128::from(last));
    // Digit by digit: half of them below 0, half above, in runs as long as a node.
    let below = |count: u128| {
        let (periods, rest) = (count / parent, count % parent);
        let (whole, part) = (rest / node, rest % node);
        let full = periods * (node * half * (half + 1));
        full + node * sizes(whole, half) + part * whole.abs_diff(half)
    };
    let shift = (parent - 1) / 2;
    (below(last + shift + 1) - below(shift + 1)) as f64 / last as f64
}

/// The sizes of the lowest digits, from −half on, added up.
fn sizes(count: u128, half: u128) -> u128 {
    let below = count.min(half);
    let above = count - below;
    below * half - below * below.saturating_sub(1) / 2 + above * above.saturating_sub(1) / 2
}
