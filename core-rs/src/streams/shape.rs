//! How many branches and levels a tree has.

use super::nodes::mean_absolute_digits;
use super::{LONGEST_HORIZON, LONGEST_WINDOW};
use crate::Error;

/// The most levels that are considered: with three branches they reach past the longest horizon.
const MOST_LEVELS: u32 = 17;

/// How many numbers of branches are considered with every number of levels, from the least that reaches the horizon on.
const CANDIDATES: usize = 12;

/// The branches of a tree's nodes, an odd number, and its levels, leaves included.
///
/// A row is in one node of every level, so that is how many sums it changes: the draws must have the scale of one release of
/// that many times the sensitivity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Branches of a node.
    pub branches: u64,
    /// Levels, from the leaves up.
    pub levels: u32,
}

impl Shape {
    /// The one with the least mean square of noise over the sums of 1 to `horizon` steps.
    pub fn prefix(horizon: usize) -> Result<Self, Error> {
        if !(1..=LONGEST_HORIZON).contains(&horizon) {
            return Err(Error::InvalidStream);
        }
        let horizon = horizon as u64;
        // A number of steps up to half the width, rounded down, has no digit above the top level.
        let reaches = |shape: &Self| shape.width().is_some_and(|width| width / 2 >= horizon);
        let cost =
            |shape: Self| (0..shape.levels).map(|level| mean_absolute_digits(shape, level, horizon)).sum();
        Self::best(cost, |levels| {
            let least = ((2 * horizon) as f64).powf(1.0 / f64::from(levels)) as u64 | 1;
            let shapes = (least.max(5) - 2..).step_by(2).map(move |branches| Self { branches, levels });
            shapes.take_while(|each| each.width().is_some()).filter(reaches).take(CANDIDATES).collect()
        })
    }

    /// The one with the least mean square of noise over the sums of the last `length` steps.
    pub fn window(length: usize) -> Result<Self, Error> {
        if !(1..=LONGEST_WINDOW).contains(&length) {
            return Err(Error::InvalidStream);
        }
        let length = length as f64;
        // Nodes of the top level lie side by side within the window; below it each end has digits of its own.
        let top = |shape: Self| (shape.branches as f64).powi(shape.levels as i32 - 1);
        let ends = |shape: Self| {
            let branches = shape.branches as f64;
            f64::from(2 * (shape.levels - 1)) * (branches * branches - 1.0) / (4.0 * branches)
        };
        Self::best(
            |shape| length / top(shape) + ends(shape),
            |levels| {
                let shapes = (3..).step_by(2).map(|branches| Self { branches, levels });
                // With one level there are no branches, and all of their numbers are the same.
                shapes
                    .take_while(|&shape| top(shape) <= length && (levels > 1 || shape.branches == 3))
                    .collect()
            },
        )
    }

    /// The steps that a node above the top level would hold; none when a double could not count them.
    pub(super) fn width(self) -> Option<u64> {
        self.branches.checked_pow(self.levels).filter(|&width| width < 1 << 52)
    }

    fn best(nodes: impl Fn(Self) -> f64, candidates: impl Fn(u32) -> Vec<Self>) -> Result<Self, Error> {
        let mut found: Option<(f64, Self)> = None;
        for shape in (1..=MOST_LEVELS).flat_map(candidates) {
            let cost = f64::from(shape.levels * shape.levels) * nodes(shape);
            if found.is_none_or(|(least, _)| cost < least) {
                found = Some((cost, shape));
            }
        }
        found.map(|(_, shape)| shape).ok_or(Error::InvalidStream)
    }
}
