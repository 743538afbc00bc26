//! β-likeness: no value is much more frequent in a class than in the whole table.
//!
//! Cao and Karras, "Publishing microdata with a robust privacy guarantee", PVLDB 5 (2012): basic β-likeness in
//! Definition 2, enhanced β-likeness in Definition 3.
//!
//! (p − q)/q ≤ β for every value with p > q is p ≤ q (1 + β) for every value. Basic bounds are exact fractions; an enhanced
//! one with −ln q < β is the float q (1 − ln q), rounded once when the model is bound.

use super::caps::Caps;
use super::column::Column;
use super::{Class, Model, Ratio};

/// β-likeness, basic or enhanced.
#[derive(Debug)]
pub(super) struct Likeness {
    column: usize,
    reference: Vec<u64>,
    /// Rows of the reference.
    rows: u64,
    caps: Caps,
}

impl Likeness {
    pub(super) fn new(place: usize, column: &Column<'_>, beta: Ratio, enhanced: bool) -> Self {
        // Denominator and numerator are below 2^63, and so are the reference rows: no overflow.
        let factor = beta.denominator + beta.numerator;
        let below = u128::from(beta.denominator) * u128::from(column.rows);
        let caps = Caps::new(column.reference, factor, below, |count| {
            let q = count as f64 / column.rows as f64;
            (enhanced && count > 0 && -q.ln() < beta.value()).then(|| q * (1.0 - q.ln()))
        });
        Self { column: place, reference: column.reference.to_vec(), rows: column.rows, caps }
    }
}

impl Model for Likeness {
    fn holds(&self, class: &Class<'_>) -> bool {
        self.caps.hold(&class.histograms[self.column], class.rows)
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        self.caps.most_kept(&class.histograms[self.column], at_most)
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        let histogram = &class.histograms[self.column];
        let largest = histogram.values.iter().zip(histogram.counts).map(|(&value, &count)| {
            // (p − q)/q over whole numbers, divided once: a bound that is reached exactly is printed so.
            let expected = u128::from(self.reference[value as usize]) * u128::from(class.rows);
            let found = u128::from(count) * u128::from(self.rows);
            if found > expected { (found - expected) as f64 / expected as f64 } else { 0.0 }
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
