//! Counts, sums and sums of squares.

use super::{Grid, place, sum_up};
use crate::codes::Column;
use crate::{Error, Monitor};

/// The moments of a column's values in steps of its grid, one entry a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    /// How many values there are, the missing ones left out.
    pub counts: Vec<u64>,
    /// Their sums.
    pub sums: Vec<i128>,
    /// The sums of their squares; 0 unless asked for.
    pub squares: Vec<u128>,
}

impl Moments {
    pub(super) fn new(groups: usize) -> Self {
        Self { counts: vec![0; groups], sums: vec![0; groups], squares: vec![0; groups] }
    }

    fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, more)| *mine += more);
        self.sums.iter_mut().zip(&other.sums).for_each(|(mine, more)| *mine += more);
        self.squares.iter_mut().zip(&other.squares).for_each(|(mine, more)| *mine += more);
    }
}

/// Clips values, lays them on the grid and adds them up by group; without groups there is one of all rows.
///
/// The result does not depend on the order of the rows nor on the number of threads.
pub fn moments(
    values: &[f64],
    grid: &Grid,
    squares: bool,
    groups: Option<Column<'_>>,
    monitor: &Monitor,
) -> Result<Moments, Error> {
    let count = groups.map_or(1, |column| column.cardinality as usize);
    let add = |into: &mut Moments, rows: std::ops::Range<usize>| match groups {
        None => {
            add_all(into, &values[rows], grid, squares);
            Ok(())
        }
        Some(groups) => rows.into_iter().try_for_each(|row| {
            let (value, group) = (values[row], place(&groups, row)?);
            if !value.is_nan() {
                let steps = grid.steps(value);
                into.counts[group] += 1;
                into.sums[group] += i128::from(steps);
                into.squares[group] += u128::from((steps * steps).unsigned_abs());
            }
            Ok(())
        }),
    };
    let merge = |total: &mut Moments, other: Moments| total.merge(&other);
    let mut found = sum_up(values.len(), groups.as_ref(), monitor, || Moments::new(count), add, merge)?;
    if !squares {
        found.squares.fill(0);
    }
    Ok(found)
}

/// Adds the rows of one task, at most [`super::TASK_ROWS`]: their sum fits 64 bits, and plain loops over it are compiled to
/// vector instructions.
fn add_all(into: &mut Moments, values: &[f64], grid: &Grid, squares: bool) {
    let (mut count, mut sum) = (0u64, 0i64);
    for &value in values {
        let known = !value.is_nan();
        count += u64::from(known);
        sum += if known { grid.steps(value) } else { 0 };
    }
    into.counts[0] += count;
    into.sums[0] += i128::from(sum);
    if squares {
        for &value in values {
            let steps = if value.is_nan() { 0 } else { grid.steps(value) };
            into.squares[0] += u128::from((steps * steps).unsigned_abs());
        }
    }
}
