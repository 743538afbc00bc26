//! Exact statistics of clipped columns, the part of a differentially private answer that comes before its noise.
//!
//! Sums of floats depend on the order of their terms, and so does what one row changes in them: an attacker can learn
//! more from a sum than its sensitivity says (Casacuberta et al., "Widespread underestimation of sensitivity in
//! differentially private libraries and how to fix it", CCS 2022). Here every value is clipped and laid on a fixed grid
//! first; from there on all is whole numbers, and what one row changes is what the grid says, to the last bit.
//!
//! Missing values are NaN and count nowhere.

mod grid;
mod histogram;
mod moments;

#[cfg(test)]
mod tests;

pub use grid::Grid;
pub use histogram::{Outliers, cross_counts, histogram};
pub use moments::{Moments, moments};

use crate::codes::Column;
use crate::grouping::{default_threads, workers::work_off};
use crate::{Error, Monitor};

/// Rows of one task: their whole numbers, below 2^31, add up in 64 bits.
const TASK_ROWS: usize = 1 << 16;

/// Sums over the rows, by all threads; `add` puts the rows of one task into a thread's own sums, `merge` one thread's sums
/// into another's. Whole numbers add up to the same in any order.
fn sum_up<S: Send>(
    rows: usize,
    groups: Option<&Column<'_>>,
    monitor: &Monitor,
    new: impl Fn() -> S + Sync,
    add: impl Fn(&mut S, std::ops::Range<usize>) -> Result<(), Error> + Sync,
    merge: impl Fn(&mut S, S),
) -> Result<S, Error> {
    if let Some(column) = groups
        && column.codes.len() != rows
    {
        return Err(Error::UnequalLengths { attribute: 1, expected: rows, found: column.codes.len() });
    }
    monitor.start(rows as u64);
    let starts: Vec<usize> = (0..rows).step_by(TASK_ROWS).collect();
    let work = |state: &mut S, _, start: usize| {
        monitor.check()?;
        let end = rows.min(start + TASK_ROWS);
        add(state, start..end)?;
        monitor.advance((end - start) as u64);
        Ok(())
    };
    let (_, states) = work_off(default_threads(), starts.into_iter(), |_| new(), work)?;
    let mut states = states.into_iter();
    let mut total = states.next().unwrap_or_else(&new);
    states.for_each(|each| merge(&mut total, each));
    Ok(total)
}

/// The place of a row's group among all of them.
fn place(groups: &Column<'_>, row: usize) -> Result<usize, Error> {
    let code = groups.codes[row];
    if code < groups.cardinality {
        Ok(code as usize)
    } else {
        Err(Error::CodeOutOfRange { attribute: 1, leaves: groups.cardinality })
    }
}
