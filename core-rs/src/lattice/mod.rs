//! The generalisation lattice: every choice of one level per attribute.
//!
//! A node is a vector of levels. Node v *generalises* node u when v ≥ u in every attribute; then the classes of v are
//! unions of the classes of u.

mod affordable;
mod bounds;
mod boxes;
mod budget;
mod candidates;
mod check;
mod classwise;
mod context;
mod marginal;
mod open;
mod packing;
mod search;
mod sources;
mod states;

pub(crate) use check::{Checked, Checker, Fate, Scratch};
pub use search::{Found, LimitKind, Limits, Task};
pub(crate) use sources::Source;

/// The most nodes of a lattice that are searched one by one: listing more takes longer than a short limit of time allows,
/// and more memory than boxes do.
pub(crate) const MAX_NODES: u64 = 1 << 20;

/// The shape of a lattice of at most [`MAX_NODES`] nodes, numbered so that a smaller number is a lexicographically
/// smaller vector.
pub(crate) struct Lattice {
    tops: Vec<u16>,
    strides: Vec<usize>,
    size: usize,
}

impl Lattice {
    /// `tops` holds the highest level of every attribute; there must be no more than [`MAX_NODES`] nodes.
    pub(crate) fn new(tops: Vec<u16>) -> Self {
        let size = tops.iter().map(|&top| usize::from(top) + 1).product();
        let mut rest = size;
        let strides = tops
            .iter()
            .map(|&top| {
                rest /= usize::from(top) + 1;
                rest
            })
            .collect();
        Self { tops, strides, size }
    }

    /// A lattice of any size, whose nodes have no numbers.
    pub(crate) fn unnumbered(tops: Vec<u16>) -> Self {
        Self { tops, strides: Vec::new(), size: usize::MAX }
    }

    /// The number of nodes.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The highest level of every attribute: the most general node.
    pub(crate) fn tops(&self) -> &[u16] {
        &self.tops
    }

    /// How much a node's number grows with one level of an attribute.
    pub(crate) fn stride(&self, attribute: usize) -> usize {
        self.strides[attribute]
    }

    /// The number of a node.
    pub(crate) fn number(&self, levels: &[u16]) -> usize {
        levels.iter().zip(&self.strides).map(|(&level, stride)| usize::from(level) * stride).sum()
    }

    /// The levels of a node.
    pub(crate) fn levels(&self, mut number: usize, levels: &mut [u16]) {
        for (level, stride) in levels.iter_mut().zip(&self.strides) {
            // Below a top, which is 16 bits.
            *level = (number / stride) as u16;
            number %= stride;
        }
    }
}

/// The number of nodes, saturating.
pub(crate) fn lattice_size(levels: impl Iterator<Item = u64>) -> u64 {
    levels.fold(1, u64::saturating_mul)
}

/// What breaks a tie between equal losses: smaller level sum, then lexicographically smaller vector. Whether the first
/// node wins it.
pub(crate) fn wins_tie(levels: &[u16], other: &[u16]) -> bool {
    let sum = |levels: &[u16]| levels.iter().map(|&l| u32::from(l)).sum::<u32>();
    (sum(levels), levels) < (sum(other), other)
}

/// Whether `general` is at least as high as `specific` everywhere.
pub(crate) fn generalises(general: &[u16], specific: &[u16]) -> bool {
    general.iter().zip(specific).all(|(g, s)| g >= s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_levels_are_inverse_and_lexicographic() {
        let lattice = Lattice::new(vec![1, 0, 3, 2]);
        let mut previous = None;
        for number in 0..lattice.size() {
            let mut levels = vec![0; 4];
            lattice.levels(number, &mut levels);
            assert_eq!(lattice.number(&levels), number);
            assert!(previous < Some(levels.clone()));
            previous = Some(levels);
        }
        assert_eq!(lattice.size(), 24);
    }

    #[test]
    fn ties_go_to_the_smaller_sum_then_to_the_smaller_vector() {
        assert!(wins_tie(&[3, 0], &[0, 4]));
        assert!(wins_tie(&[0, 3], &[1, 2]));
        assert!(!wins_tie(&[1, 2], &[1, 2]));
    }
}
