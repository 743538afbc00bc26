//! The hash of keys, seeded once a process.
//!
//! With constants that anyone can read, anyone could write a table whose keys all fall on one place and make
//! grouping it quadratic. No result depends on the hash: classes are numbered by their first rows.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// The secret of a process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    start: u64,
    /// Odd, so that no bit of a key is lost in the multiplication.
    factor: u64,
    /// Odd, too.
    last_factor: u64,
}

impl Seed {
    /// The seed of this process, drawn from the operating system's randomness by the standard library.
    pub(crate) fn of_process() -> Self {
        static SEED: OnceLock<Seed> = OnceLock::new();
        *SEED.get_or_init(|| {
            let random = RandomState::new();
            let [start, factor, last_factor] = [0u64, 1, 2].map(|number| random.hash_one(number));
            Self { start, factor: factor | 1, last_factor: last_factor | 1 }
        })
    }

    /// A folded multiplication a word (as in wyhash), and one more.
    ///
    /// One alone keeps the steps of an arithmetic progression, which numbered values are, even: with one factor in fifty
    /// they all fall on a few places. What is folded has no even steps any more.
    #[inline]
    pub(crate) fn hash<const W: usize>(self, key: &[u64; W]) -> u64 {
        let hash = key.iter().fold(self.start, |hash, &word| folded(hash ^ word, self.factor));
        folded(hash, self.last_factor)
    }
}

/// The halves of the product, one over the other: both carry every bit of the word, the high one weakly at its bottom,
/// the low one at its top.
#[inline]
fn folded(word: u64, factor: u64) -> u64 {
    let product = u128::from(word) * u128::from(factor);
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_keys_spread_over_high_and_low_bits_whatever_the_seed() {
        let random = RandomState::new();
        for number in 0..2000u64 {
            let [start, factor, last_factor] = [0, 1, 2].map(|part| random.hash_one((number, part)));
            let seed = Seed { start, factor: factor | 1, last_factor: last_factor | 1 };
            for shift in [0, 20, 40, 52] {
                let (mut low, mut high) = ([0u32; 64], [0u32; 64]);
                for i in 0..4096u64 {
                    let hash = seed.hash(&[i << shift]);
                    low[hash as usize & 63] += 1;
                    high[(hash >> 58) as usize] += 1;
                }
                // 64 are expected; a hash that clumps puts hundreds in one place.
                assert!(
                    low.iter().chain(&high).all(|&n| n < 160),
                    "{seed:?}, shift {shift}: {low:?} {high:?}"
                );
            }
        }
    }
}
