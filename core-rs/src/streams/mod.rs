//! Sums that are released again and again while rows arrive, for the price of one release.
//!
//! A stream takes one whole number a step, what the step's rows add up to, and releases after every step the sum of all
//! steps so far, or of the last few. Noise drawn anew for every release would cost more with every release. Here the noises
//! of the releases are correlated, so that most of what one release adds the next one takes away again:
//!
//! * [`Correlated`], for Gaussian noise: the workload is factorised into two Toeplitz matrices, each the square root of it
//!   (Fichtenberger, Henzinger and Upadhyay, "Constant matters", ICML 2023, arXiv 2202.11205, section 3; near-optimal in mean
//!   square by Henzinger, Upadhyay and Upadhyay, SODA 2023), the first of them rounded to whole numbers.
//! * [`Tree`], for Laplace noise: noisy sums of nodes of a tree with many branches, added and subtracted (Andersson, Pagh,
//!   Steiner and Torkamani, "Count on your elders", arXiv 2408.07021).
//! * [`Blocks`], for windows that share no steps: each row is in one window, so that one noise a window is enough.
//!
//! All of them are plain state machines over whole numbers. Noise is handed in, drawn by whoever drives them from the
//! distribution and with the scale that the sensitivity here asks for; nothing in this module draws. What one row can change,
//! and the proof that the whole stream is private although rows and questions may depend on earlier releases, are in
//! `docs/streams.md` in the repository's root.

mod blocks;
mod bytes;
mod correlated;
mod factor;
mod nodes;
mod shape;
mod tree;

#[cfg(test)]
mod tests;

pub use blocks::Blocks;
pub use correlated::Correlated;
pub use factor::{FACTOR_BITS, Factor};
pub use shape::Shape;
pub use tree::Tree;

use crate::Error;

/// The most steps of a window.
pub const LONGEST_WINDOW: usize = 1 << 16;

/// The most steps that noise is laid out for.
pub const LONGEST_HORIZON: usize = 1 << 24;

/// A sum that is released again and again.
pub trait Running {
    /// How many draws of noise the next step takes.
    fn draws(&self) -> usize;

    /// Takes in what the next step's rows add up to, and the draws; what is released after it, in the unit of what was taken
    /// in, or nothing as long as there is no release. An error leaves everything as it was.
    fn step(&mut self, added: i128, noise: &[i128]) -> Result<Option<f64>, Error>;

    /// Everything that is needed to go on, noise that is still secret included.
    fn to_bytes(&self) -> Vec<u8>;
}

fn expect_draws(expected: usize, noise: &[i128]) -> Result<(), Error> {
    if noise.len() == expected { Ok(()) } else { Err(Error::NoiseCount { expected, found: noise.len() }) }
}
