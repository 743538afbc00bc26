//! Lower bounds of a node's loss, without looking at its classes.
//!
//! * **Free bound.** Without suppression the sum of attribute j at level l is a constant of the table, its *marginal*:
//!   suppressing a row can only add to it. (ARX's precomputed Loss uses the same bound.)
//! * **Floors.** Once node v is checked, every node u below v suppresses at least the rows that v suppresses (models
//!   are monotone, see [`crate::models`]). Each such row adds, at level l, the difference between all leaves of
//!   attribute j and those under the row's value. That sum, for every attribute and level, is the floor of v; it raises
//!   the bound of all u ≤ v. Floors of several nodes combine by the maximum, attribute by attribute.

use super::generalises;
use crate::table::Table;

/// What the rows suppressed at one node add to the sums of every node below it.
pub(crate) struct Floor {
    levels: Vec<u16>,
    /// For every attribute, by level.
    added: Vec<Vec<u64>>,
}

impl Floor {
    /// The floor of a node that suppresses the given tuples.
    pub(crate) fn new(table: &Table, leaves: &[u64], levels: &[u16], tuples: &[u32]) -> Self {
        let counts = table.tuples.counts();
        let rows: u64 = tuples.iter().map(|&tuple| u64::from(counts[tuple as usize])).sum();
        let mut rows_of_code = Vec::new();
        let added = (0..levels.len())
            .map(|j| {
                let (ladder, field) = (&table.ladders[j], table.layout.fields[j]);
                rows_of_code.clear();
                rows_of_code.resize(ladder.present() as usize, 0u64);
                for &tuple in tuples {
                    let code = table.tuples.code(tuple as usize, field);
                    rows_of_code[code as usize] += u64::from(counts[tuple as usize]);
                }
                (0..=levels[j])
                    .map(|level| {
                        let under = ladder.leaves_under(level);
                        let kept: u64 = rows_of_code
                            .iter()
                            .zip(ladder.codes_at(level))
                            .map(|(rows, &code)| rows * u64::from(under[code as usize]))
                            .sum();
                        rows * leaves[j] - kept
                    })
                    .collect()
            })
            .collect();
        Self { levels: levels.to_vec(), added }
    }

    /// Raises the marginal sums of the floor's own node, to what they are: for it the floor is exact.
    pub(crate) fn raise_own(&self, sums: &mut [u64]) {
        for (sum, added) in sums.iter_mut().zip(&self.added) {
            // By level, up to the node's own.
            *sum += added.last().copied().unwrap_or(0);
        }
    }
}

/// All floors known so far.
#[derive(Default)]
pub(crate) struct Floors {
    floors: Vec<Floor>,
}

impl Floors {
    /// Adds a floor.
    pub(crate) fn add(&mut self, floor: Floor) {
        self.floors.push(floor);
    }

    /// Raises the marginal sums of a node by all floors above it.
    pub(crate) fn raise(&self, levels: &[u16], sums: &mut [u64], added: &mut [u64]) {
        added.fill(0);
        for floor in self.floors.iter().filter(|floor| generalises(&floor.levels, levels)) {
            for (j, most) in added.iter_mut().enumerate() {
                *most = (*most).max(floor.added[j][usize::from(levels[j])]);
            }
        }
        for (sum, added) in sums.iter_mut().zip(added) {
            *sum += *added;
        }
    }
}
