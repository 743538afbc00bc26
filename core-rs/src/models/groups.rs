//! The equal and the hierarchical ground distance: shortfalls of values and of the values above them.
//!
//! Between distributions over the values of one level, ½ Σ |p − q| = Σ max(0, q − p). The hierarchical distance is the mean
//! of this over the levels below the root (a virtual root if the last level has several values). That equals the sum of
//! Li et al. over inner nodes, (level/height) × min(positive extra, negative extra) of its children: mass that has to cross
//! a node at level l has to change its value at all l levels below, and at each of these it is counted once. With no
//! levels above the values this is the equal distance.

use std::cell::RefCell;

use super::Histogram;
use super::closeness::Piece;
use super::column::Column;

/// Reference rows of values and of the groups above them.
#[derive(Debug)]
pub(super) struct Groups {
    /// Of each value.
    reference: Vec<u64>,
    /// All rows.
    rows: u64,
    /// Levels compared, that of the values included.
    levels: u32,
    /// For each value, its group at each level above, numbered through all levels.
    above: Vec<u32>,
    /// Of each of these groups.
    groups: Vec<u64>,
}

thread_local! {
    /// Rows of each group of a class, all 0 between uses, and the groups that are not.
    static COUNTS: RefCell<(Vec<u64>, Vec<u32>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

impl Groups {
    /// All values are equally far apart.
    pub(super) fn equal(column: &Column<'_>) -> Self {
        Self {
            reference: column.reference.to_vec(),
            rows: column.rows,
            levels: 1,
            above: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// As far apart as the level at which they become one.
    pub(super) fn hierarchical(column: &Column<'_>) -> Self {
        // The root adds nothing: everything is one there.
        let rooted = column.maps.last().is_some_and(|map| map.windows(2).all(|pair| pair[0] == pair[1]));
        let maps = &column.maps[..column.maps.len() - usize::from(rooted)];
        let values = column.reference.len();
        let mut above = vec![0; values * maps.len()];
        let mut groups = Vec::new();
        for (level, map) in maps.iter().enumerate() {
            // Codes are below the number of values; only those that occur get a number.
            let mut numbers = vec![u32::MAX; values];
            for (value, (&code, &count)) in map.iter().zip(column.reference).enumerate() {
                let number = &mut numbers[code as usize];
                if *number == u32::MAX {
                    *number = groups.len() as u32;
                    groups.push(0);
                }
                above[value * maps.len() + level] = *number;
                groups[*number as usize] += count;
            }
        }
        Self {
            reference: column.reference.to_vec(),
            rows: column.rows,
            levels: maps.len() as u32 + 1,
            above,
            groups,
        }
    }

    /// Below 2^79: 2^63 rows, 2^16 levels. Times 2^32 rows of a class below 2^111.
    pub(super) fn unit(&self) -> u128 {
        u128::from(self.rows) * u128::from(self.levels)
    }

    /// See [`super::closeness::Metric::piece`].
    ///
    /// Sets without a row of the class fall short by all of n′ q. So start with the shortfall of everything, n′ × unit, and
    /// take back what the sets of the class have: n′ q where that is met, their rows where it is not.
    pub(super) fn piece(&self, histogram: &Histogram<'_>, kept: u64) -> Piece {
        let values = histogram.values.iter().zip(histogram.counts);
        let mut piece = Piece { slope: self.unit(), constant: 0 };
        for (&value, &count) in values.clone() {
            self.take_back(&mut piece, u64::from(count), self.reference[value as usize], kept);
        }
        let height = self.levels as usize - 1;
        if height == 0 {
            return piece;
        }
        COUNTS.with_borrow_mut(|(counts, touched)| {
            if counts.len() < self.groups.len() {
                counts.resize(self.groups.len(), 0);
            }
            for (&value, &count) in values {
                for &group in &self.above[value as usize * height..][..height] {
                    let rows = &mut counts[group as usize];
                    if *rows == 0 {
                        touched.push(group);
                    }
                    *rows += u64::from(count);
                }
            }
            for group in touched.drain(..) {
                let rows = std::mem::take(&mut counts[group as usize]);
                self.take_back(&mut piece, rows, self.groups[group as usize], kept);
            }
        });
        piece
    }

    fn take_back(&self, piece: &mut Piece, count: u64, reference: u64, kept: u64) {
        let has = u128::from(count) * u128::from(self.rows);
        if has < u128::from(kept) * u128::from(reference) {
            piece.constant += has;
        } else {
            piece.slope -= u128::from(reference);
        }
    }
}
