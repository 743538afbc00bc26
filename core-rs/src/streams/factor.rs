//! The whole-number square root of a workload.

use std::iter::Sum;

use super::{LONGEST_HORIZON, LONGEST_WINDOW};
use crate::Error;

/// Coefficients are multiples of 2^-20.
pub const FACTOR_BITS: u32 = 20;

const ONE: f64 = (1u64 << FACTOR_BITS) as f64;

/// Coefficients of a window's factor, in window lengths.
const TAPS: usize = 4;

/// How much a window's coefficients shrink over one window length.
const DAMPING: f64 = 0.05;

/// By how much the damping may lengthen a window's decoder.
const DAMPED: f64 = 1.015;

/// By how much rounding may lengthen the prefix's decoder.
const ROUNDED: f64 = 1.001;

/// A Toeplitz matrix R of whole numbers with L·R the workload: sums of all steps so far, or of the last ones.
///
/// As power series the workloads are a = 1/(1 − x), and a = (1 − x^W)/(1 − x) for windows of W steps. The matrix has the
/// coefficients of √a, in multiples of 2^-20; L = a/R follows from the rounded ones exactly, so rounding costs a little noise
/// and no bias. For windows the coefficients end after 4 W steps, and shrink by e^-0.05 a window: without the former a row
/// would have to be kept for ever, without the latter errors would fade as slowly as k^-1/2. Together that costs 0.12 % of
/// noise.
#[derive(Debug, Clone)]
pub struct Factor {
    pub(super) window: Option<usize>,
    pub(super) coefficients: Vec<i64>,
    pub(super) decimals: Vec<f64>,
}

impl Factor {
    /// For the sums of all steps, of which there are at most `horizon`.
    pub fn prefix(horizon: usize) -> Result<Self, Error> {
        if !(1..=LONGEST_HORIZON).contains(&horizon) {
            return Err(Error::InvalidStream);
        }
        Ok(Self::rounded(None, roots(horizon)))
    }

    /// For the sums of the last `length` steps, of which there may be any number.
    pub fn window(length: usize) -> Result<Self, Error> {
        if !(1..=LONGEST_WINDOW).contains(&length) {
            return Err(Error::InvalidStream);
        }
        let damping = (-DAMPING / length as f64).exp();
        let mut scale = 1.0;
        let damped = window_roots(length, TAPS * length).into_iter().map(|each| {
            let shrunk = each * scale;
            scale *= damping;
            shrunk
        });
        Ok(Self::rounded(Some(length), damped.collect()))
    }

    fn rounded(window: Option<usize>, roots: Vec<f64>) -> Self {
        let coefficients: Vec<i64> =
            roots.into_iter().map(|each| (each * ONE).round_ties_even() as i64).collect();
        let decimals = coefficients.iter().map(|&each| each as f64).collect();
        Self { window, coefficients, decimals }
    }

    /// The coefficients in multiples of 2^-20, the diagonal's first.
    pub fn coefficients(&self) -> &[i64] {
        &self.coefficients
    }

    /// The squared Euclidean length of a column, exactly, in multiples of 2^-40: one step's number shifts all that noise is
    /// added to by itself times the column, no more however long the stream is.
    pub fn squared_length(&self) -> u128 {
        self.coefficients.iter().map(|&each| u128::from(each.unsigned_abs()).pow(2)).sum()
    }

    /// At least the variance of the noise in the release after step `step`, counted from 1, with noise of variance 2^40; at
    /// most 0.2 % more for a prefix and 3 % more for a window.
    pub fn variance(&self, step: usize) -> f64 {
        let (roots, slack) = match self.window {
            None => (roots(step), ROUNDED),
            // The rest of the series adds less than the slack leaves.
            Some(length) => (window_roots(length, step.min(2 * TAPS * length)), DAMPED),
        };
        roots.iter().map(|each| each * each).sum::<f64>() * slack * slack
    }

    /// The products of the coefficients after the diagonal's with what is behind, newest last, added up.
    pub(super) fn behind<C: Copy, T: Copy + Sum>(
        coefficients: &[C],
        kept: &[T],
        product: impl Fn(C, T) -> T,
    ) -> T {
        coefficients[1..].iter().zip(kept.iter().rev()).map(|(&each, &other)| product(each, other)).sum()
    }
}

/// The first coefficients of (1 − x)^(−1/2): C(2k, k) / 4^k.
fn roots(count: usize) -> Vec<f64> {
    let mut last = 1.0;
    (0..count)
        .map(|place| {
            if place > 0 {
                last *= (2 * place - 1) as f64 / (2 * place) as f64;
            }
            last
        })
        .collect()
}

/// The first coefficients of ((1 − x^W) / (1 − x))^(1/2): those of (1 − x)^(−1/2), times the series of (1 − u)^(1/2) in u = x^W.
fn window_roots(length: usize, count: usize) -> Vec<f64> {
    let prefix = roots(count);
    let mut found = prefix.clone();
    let mut binomial = 1.0;
    for (number, start) in (length..count).step_by(length).enumerate() {
        binomial *= (number as f64 - 0.5) / (number + 1) as f64;
        for (into, from) in found[start..].iter_mut().zip(&prefix) {
            *into += binomial * from;
        }
    }
    found
}
