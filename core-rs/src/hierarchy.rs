//! Generalization hierarchies: what each leaf becomes at each level.
//!
//! Level 0 is the leaf itself; the map of level l ≥ 1 gives every leaf its value there. Leaves include values that
//! the data does not hold: the loss of a value is its share of *all* leaves (ARX's rule).

use crate::Error;

/// A checked hierarchy: every level maps every leaf, and every level is a coarsening of the one before.
#[derive(Debug, Clone)]
pub struct Hierarchy<'a> {
    leaves: u32,
    maps: Vec<&'a [u32]>,
}

impl<'a> Hierarchy<'a> {
    /// Checks the maps of the levels from 1 on. `attribute` is the position that an error names.
    ///
    /// Codes must be dense, that is below `leaves`. Being *nested* (leaves that share a value share it at every higher
    /// level too) is what makes generalising monotone, and the search's proofs stand on that.
    pub fn new(attribute: usize, leaves: u32, maps: Vec<&'a [u32]>) -> Result<Self, Error> {
        if maps.len() >= usize::from(u16::MAX) {
            return Err(Error::TooManyLevels { attribute, levels: maps.len() + 1 });
        }
        let expected = leaves as usize;
        for (below, map) in maps.iter().enumerate() {
            let level = below + 1;
            if map.len() != expected {
                return Err(Error::LevelLength { attribute, level, expected, found: map.len() });
            }
            if map.iter().any(|&code| code >= leaves) {
                return Err(Error::LevelCodeOutOfRange { attribute, level });
            }
        }
        const UNSEEN: u32 = u32::MAX;
        let mut parent = vec![UNSEEN; expected];
        for (below, pair) in maps.windows(2).enumerate() {
            parent.fill(UNSEEN);
            for (&code, &above) in pair[0].iter().zip(pair[1]) {
                let known = &mut parent[code as usize];
                if *known == UNSEEN {
                    *known = above;
                } else if *known != above {
                    return Err(Error::NotNested { attribute, level: below + 2 });
                }
            }
        }
        Ok(Self { leaves, maps })
    }

    /// The number of leaves.
    pub fn leaves(&self) -> u32 {
        self.leaves
    }

    /// The number of levels, level 0 included.
    pub fn levels(&self) -> usize {
        self.maps.len() + 1
    }

    /// The value of a leaf at a level.
    pub fn value(&self, level: usize, leaf: u32) -> u32 {
        match level.checked_sub(1) {
            None => leaf,
            Some(above) => self.maps[above][leaf as usize],
        }
    }

    /// For every value of a level, how many leaves it covers.
    pub fn leaf_counts(&self, level: usize) -> Vec<u32> {
        match level.checked_sub(1) {
            None => vec![1; self.leaves as usize],
            Some(above) => {
                let mut counts = vec![0; self.leaves as usize];
                for &code in self.maps[above] {
                    counts[code as usize] += 1;
                }
                counts
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_part_again() {
        let maps: Vec<&[u32]> = vec![&[0, 0, 1, 1], &[0, 0, 0, 0], &[0, 1, 0, 1]];
        assert_eq!(Hierarchy::new(3, 4, maps).err(), Some(Error::NotNested { attribute: 3, level: 3 }));
    }

    #[test]
    fn maps_must_cover_every_leaf_with_dense_codes() {
        assert_eq!(
            Hierarchy::new(0, 3, vec![&[0, 0]]).err(),
            Some(Error::LevelLength { attribute: 0, level: 1, expected: 3, found: 2 })
        );
        assert_eq!(
            Hierarchy::new(1, 2, vec![&[0, 1], &[0, 2]]).err(),
            Some(Error::LevelCodeOutOfRange { attribute: 1, level: 2 })
        );
    }

    #[test]
    fn leaf_counts_include_leaves_that_no_row_holds() {
        let hierarchy = Hierarchy::new(0, 4, vec![&[0, 1, 1, 1]]).unwrap();
        assert_eq!(hierarchy.leaf_counts(0), [1, 1, 1, 1]);
        assert_eq!(hierarchy.leaf_counts(1), [1, 3, 0, 0]);
        assert_eq!((hierarchy.value(0, 2), hierarchy.value(1, 2)), (2, 1));
    }
}
