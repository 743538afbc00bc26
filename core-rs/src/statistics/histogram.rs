//! How many values fall into each bin.

use super::{place, sum_up};
use crate::codes::Column;
use crate::{Error, Monitor};

/// What happens to values that fall into no bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outliers {
    /// They are left out.
    Drop,
    /// They count in the first or the last bin.
    Clamp,
}

/// Counts by group, and in each group by bin. Bins are half-open, `[a, b)`, the last one closed; without groups there is one
/// of all rows.
pub fn histogram(
    values: &[f64],
    edges: &[f64],
    outliers: Outliers,
    groups: Option<Column<'_>>,
    monitor: &Monitor,
) -> Result<Vec<u64>, Error> {
    let ascending = edges.windows(2).all(|pair| pair[0] < pair[1]);
    let (Some(&first), Some(&last)) = (edges.first(), edges.last()) else {
        return Err(Error::InvalidEdges);
    };
    if edges.len() < 2 || !ascending || !first.is_finite() || !last.is_finite() {
        return Err(Error::InvalidEdges);
    }
    let bins = edges.len() - 1;
    // Where the bins have one width, as mostly, this is the bin; the edges themselves decide.
    let per_unit = bins as f64 / (last - first);
    let bin_of = |value: f64| {
        let value = match outliers {
            _ if value.is_nan() => return None,
            Outliers::Clamp => value.clamp(first, last),
            Outliers::Drop if value < first || value > last => return None,
            Outliers::Drop => value,
        };
        let guess = (((value - first) * per_unit) as usize).min(bins - 1);
        if edges[guess] <= value && (value < edges[guess + 1] || guess + 1 == bins) {
            return Some(guess);
        }
        Some(edges.partition_point(|&edge| edge <= value).clamp(1, bins) - 1)
    };
    let count = bins * groups.map_or(1, |column| column.cardinality as usize);
    let add = |into: &mut Vec<u64>, rows: std::ops::Range<usize>| {
        rows.into_iter().try_for_each(|row| {
            let group = groups.as_ref().map_or(Ok(0), |groups| place(groups, row))?;
            if let Some(bin) = bin_of(values[row]) {
                into[group * bins + bin] += 1;
            }
            Ok(())
        })
    };
    sum_up(
        values.len(),
        groups.as_ref(),
        monitor,
        || vec![0; count],
        add,
        |total: &mut Vec<u64>, other| merge(total, &other),
    )
}

/// Counts by group, and in each group by code.
pub fn cross_counts(
    column: Column<'_>,
    groups: Option<Column<'_>>,
    monitor: &Monitor,
) -> Result<Vec<u64>, Error> {
    let bins = column.cardinality as usize;
    let count = bins * groups.map_or(1, |column| column.cardinality as usize);
    let add = |into: &mut Vec<u64>, rows: std::ops::Range<usize>| {
        rows.into_iter().try_for_each(|row| {
            let group = groups.as_ref().map_or(Ok(0), |groups| place(groups, row))?;
            let code = column.codes[row];
            if code >= column.cardinality {
                return Err(Error::CodeOutOfRange { attribute: 0, leaves: column.cardinality });
            }
            into[group * bins + code as usize] += 1;
            Ok(())
        })
    };
    sum_up(
        column.codes.len(),
        groups.as_ref(),
        monitor,
        || vec![0; count],
        add,
        |total: &mut Vec<u64>, other| merge(total, &other),
    )
}

fn merge(total: &mut [u64], other: &[u64]) {
    total.iter_mut().zip(other).for_each(|(mine, more)| *mine += more);
}
