//! `class_histogram` as a Python function.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::buffers::Codes;
use super::monitor::{PyMonitor, or_unwatched};
use crate::Column;

/// The class sizes that equal rows form, as (size, classes of that size) pairs, ascending.
#[pyfunction]
#[pyo3(signature = (columns, cardinalities, monitor=None))]
pub(super) fn class_histogram(
    py: Python<'_>,
    columns: Vec<Codes>,
    cardinalities: Vec<u32>,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Vec<(u64, u64)>> {
    if columns.len() != cardinalities.len() {
        return Err(PyValueError::new_err("there must be one cardinality per column"));
    }
    let monitor = or_unwatched(monitor);
    let columns: Vec<Column<'_>> = columns
        .iter()
        .zip(cardinalities)
        .map(|(codes, cardinality)| Column { codes: codes.as_slice(), cardinality })
        .collect();
    Ok(py.detach(|| crate::class_histogram(&columns, &monitor))?.counts)
}
