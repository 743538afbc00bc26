//! How many classes there are of each size, counted without a list of the classes.

use crate::ClassHistogram;

/// Sizes below this are counted in place; larger ones are listed. There are few of those: their classes hold at
/// least so many rows each.
const SMALL: usize = 4096;

pub(super) struct Sizes {
    small: Vec<u64>,
    large: Vec<u32>,
}

impl Sizes {
    pub(super) fn new() -> Self {
        Self { small: vec![0; SMALL], large: Vec::new() }
    }

    /// Counts classes of these sizes.
    pub(super) fn add(&mut self, sizes: &[u32]) {
        for &size in sizes {
            match self.small.get_mut(size as usize) {
                Some(count) => *count += 1,
                None => self.large.push(size),
            }
        }
    }

    /// Adds what another one counted.
    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.small.iter_mut().zip(&other.small) {
            *count += more;
        }
        self.large.extend_from_slice(&other.large);
    }

    pub(super) fn histogram(mut self) -> ClassHistogram {
        self.large.sort_unstable();
        let small = self.small.iter().enumerate().map(|(size, &count)| (size as u64, count));
        let large = self.large.chunk_by(|a, b| a == b).map(|run| (u64::from(run[0]), run.len() as u64));
        ClassHistogram { counts: small.filter(|&(_, count)| count > 0).chain(large).collect() }
    }
}
