//! Exact statistics and noise as Python functions.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::buffers::{Codes, Numbers, bytes};
use super::monitor::{PyMonitor, or_unwatched};
use crate::Column;
use crate::noise::{self, Scale};
use crate::statistics::{self, Grid, Outliers};

/// A grid as it comes from Python: lower and upper bound, origin, exponent of its step.
type RawGrid = (f64, f64, f64, i32);

/// Groups as they come from Python: the code of every row, and the number of codes.
type RawGroups = (Codes, u32);

/// The bounds of a column in steps of its grid.
#[pyfunction]
pub(super) fn grid_ends(grid: RawGrid) -> PyResult<(i64, i64)> {
    Ok(grid_of(grid)?.ends())
}

/// The (count, sum, sum of squares) of every group, in steps of the grid.
#[pyfunction]
#[pyo3(signature = (values, grid, *, squares, groups=None, monitor=None))]
pub(super) fn moments(
    py: Python<'_>,
    values: Numbers<f64>,
    grid: RawGrid,
    squares: bool,
    groups: Option<RawGroups>,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Vec<(u64, i128, u128)>> {
    let monitor = or_unwatched(monitor);
    let (grid, values, groups) = (grid_of(grid)?, values.as_slice(), groups.as_ref().map(column));
    let found = py.detach(|| statistics::moments(values, &grid, squares, groups, &monitor))?;
    let sums = found.sums.into_iter().zip(found.squares);
    Ok(found.counts.into_iter().zip(sums).map(|(count, (sum, square))| (count, sum, square)).collect())
}

/// The number of values in every bin of every group, as native u64.
#[pyfunction]
#[pyo3(signature = (values, edges, *, clamp, groups=None, monitor=None))]
pub(super) fn histogram<'py>(
    py: Python<'py>,
    values: Numbers<f64>,
    edges: Numbers<f64>,
    clamp: bool,
    groups: Option<RawGroups>,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let monitor = or_unwatched(monitor);
    let outliers = if clamp { Outliers::Clamp } else { Outliers::Drop };
    let (values, edges, groups) = (values.as_slice(), edges.as_slice(), groups.as_ref().map(column));
    let counts = py.detach(|| statistics::histogram(values, edges, outliers, groups, &monitor))?;
    bytes(py, &counts, u64::to_ne_bytes)
}

/// The number of rows of every code of every group, as native u64.
#[pyfunction]
#[pyo3(signature = (codes, *, groups=None, monitor=None))]
pub(super) fn cross_counts<'py>(
    py: Python<'py>,
    codes: RawGroups,
    groups: Option<RawGroups>,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let monitor = or_unwatched(monitor);
    let (codes, groups) = (column(&codes), groups.as_ref().map(column));
    let counts = py.detach(|| statistics::cross_counts(codes, groups, &monitor))?;
    bytes(py, &counts, u64::to_ne_bytes)
}

/// Draws of the discrete Laplace distribution with the scale numerator / denominator.
#[pyfunction]
#[pyo3(signature = (scale, count, monitor=None))]
pub(super) fn discrete_laplace(
    py: Python<'_>,
    scale: (u128, u128),
    count: usize,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Vec<i128>> {
    let monitor = or_unwatched(monitor);
    Ok(py.detach(|| noise::discrete_laplace(scale_of(scale), count, &monitor))?)
}

/// Draws of the discrete Gaussian distribution with the scale numerator / denominator.
#[pyfunction]
#[pyo3(signature = (scale, count, monitor=None))]
pub(super) fn discrete_gaussian(
    py: Python<'_>,
    scale: (u128, u128),
    count: usize,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Vec<i128>> {
    let monitor = or_unwatched(monitor);
    Ok(py.detach(|| noise::discrete_gaussian(scale_of(scale), count, &monitor))?)
}

/// The place of one utility, chosen by the exponential mechanism.
#[pyfunction]
pub(super) fn choose(py: Python<'_>, utilities: Numbers<f64>, scale: f64) -> PyResult<usize> {
    let utilities = utilities.as_slice();
    Ok(py.detach(|| noise::choose(utilities, scale))?)
}

fn grid_of((lower, upper, origin, exponent): RawGrid) -> PyResult<Grid> {
    Ok(Grid::new(lower, upper, origin, exponent)?)
}

fn scale_of((numerator, denominator): (u128, u128)) -> Scale {
    Scale { numerator, denominator }
}

fn column((codes, cardinality): &RawGroups) -> Column<'_> {
    Column { codes: codes.as_slice(), cardinality: *cardinality }
}
