//! A hierarchy cut down to the values that the data holds, ready to be climbed.
//!
//! Codes of values present are dense at every level, which keeps keys narrow and tables small. What the measures need
//! from the whole hierarchy (leaves under a value) and from the data (rows of a value) is kept beside each code.

use std::sync::OnceLock;

use crate::hierarchy::Hierarchy;

/// One level of a [`Ladder`].
struct Rung {
    /// The dense code, at this level, of every present leaf.
    code_of_leaf: Box<[u32]>,
    /// Leaves of the hierarchy under every dense code.
    leaves_under: Box<[u32]>,
    /// Rows of the table that hold every dense code.
    rows: Box<[u64]>,
    /// Bits that the code of a random row holds.
    entropy: f64,
}

/// The levels of one attribute.
pub(crate) struct Ladder {
    leaves: u32,
    rungs: Vec<Rung>,
    /// Tables from one level's codes to another's, made when first used: `from * levels + to`.
    steps: Box<[OnceLock<Box<[u32]>>]>,
}

impl Ladder {
    /// `present` lists the leaves that occur, ascending, each with its number of rows.
    pub(crate) fn new(hierarchy: &Hierarchy<'_>, present: &[(u32, u64)]) -> Self {
        let levels = hierarchy.levels();
        let mut dense = vec![u32::MAX; hierarchy.leaves() as usize];
        let rungs = (0..levels)
            .map(|level| {
                let all_leaves_under = hierarchy.leaf_counts(level);
                dense.fill(u32::MAX);
                let (mut leaves_under, mut rows_of) = (Vec::new(), Vec::new());
                let code_of_leaf = present
                    .iter()
                    .map(|&(leaf, rows)| {
                        let value = hierarchy.value(level, leaf) as usize;
                        if dense[value] == u32::MAX {
                            dense[value] = leaves_under.len() as u32;
                            leaves_under.push(all_leaves_under[value]);
                            rows_of.push(0);
                        }
                        rows_of[dense[value] as usize] += rows;
                        dense[value]
                    })
                    .collect();
                let entropy = entropy(&rows_of);
                Rung { code_of_leaf, leaves_under: leaves_under.into(), rows: rows_of.into(), entropy }
            })
            .collect();
        Self {
            leaves: hierarchy.leaves(),
            rungs,
            steps: (0..levels * levels).map(|_| OnceLock::new()).collect(),
        }
    }

    /// The leaves of the hierarchy, whether they occur or not.
    pub(crate) fn leaves(&self) -> u32 {
        self.leaves
    }

    /// The number of levels, level 0 included.
    pub(crate) fn levels(&self) -> usize {
        self.rungs.len()
    }

    /// The highest level.
    pub(crate) fn top(&self) -> u16 {
        // A hierarchy has at most u16::MAX levels.
        (self.rungs.len() - 1) as u16
    }

    /// The number of values present at level 0.
    pub(crate) fn present(&self) -> u32 {
        self.codes(0)
    }

    /// The number of values present at a level.
    pub(crate) fn codes(&self, level: u16) -> u32 {
        self.leaves_under(level).len() as u32
    }

    /// Rows of the table that hold every code of a level.
    pub(crate) fn rows(&self, level: u16) -> &[u64] {
        &self.rungs[usize::from(level)].rows
    }

    /// Leaves under every code of a level.
    pub(crate) fn leaves_under(&self, level: u16) -> &[u32] {
        &self.rungs[usize::from(level)].leaves_under
    }

    /// Bits that the code of a random row holds at a level.
    pub(crate) fn entropy(&self, level: u16) -> f64 {
        self.rungs[usize::from(level)].entropy
    }

    /// The code at a level of every code of level 0.
    pub(crate) fn codes_at(&self, level: u16) -> &[u32] {
        &self.rungs[usize::from(level)].code_of_leaf
    }

    /// The code at level `to` of every code at level `from` ≤ `to`.
    pub(crate) fn step(&self, from: u16, to: u16) -> &[u32] {
        self.steps[usize::from(from) * self.levels() + usize::from(to)].get_or_init(|| {
            let mut table = vec![0; self.leaves_under(from).len()];
            for (&low, &high) in self.codes_at(from).iter().zip(self.codes_at(to)) {
                table[low as usize] = high;
            }
            table.into()
        })
    }
}

/// Bits of what is distributed like this.
fn entropy(rows: &[u64]) -> f64 {
    let all = rows.iter().sum::<u64>() as f64;
    rows.iter()
        .map(|&rows| rows as f64 / all)
        .filter(|&share| share > 0.0)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_present_values_get_codes_but_all_leaves_count() {
        let hierarchy = Hierarchy::new(0, 5, vec![&[3, 3, 3, 1, 1], &[0, 0, 0, 0, 0]]).unwrap();
        let ladder = Ladder::new(&hierarchy, &[(1, 10), (3, 2), (4, 1)]);
        assert_eq!(ladder.present(), 3);
        assert_eq!(ladder.leaves_under(1), [3, 2]);
        assert_eq!(ladder.codes_at(1), [0, 1, 1]);
        assert_eq!(ladder.step(1, 2), [0, 0]);
        assert_eq!([0, 1, 2].map(|level| ladder.rows(level)), [&[10, 2, 1][..], &[10, 3], &[13]]);
    }
}
