//! The rows of a search, reduced to their distinct tuples.
//!
//! Everything a search asks about rows, equal rows answer alike; so they are merged once, each tuple with its number
//! of rows, and no later step reads the rows again.

use crate::classes::{Change, Classes, group, roll_up};
use crate::codes::{Column, Layout};
use crate::hierarchy::Hierarchy;
use crate::index::Index;
use crate::ladder::Ladder;
use crate::{Error, Monitor};

/// One quasi-identifier: the leaf of every row, and what the leaves become.
#[derive(Debug, Clone)]
pub struct Attribute<'a> {
    /// The leaf of every row.
    pub codes: &'a [u32],
    /// The hierarchy of the leaves.
    pub hierarchy: Hierarchy<'a>,
}

/// Distinct tuples in dense codes, and the ladders that generalise them.
pub(crate) struct Table {
    pub(crate) tuples: Classes,
    pub(crate) tuple_of_row: Vec<u32>,
    pub(crate) layout: Layout,
    pub(crate) ladders: Vec<Ladder>,
}

impl Table {
    /// Groups the rows of `columns`, the attributes' codes. Rows × leaves of every attribute must have been checked to fit 64 bits.
    pub(crate) fn new(
        attributes: &[Attribute<'_>],
        columns: &[Column<'_>],
        monitor: &Monitor,
    ) -> Result<Self, Error> {
        let by_leaf = Layout::new(columns.iter().map(|column| column.cardinality));
        let mut tuple_of_row = Vec::new();
        let tuples = group(columns, &by_leaf, Some(&mut tuple_of_row), monitor)?;

        let mut ladders = Vec::with_capacity(attributes.len());
        let mut dense = Vec::with_capacity(attributes.len());
        for (attribute, &field) in attributes.iter().zip(&by_leaf.fields) {
            monitor.check()?;
            let mut rows = vec![0u64; attribute.hierarchy.leaves() as usize];
            for (leaf, &count) in tuples.codes(field).zip(tuples.counts()) {
                rows[leaf as usize] += u64::from(count);
            }
            let mut code_of_leaf = vec![0u32; rows.len()];
            let mut present = Vec::new();
            for (leaf, &rows) in rows.iter().enumerate().filter(|(_, rows)| **rows > 0) {
                code_of_leaf[leaf] = present.len() as u32;
                present.push((leaf as u32, rows));
            }
            ladders.push(Ladder::new(&attribute.hierarchy, &present));
            dense.push(code_of_leaf);
        }
        let layout = Layout::new(ladders.iter().map(Ladder::present));
        let tuples = tuples.recoded(&by_leaf, &layout, &dense);
        Ok(Self { tuples, tuple_of_row, layout, ladders })
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> u64 {
        self.tuple_of_row.len() as u64
    }

    /// Rolls the classes of the node `from` up to the node `to`, and tells what became of each class.
    pub(crate) fn roll_up(
        &self,
        source: &Classes,
        from: &[u16],
        to: &[u16],
        index: &mut Index,
        monitor: &Monitor,
    ) -> Result<(Classes, Vec<u32>), Error> {
        let changes: Vec<Change<'_>> = (0..self.ladders.len())
            .filter(|&j| from[j] != to[j])
            .map(|j| Change { field: self.layout.fields[j], table: self.ladders[j].step(from[j], to[j]) })
            .collect();
        roll_up(source, &changes, index, monitor)
    }
}
