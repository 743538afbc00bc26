//! The records of a partitioning, kept so that every class is a range of neighbours.

use std::ops::Range;

use crate::{Error, Monitor};

/// Places that are handled between two looks at the monitor: well below a millisecond's work.
pub(super) const CHUNK: usize = 1 << 16;

/// Columns of codes, rearranged in place as classes are cut.
pub(super) struct Rows {
    /// The record at every place.
    pub(super) records: Vec<u32>,
    /// Per attribute, the code (or rank) at every place.
    pub(super) columns: Vec<Vec<u32>>,
    /// Per sensitive column, the code at every place.
    pub(super) sensitive: Vec<Vec<u32>>,
    spare: Vec<u32>,
}

impl Rows {
    pub(super) fn new(columns: Vec<Vec<u32>>, sensitive: Vec<Vec<u32>>) -> Self {
        let rows = columns.first().map_or(0, Vec::len);
        // At most `MAX_ROWS`, which is 32 bits wide.
        let records = (0..rows as u32).collect();
        Self { records, columns, sensitive, spare: vec![0; rows] }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The smallest and the largest code of an attribute in a range that is not empty.
    pub(super) fn bounds(
        &self,
        attribute: usize,
        range: Range<usize>,
        monitor: &Monitor,
    ) -> Result<(u32, u32), Error> {
        let (mut low, mut high) = (u32::MAX, 0);
        for chunk in self.columns[attribute][range].chunks(CHUNK) {
            monitor.check()?;
            for &code in chunk {
                low = low.min(code);
                high = high.max(code);
            }
        }
        Ok((low, high))
    }

    /// Brings the places of every part together, in the order of the parts; within a part they keep theirs. `parts` has
    /// the part of every place of the range, `sizes` how many places each part has.
    pub(super) fn arrange(
        &mut self,
        range: Range<usize>,
        parts: &[u32],
        sizes: &[usize],
        monitor: &Monitor,
    ) -> Result<(), Error> {
        let mut ends: Vec<usize> = Vec::with_capacity(sizes.len());
        let spare = &mut self.spare[..range.len()];
        let columns = self.columns.iter_mut().chain(&mut self.sensitive);
        for column in std::iter::once(&mut self.records).chain(columns) {
            ends.clear();
            ends.extend(sizes.iter().scan(0, |end, size| {
                *end += size;
                Some(*end - size)
            }));
            let column = &mut column[range.clone()];
            for (codes, parts) in column.chunks(CHUNK).zip(parts.chunks(CHUNK)) {
                monitor.check()?;
                for (&code, &part) in codes.iter().zip(parts) {
                    let end = &mut ends[part as usize];
                    spare[*end] = code;
                    *end += 1;
                }
            }
            column.copy_from_slice(spare);
        }
        Ok(())
    }
}
