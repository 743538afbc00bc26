//! Distinct and recursive l-diversity.
//!
//! Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam, "l-diversity: privacy beyond k-anonymity", ACM TKDD 1 (2007):
//! definitions in §4, their monotonicity in §4.3.

use std::cell::RefCell;

use super::{Class, Model, Ratio};

/// Every class has at least l distinct values. On a column of entities: every class has at least l entities.
#[derive(Debug)]
pub(super) struct Distinct {
    pub(super) column: usize,
    pub(super) l: u64,
}

impl Model for Distinct {
    fn holds(&self, class: &Class<'_>) -> bool {
        class.histograms[self.column].values.len() as u64 >= self.l
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        if self.holds(class) { at_most } else { 0 }
    }

    fn fewest_rows(&self) -> u64 {
        self.l
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        (class.histograms[self.column].values.len() as f64, 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.min(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        1
    }
}

/// Recursive (c, l)-diversity: r₁ < c (r_l + … + r_m), the counts r descending.
///
/// Convex: the most frequent value of a union has at most the sum of the parts' r₁, and so have its l − 1 most frequent
/// ones together, so its tail is at least the sum of the parts' tails.
///
/// Most rows kept, exactly: let what stays have largest count τ. No tail under the cap τ is larger than that of
/// min(count, τ), because one more row adds one to the sum and at most one to the l − 1 largest. So min(count, τ) holds as
/// well, and has at least as many rows. In τ, c · tail − τ is concave (a sum of min(r, τ) less a line) and 0 at 0:
/// it is positive for τ = 1, 2, … up to some largest τ, or never.
#[derive(Debug)]
pub(super) struct Recursive {
    pub(super) column: usize,
    pub(super) c: Ratio,
    pub(super) l: u64,
}

thread_local! {
    static COUNTS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

impl Recursive {
    /// Calls `look` with the l − 1 largest counts and the others, all unordered, and the largest; None with fewer than l.
    fn split<T>(&self, class: &Class<'_>, look: impl FnOnce(&[u32], &[u32], u32) -> T) -> Option<T> {
        let counts = class.histograms[self.column].counts;
        let top = usize::try_from(self.l - 1).ok().filter(|&top| top < counts.len())?;
        let most = *counts.iter().max()?;
        if top == 0 {
            return Some(look(&[], counts, most));
        }
        COUNTS.with_borrow_mut(|scratch| {
            scratch.clear();
            scratch.extend_from_slice(counts);
            scratch.select_nth_unstable_by(top - 1, |a, b| b.cmp(a));
            let (largest, others) = scratch.split_at(top);
            Some(look(largest, others, most))
        })
    }

    /// Whether the largest count and the rest satisfy the condition.
    fn within(&self, most: u32, tail: u64) -> bool {
        u128::from(most) * u128::from(self.c.denominator) < u128::from(tail) * u128::from(self.c.numerator)
    }
}

/// The rows of these counts, each cut to at most `cap`.
fn capped(counts: &[u32], cap: u32) -> u64 {
    counts.iter().map(|&count| u64::from(count.min(cap))).sum()
}

impl Model for Recursive {
    fn holds(&self, class: &Class<'_>) -> bool {
        self.split(class, |_, others, most| self.within(most, capped(others, most))).unwrap_or(false)
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        let kept = self.split(class, |largest, others, most| {
            let within = |cap| self.within(cap, capped(others, cap));
            if within(most) {
                return class.rows;
            }
            // `cap` is within (0 by convention), `over` is not.
            let (mut cap, mut over) = (0, most);
            while over - cap > 1 {
                let middle = cap + (over - cap) / 2;
                if within(middle) {
                    cap = middle;
                } else {
                    over = middle;
                }
            }
            capped(largest, cap) + capped(others, cap)
        });
        kept.unwrap_or(0).min(at_most)
    }

    fn fewest_rows(&self) -> u64 {
        self.l
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        let ratio = self.split(class, |_, others, most| f64::from(most) / capped(others, most) as f64);
        (ratio.unwrap_or(f64::INFINITY), 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.max(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        2
    }
}
