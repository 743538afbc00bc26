//! δ-disclosure privacy: no value that occurs is much more or much less frequent than in the whole table.
//!
//! Brickell and Shmatikov, "The cost of privacy: destruction of data-mining utility in anonymized data publishing",
//! KDD (2008), Definition 6: |ln(p/q)| < δ for every value with p > 0.
//!
//! That is q e^−δ < p < q e^δ. The two bounds of every value are rounded once, when the model is bound, to the safe side:
//! a ratio within 10⁻¹² of its bound counts as having reached it, and fails. The upper side is linear and bounds what can
//! stay. The lower side is not convex: a value may be frequent enough in one part, absent from the others, and too rare
//! in their union.

use super::caps::Caps;
use super::column::Column;
use super::exact::BITS;
use super::{Class, Model};

/// Ratios this close to their bound have reached it.
const MARGIN: f64 = 1e-12;

/// δ-disclosure privacy.
#[derive(Debug)]
pub(super) struct Disclosure {
    column: usize,
    reference: Vec<f64>,
    upper: Caps,
    /// 2^62 × the share that every value that occurs must exceed.
    lower: Vec<u64>,
}

impl Disclosure {
    pub(super) fn new(place: usize, column: &Column<'_>, delta: f64) -> Self {
        let reference: Vec<f64> =
            column.reference.iter().map(|&count| count as f64 / column.rows as f64).collect();
        let (most, least) = (delta.exp() * (1.0 - MARGIN), (-delta).exp() * (1.0 + MARGIN));
        Self {
            column: place,
            upper: Caps::new(column.reference, 0, 1, |count| {
                Some(if count == 0 { 0.0 } else { count as f64 / column.rows as f64 * most })
            }),
            lower: reference.iter().map(|q| (q * least * (1u64 << BITS) as f64).ceil() as u64).collect(),
            reference,
        }
    }
}

impl Model for Disclosure {
    fn holds(&self, class: &Class<'_>) -> bool {
        let histogram = &class.histograms[self.column];
        self.upper.hold(histogram, class.rows)
            && histogram.values.iter().zip(histogram.counts).all(|(&value, &count)| {
                u128::from(count) << BITS > u128::from(class.rows) * u128::from(self.lower[value as usize])
            })
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        self.upper.most_kept(&class.histograms[self.column], at_most)
    }

    fn is_convex(&self) -> bool {
        false
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        let histogram = &class.histograms[self.column];
        let largest = histogram.values.iter().zip(histogram.counts).map(|(&value, &count)| {
            (f64::from(count) / class.rows as f64 / self.reference[value as usize]).ln().abs()
        });
        (largest.fold(0.0, f64::max), 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.max(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        3
    }
}
