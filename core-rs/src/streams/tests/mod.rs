//! Streams against plain readings of their definitions, and the two facts that their privacy rests on: how far one row moves
//! what noise is added to, and that a row moves no release before it came.

mod errors;
mod oracle;
mod privacy;
mod states;

use std::sync::Arc;

use super::*;

/// The same numbers everywhere (splitmix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From −most to most.
    pub(super) fn around(&mut self, most: i128) -> i128 {
        i128::from(self.next()) % (2 * most + 1) - most
    }
}

pub(super) fn prefix(horizon: usize) -> Correlated {
    Correlated::new(Arc::new(Factor::prefix(horizon).unwrap()))
}

pub(super) fn window(length: usize) -> Correlated {
    Correlated::new(Arc::new(Factor::window(length).unwrap()))
}

/// What is released, with the draws that `noise` makes for every step.
pub(super) fn released(
    running: &mut impl Running,
    stream: &[i128],
    mut noise: impl FnMut(usize) -> Vec<i128>,
) -> Vec<Option<f64>> {
    stream
        .iter()
        .map(|&added| {
            let drawn = noise(running.draws());
            running.step(added, &drawn).unwrap()
        })
        .collect()
}

/// Draws of no noise.
pub(super) fn silence(count: usize) -> Vec<i128> {
    vec![0; count]
}
