//! Average risk: the mean, over the released rows, of the chance that a row is re-identified.
//!
//! The chance is 1 / rows of the class, or of its population. El Emam, "Guide to the de-identification of personal
//! health information", CRC Press (2013), where the limit on the mean goes with data that is shared within a circle.

use std::cmp::Ordering;

use super::Ratio;
use crate::natural::Natural;

/// A limit on the mean risk of a release.
///
/// It judges no class by itself. After the models of classes are done, the smallest classes of the release are
/// suppressed, all of one size together, as few as needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AverageRisk {
    /// The largest mean allowed.
    pub limit: Ratio,
    /// Whether size means rows of the population.
    pub population: bool,
}

/// All classes of a release that have the same size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeGroup {
    /// Rows, or rows of the population, of each of the classes; above 0.
    pub size: u64,
    /// Rows of all of them together.
    pub rows: u64,
}

impl AverageRisk {
    /// How many of the first of these groups, ascending in size, must be suppressed so that the mean over what is left is
    /// within the limit; all of them if nothing else helps.
    pub fn suppressed(&self, groups: &[SizeGroup]) -> usize {
        // Leaving out the group of the highest risk lowers the mean: it suffices to go on until it is low enough. The
        // sums over what is left are made from the end, and then looked up.
        let mut tails = Vec::with_capacity(groups.len());
        let (mut risk, mut rows) = (0.0, 0u128);
        for group in groups.iter().rev() {
            risk += group.rows as f64 / group.size as f64;
            rows += u128::from(group.rows);
            tails.push((risk, rows));
        }
        let limit = self.limit.value();
        tails
            .iter()
            .rev()
            .enumerate()
            .position(|(first, &(risk, rows))| {
                let allowed = limit * rows as f64;
                // Each addition and each division rounds by at most 2^-53 of the result.
                let error = (groups.len() as f64 + 4.0) * f64::EPSILON * risk.max(allowed);
                if (risk - allowed).abs() > error {
                    risk < allowed
                } else {
                    self.exactly_within(&groups[first..])
                }
            })
            .unwrap_or(groups.len())
    }

    /// Whether the mean is within the limit, in exact arithmetic.
    fn exactly_within(&self, groups: &[SizeGroup]) -> bool {
        let mut rows = Natural::from(0);
        let (mut above, mut below) = (Natural::from(0), Natural::from(1));
        for group in groups {
            rows = rows.plus(&Natural::from(group.rows));
            let size = Natural::from(group.size);
            above = above.times(&size).plus(&below.times(&Natural::from(group.rows)));
            below = below.times(&size);
        }
        let mean = above.times(&Natural::from(self.limit.denominator));
        mean.cmp(&rows.times(&below).times(&Natural::from(self.limit.numerator))) != Ordering::Greater
    }
}
