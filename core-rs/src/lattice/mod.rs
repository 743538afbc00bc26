//! The generalisation lattice: every choice of one level per attribute.
//!
//! A node is a vector of levels. Node v *generalises* node u when v ≥ u in every attribute; then the classes of v are
//! unions of the classes of u.

mod bounds;
mod candidates;
mod search;
mod sources;
mod states;

pub use search::{Solution, Task, search};

use crate::Error;

/// The most nodes that a lattice may have for an optimal search: a search holds one byte per node.
pub const MAX_NODES: u64 = 1 << 26;

/// The shape of a lattice. Nodes are numbered so that a smaller number is a lexicographically smaller vector.
pub(crate) struct Lattice {
    tops: Vec<u16>,
    strides: Vec<usize>,
    size: usize,
}

impl Lattice {
    /// `tops` holds the highest level of every attribute.
    pub(crate) fn new(tops: Vec<u16>) -> Result<Self, Error> {
        let size = lattice_size(tops.iter().map(|&top| u64::from(top) + 1));
        if size > MAX_NODES {
            return Err(Error::LatticeTooLarge { size });
        }
        let size = size as usize;
        let mut rest = size;
        let strides = tops
            .iter()
            .map(|&top| {
                rest /= usize::from(top) + 1;
                rest
            })
            .collect();
        Ok(Self { tops, strides, size })
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

/// What breaks a tie between equal losses: smaller level sum, then lexicographically smaller vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    level_sum: u32,
    number: usize,
}

impl Rank {
    pub(crate) fn new(lattice: &Lattice, levels: &[u16]) -> Self {
        Self { level_sum: levels.iter().map(|&l| u32::from(l)).sum(), number: lattice.number(levels) }
    }
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
        let lattice = Lattice::new(vec![1, 0, 3, 2]).unwrap();
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
    fn a_lattice_beyond_the_limit_is_refused_with_its_size() {
        assert_eq!(Lattice::new(vec![1; 27]).err(), Some(Error::LatticeTooLarge { size: 1 << 27 }));
        assert_eq!(
            Lattice::new(vec![u16::MAX - 1; 64]).err(),
            Some(Error::LatticeTooLarge { size: u64::MAX })
        );
    }
}
