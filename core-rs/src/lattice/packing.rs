//! Nodes as numbers that compare all levels at once.
//!
//! Every attribute owns a field of bits, wide enough for its highest level, with one more bit above it, its *guard*. Take
//! the fields of one node from those of another with all guards set: a guard that is gone says that there the second
//! node was lower. One subtraction thus answers whether a node generalises another.

/// Where in a word the level of each attribute stands.
///
/// A lattice of at most 2^26 nodes has nodes of one word: a field with its guard has at most twice as many bits as the
/// logarithm of its levels, and none for a single level, so all of them have at most 52.
#[derive(Debug, Clone)]
pub(crate) struct Packing {
    /// Word and lowest bit of every attribute.
    fields: Vec<(usize, u32)>,
    /// The guards of every word.
    guards: Vec<u64>,
    /// Bits of every attribute's level.
    bits: Vec<u32>,
}

impl Packing {
    /// `tops` holds the highest level of every attribute.
    pub(crate) fn new(tops: &[u16]) -> Self {
        let (mut guards, mut used) = (vec![0u64], 0);
        let bits: Vec<u32> = tops.iter().map(|top| u16::BITS - top.leading_zeros()).collect();
        let fields = bits
            .iter()
            .map(|&bits| {
                if bits == 0 {
                    // A single level is never lower than another.
                    return (0, 0);
                }
                if used + bits + 1 > u64::BITS {
                    guards.push(0);
                    used = 0;
                }
                let (word, shift) = (guards.len() - 1, used);
                guards[word] |= 1 << (shift + bits);
                used += bits + 1;
                (word, shift)
            })
            .collect();
        Self { fields, guards, bits }
    }

    /// The node of these levels.
    pub(crate) fn pack(&self, levels: &[u16]) -> Vec<u64> {
        let mut words = vec![0; self.guards.len()];
        for (&level, &(word, shift)) in levels.iter().zip(&self.fields) {
            words[word] |= u64::from(level) << shift;
        }
        words
    }

    /// The levels of a packed node.
    pub(crate) fn unpack(&self, node: &[u64], levels: &mut [u16]) {
        for ((level, &(word, shift)), &bits) in levels.iter_mut().zip(&self.fields).zip(&self.bits) {
            // At most the 16 bits that were packed.
            *level = ((node[word] >> shift) & ((1 << bits) - 1)) as u16;
        }
    }

    /// Words of a packed node.
    pub(crate) fn words(&self) -> usize {
        self.guards.len()
    }

    /// Whether `general` is at least as high as `specific` everywhere.
    #[inline]
    pub(crate) fn generalises(&self, general: &[u64], specific: &[u64]) -> bool {
        general
            .iter()
            .zip(specific)
            .zip(&self.guards)
            .all(|((general, specific), guards)| ((general | guards) - specific) & guards == *guards)
    }

    /// Of nodes of one word: the guards where `one` is lower than `other`.
    #[inline]
    pub(crate) fn lower(&self, one: u64, other: u64) -> u64 {
        !((one | self.guards[0]) - other) & self.guards[0]
    }

    /// What one level of an attribute adds to a node of one word.
    pub(crate) fn step(&self, attribute: usize) -> u64 {
        1 << self.fields[attribute].1
    }

    /// An attribute's guard, in a node of one word; none for a single level.
    pub(crate) fn guard(&self, attribute: usize) -> u64 {
        match self.bits[attribute] {
            0 => 0,
            bits => 1 << (self.fields[attribute].1 + bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Lattice, generalises};

    #[test]
    fn packed_nodes_compare_as_their_levels_do() {
        for tops in [vec![2, 0, 3, 1, 1], vec![1; 8]] {
            let (lattice, packing) = (Lattice::new(tops.clone()), Packing::new(&tops));
            assert_eq!(packing.guards.len(), 1);
            let levels = |number| {
                let mut levels = vec![0; tops.len()];
                lattice.levels(number, &mut levels);
                levels
            };
            for a in 0..lattice.size() {
                for b in 0..lattice.size() {
                    let (one, other) = (levels(a), levels(b));
                    let (packed_one, packed_other) = (packing.pack(&one), packing.pack(&other));
                    assert_eq!(packing.generalises(&packed_one, &packed_other), generalises(&one, &other));
                    let lower = packing.lower(packed_one[0], packed_other[0]);
                    for j in 0..tops.len() {
                        assert_eq!(lower & packing.guard(j) != 0, one[j] < other[j]);
                    }
                }
            }
        }
    }

    #[test]
    fn many_attributes_take_several_words() {
        let packing = Packing::new(&[u16::MAX - 1; 64]);
        // Three fields of 16 bits and their guards to a word.
        assert_eq!(packing.guards.len(), 22);
        let (mut high, low) = (vec![7; 64], vec![7; 64]);
        assert!(packing.generalises(&packing.pack(&high), &packing.pack(&low)));
        high[63] = 6;
        assert!(!packing.generalises(&packing.pack(&high), &packing.pack(&low)));
        assert!(packing.generalises(&packing.pack(&low), &packing.pack(&high)));
    }

    #[test]
    fn the_largest_lattices_fit_one_word() {
        for tops in [vec![1; 26], vec![2; 16], vec![4; 11], vec![8; 8], vec![u16::MAX - 1, 1023]] {
            assert_eq!(Packing::new(&[&tops[..], &[0; 38]].concat()).guards.len(), 1, "{tops:?}");
        }
    }
}
