//! Lower bounds of a node's loss, without looking at its classes.
//!
//! * **Free bound.** Without suppression the sum of attribute j at level l is a constant of the table, its *marginal*:
//!   suppressing a row can only add to it. (ARX's precomputed Loss uses the same bound.)
//! * **Floors.** Once node v is checked, every node u below v suppresses at least the rows in the hopeless classes of v
//!   (see [`crate::models`]). Each such row adds, at level l, its extra (see [`crate::costs`]). That sum, for every
//!   attribute and level, is the floor of v; it raises the bound of all u ≤ v. Floors of several nodes combine by the
//!   maximum, attribute by attribute.

use std::sync::{PoisonError, RwLock};

use super::packing::Packing;
use crate::costs::Costs;
use crate::table::Table;

/// What the rows that are hopeless at one node add to the sums of every node below it.
pub(super) struct Floor {
    node: Vec<u64>,
    /// For every attribute, by level.
    pub(super) added: Vec<Vec<u64>>,
}

impl Floor {
    pub(super) fn new(
        table: &Table,
        costs: &Costs,
        packing: &Packing,
        levels: &[u16],
        tuples: &[u32],
    ) -> Self {
        let counts = table.tuples.counts();
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
                        let extras = costs.extras(j, level);
                        rows_of_code
                            .iter()
                            .zip(ladder.codes_at(level))
                            .map(|(rows, &code)| rows * extras[code as usize])
                            .sum()
                    })
                    .collect()
            })
            .collect();
        Self { node: packing.pack(levels), added }
    }
}

/// All floors known so far; threads share them.
pub(crate) struct Floors {
    packing: Packing,
    floors: RwLock<Vec<Floor>>,
}

impl Floors {
    pub(crate) fn new(packing: Packing) -> Self {
        Self { packing, floors: RwLock::default() }
    }

    /// Adds the floor of a node at which the given tuples are hopeless.
    pub(crate) fn add(&self, table: &Table, costs: &Costs, levels: &[u16], tuples: &[u32]) {
        let floor = Floor::new(table, costs, &self.packing, levels, tuples);
        self.floors.write().unwrap_or_else(PoisonError::into_inner).push(floor);
    }

    /// Raises the marginal sums of a node by all floors above it.
    pub(crate) fn raise(&self, levels: &[u16], sums: &mut [u64], added: &mut [u64]) {
        added.fill(0);
        let node = self.packing.pack(levels);
        let floors = self.floors.read().unwrap_or_else(PoisonError::into_inner);
        for floor in floors.iter().filter(|floor| self.packing.generalises(&floor.node, &node)) {
            for (j, most) in added.iter_mut().enumerate() {
                *most = (*most).max(floor.added[j][usize::from(levels[j])]);
            }
        }
        for (sum, added) in sums.iter_mut().zip(added) {
            *sum += *added;
        }
    }
}
