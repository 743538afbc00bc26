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
}

impl Seed {
    /// The seed of this process, drawn from the operating system's randomness by the standard library.
    pub(crate) fn of_process() -> Self {
        static SEED: OnceLock<Seed> = OnceLock::new();
        *SEED.get_or_init(|| {
            let random = RandomState::new();
            Self { start: random.hash_one(0u64), factor: random.hash_one(1u64) | 1 }
        })
    }

    /// A folded multiplication a word (as in wyhash): the high and the low half of the product both carry every bit
    /// of the word, one weakly at its bottom, the other at its top.
    #[inline]
    pub(crate) fn hash<const W: usize>(self, key: &[u64; W]) -> u64 {
        let mut hash = self.start;
        for &word in key {
            let product = u128::from(hash ^ word) * u128::from(self.factor);
            hash = (product >> 64) as u64 ^ product as u64;
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_keys_spread_over_high_and_low_bits() {
        let seed = Seed::of_process();
        for shift in [0, 20, 40, 52] {
            let (mut low, mut high) = ([0u32; 64], [0u32; 64]);
            for i in 0..4096u64 {
                let hash = seed.hash(&[i << shift]);
                low[hash as usize & 63] += 1;
                high[(hash >> 58) as usize] += 1;
            }
            // 64 are expected; a hash that clumps puts hundreds in one place.
            assert!(low.iter().chain(&high).all(|&n| n < 256), "shift {shift}: {low:?} {high:?}");
        }
    }
}
