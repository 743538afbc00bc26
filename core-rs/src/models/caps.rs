//! Largest shares: a bound on how frequent each value of a class may be.
//!
//! β-likeness and the upper side of δ-disclosure privacy both say: of n rows at most n · B have the value, with a
//! constant B per value. That is linear in the counts, so a union of classes that hold holds. What stays of a class,
//! n′ rows, has at most min(c, ⌊n′ B⌋) rows of each value, so n′ ≤ Σ min(c, ⌊n′ B⌋) =: g(n′); and whenever n′ ≤ g(n′),
//! some n′ rows satisfy the bounds. As g never falls when n′ grows, the sequence n, g(n), g(g(n)), … comes down to the
//! largest such n′ and stays there: the most rows kept, exactly. Large classes get there faster by a tangent: without
//! the rounding, Σ min(c, n′ B) is concave, so n′ ≤ A/(1 − S), where A sums the counts below their bound at the current
//! n′ and S the bounds B of the others.

use super::Histogram;
use super::exact::{BITS, product, scaled};

/// Every share is allowed. Above all other bounds, which are below 1.
const UNBOUNDED: u64 = u64::MAX;

/// The largest share of each value.
#[derive(Debug)]
pub(super) struct Caps {
    /// ⌊2^62 B⌋, or [`UNBOUNDED`].
    shares: Vec<u64>,
    /// What B is exactly: `shares` itself where the entry is 0, else entry × `factor` / `below`.
    exact: Vec<u64>,
    factor: u64,
    below: u128,
}

impl Caps {
    /// B = count × factor / below for each count, or the float that `instead` gives for it. `below` is less than 2^127.
    pub(super) fn new(
        reference: &[u64],
        factor: u64,
        below: u128,
        instead: impl Fn(u64) -> Option<f64>,
    ) -> Self {
        let (shares, exact) = reference
            .iter()
            .map(|&count| match instead(count) {
                Some(share) if share >= 1.0 => (UNBOUNDED, 0),
                Some(share) => ((share * (1u64 << BITS) as f64) as u64, 0),
                None => {
                    let above = u128::from(count) * u128::from(factor);
                    if above >= below { (UNBOUNDED, 0) } else { (scaled(above, below), count) }
                }
            })
            .unzip();
        Self { shares, exact, factor, below }
    }

    /// The most of `rows` rows that may have the value.
    fn most(&self, value: u32, rows: u64) -> u64 {
        let share = self.shares[value as usize];
        if share == UNBOUNDED {
            return rows;
        }
        let scaled = u128::from(rows) * u128::from(share);
        let least = (scaled >> BITS) as u64;
        let count = self.exact[value as usize];
        // The true share is less than 2^-62 above the scaled one.
        if count == 0 || ((scaled + u128::from(rows)) >> BITS) as u64 == least {
            return least;
        }
        let above = u128::from(count) * u128::from(self.factor);
        least + u64::from(product(self.below, least + 1) <= product(above, rows))
    }

    /// Whether no value is too frequent.
    pub(super) fn hold(&self, histogram: &Histogram<'_>, rows: u64) -> bool {
        histogram
            .values
            .iter()
            .zip(histogram.counts)
            .all(|(&value, &count)| u64::from(count) <= self.most(value, rows))
    }

    /// The most rows, up to `at_most`, that part of these counts can have without a value being too frequent.
    pub(super) fn most_kept(&self, histogram: &Histogram<'_>, at_most: u64) -> u64 {
        let mut kept = at_most;
        while kept > 0 {
            let (mut next, mut free, mut slope) = (0u64, 0u64, 0u128);
            for (&value, &count) in histogram.values.iter().zip(histogram.counts) {
                let (count, most) = (u64::from(count), self.most(value, kept));
                if count <= most {
                    next += count;
                    free += count;
                } else {
                    next += most;
                    slope += u128::from(self.shares[value as usize]) + 1;
                }
            }
            if next >= kept {
                return kept;
            }
            let one = 1u128 << BITS;
            if slope < one {
                let tangent = (u128::from(free) << BITS) / (one - slope);
                next = next.min(u64::try_from(tangent).unwrap_or(u64::MAX));
            }
            kept = next;
        }
        0
    }
}
