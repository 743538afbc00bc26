//! Gaussian noise: a factorised workload.

use std::sync::Arc;

use super::bytes::{Reader, Writer};
use super::{FACTOR_BITS, Factor, Running, expect_draws};
use crate::Error;

/// Sums and noise beyond this may not fit 128 bits with the factor's bits on top.
const MOST: u128 = 1 << (126 - FACTOR_BITS);

/// A running sum with noise by a factorised workload, one independent draw of discrete Gaussian noise a step.
///
/// At step t noise is added to y_t = Σ F_k x_(t−k) + Z_t, which is private; from there on all is post-processing: the x̂ with
/// Σ F_k x̂_(t−k) = y_t are the steps' numbers as the noise leaves them, and their sums are released. One row that changes
/// one x by at most Δ shifts y by at most Δ times the factor's length in all, so the draws must have the standard
/// deviation of one release of that sensitivity: in multiples of 2^-20, as the factor is.
///
/// It keeps two numbers for each of the steps that the factor reaches back to.
#[derive(Debug, Clone)]
pub struct Correlated {
    factor: Arc<Factor>,
    steps: u64,
    /// What was taken in and what the noise left of it, oldest first; at least as far back as the factor reaches.
    taken: Vec<i128>,
    left: Vec<f64>,
    /// The sizes of `taken` added up.
    size: u128,
    total: f64,
}

impl Correlated {
    /// An empty one; a prefix's factor says for how many steps.
    pub fn new(factor: Arc<Factor>) -> Self {
        Self { factor, steps: 0, taken: Vec::new(), left: Vec::new(), size: 0, total: 0.0 }
    }

    /// The one that [`Running::to_bytes`] wrote down.
    pub fn from_bytes(factor: Arc<Factor>, bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let (steps, total) = (reader.u64()?, reader.f64()?);
        let count = usize::try_from(reader.u64()?).map_err(|_| Error::DamagedStream)?;
        reader.expect_left(count, 24)?;
        let taken = (0..count).map(|_| reader.i128()).collect::<Result<Vec<_>, _>>()?;
        let left = (0..count).map(|_| reader.f64()).collect::<Result<Vec<_>, _>>()?;
        reader.end()?;
        let size = taken.iter().fold(0u128, |sum, each| sum.saturating_add(each.unsigned_abs()));
        Ok(Self { factor, steps, taken, left, size, total })
    }

    /// The steps that were taken in.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    #[cfg(test)]
    pub(super) fn factor_for_tests(&self) -> &Factor {
        &self.factor
    }

    /// What noise would be added to next: the private part of a step, without its noise.
    pub(super) fn encoded(&self, added: i128) -> i128 {
        let coefficients = self.factor.coefficients();
        let behind = Factor::behind(coefficients, &self.taken, |each, taken| i128::from(each) * taken);
        behind + i128::from(coefficients[0]) * added
    }

    /// Forgets what the factor does not reach back to, now and then.
    fn forget(&mut self) {
        let reach = self.factor.coefficients().len() - 1;
        let spare = self.taken.len().saturating_sub(reach);
        if self.factor.window.is_some() && spare >= reach.max(16) {
            let gone = self.taken.drain(..spare).map(i128::unsigned_abs).sum::<u128>();
            self.left.drain(..spare);
            self.size -= gone;
        }
    }
}

impl Running for Correlated {
    fn draws(&self) -> usize {
        1
    }

    fn step(&mut self, added: i128, noise: &[i128]) -> Result<Option<f64>, Error> {
        expect_draws(1, noise)?;
        if self.factor.window.is_none() && self.steps as usize >= self.factor.coefficients().len() {
            return Err(Error::StreamExhausted);
        }
        let size = self.size.saturating_add(added.unsigned_abs());
        if size > MOST || noise[0].unsigned_abs() > MOST << FACTOR_BITS {
            return Err(Error::StreamOverflow);
        }
        // Coefficients are at most 2^20, so the sum of their products with all numbers, and the noise, fit.
        let noisy = self.encoded(added) + noise[0];
        let behind = Factor::behind(&self.factor.decimals, &self.left, |each, left| each * left);
        let left = (noisy as f64 - behind) / self.factor.decimals[0];
        self.taken.push(added);
        self.left.push(left);
        self.size = size;
        self.steps += 1;
        self.total += left;
        let released = match self.factor.window {
            None => self.total,
            Some(length) => self.left[self.left.len().saturating_sub(length)..].iter().sum(),
        };
        self.forget();
        Ok(Some(released))
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(24 + self.taken.len() * 24);
        writer.u64(self.steps);
        writer.f64(self.total);
        writer.u64(self.taken.len() as u64);
        self.taken.iter().for_each(|&each| writer.i128(each));
        self.left.iter().for_each(|&each| writer.f64(each));
        writer.done()
    }
}
