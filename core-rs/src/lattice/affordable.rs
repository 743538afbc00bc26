//! How many rows a release with less than a given loss can suppress.

use crate::costs::Costs;
use crate::loss::Loss;
use crate::table::Table;

/// Of every attribute the sum when nothing is lost, and the extras of all rows at level 0, ascending, each with its rows.
///
/// A cell costs least at level 0 when it is released, so each sum is at least its least plus the extras, at level 0, of
/// the rows that are suppressed, and these are at least those of the rows with the smallest extras.
pub(super) struct Affordable(Vec<(u64, Vec<(u64, u64)>)>);

impl Affordable {
    pub(super) fn new(table: &Table, costs: &Costs) -> Self {
        let extras = |j: usize| costs.cheapest(j, table.ladders[j].rows(0));
        Self(costs.ranges().iter().enumerate().map(|(j, range)| (range.0, extras(j))).collect())
    }

    /// The most rows, up to `limit`, that a release with a loss of at most `key` can suppress.
    pub(super) fn rows(&self, loss: &Loss, key: f64, limit: u64) -> u64 {
        let (mut low, mut high) = (0, limit);
        while low < high {
            let rows = high - (high - low) / 2;
            let least = self.0.iter().enumerate().fold(loss.empty_key(), |key, (j, (sum, extras))| {
                let mut left = rows;
                let added: u64 = extras
                    .iter()
                    .map(|&(extra, rows)| {
                        let gone = left.min(rows);
                        left -= gone;
                        gone * extra
                    })
                    .sum();
                loss.joined(key, loss.term(j, sum + added))
            });
            if Loss::surely_above(least, key) { high = rows - 1 } else { low = rows }
        }
        low
    }
}
