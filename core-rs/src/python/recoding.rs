//! `mondrian` and `mdav` as Python functions.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::buffers::{Codes, Numbers, bytes};
use super::models::{RawModel, specs};
use super::monitor::{PyMonitor, or_unwatched};
use crate::models::{Models, Sensitive, Spec};
use crate::recoding::{Dimension, Partition, Partitioning};
use crate::{Column, Error, Hierarchy, Monitor};

/// One attribute as it comes from Python: codes of the rows, maps of the levels from 1 on, number of values, whether the
/// codes are an order, weight.
type RawDimension = (Codes, Vec<Codes>, u32, bool, f64);

/// One sensitive column: codes of the records, number of values, reference, positions, maps of the levels from 1 on.
type RawSensitive = (Codes, u32, Option<Numbers<u64>>, Option<Numbers<u64>>, Vec<Codes>);

/// An attribute, borrowed.
type DimensionSlices<'a> = (&'a [u32], Vec<&'a [u32]>, u32, bool, f64);

/// A sensitive column without its codes, borrowed: reference, positions, maps.
type SensitiveSlices<'a> = (Option<&'a [u64]>, Option<&'a [u64]>, Vec<&'a [u32]>);

/// A task, borrowed.
struct Parts<'a> {
    dimensions: Vec<DimensionSlices<'a>>,
    columns: Vec<Column<'a>>,
    described: Vec<SensitiveSlices<'a>>,
    specs: Vec<Spec>,
    strict: bool,
}

impl Parts<'_> {
    fn partition(self, monitor: &Monitor) -> Result<Partition, Error> {
        let models = self.bind(monitor)?;
        let dimensions = self
            .dimensions
            .into_iter()
            .enumerate()
            .map(|(attribute, (codes, maps, values, ordered, weight))| {
                let hierarchy = Hierarchy::new(attribute, values, maps)?;
                Ok(Dimension { codes, hierarchy, ordered, weight })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let (sensitive, strict) = (&self.columns, self.strict);
        let task = Partitioning { dimensions: &dimensions, sensitive, models: &models, strict };
        crate::recoding::mondrian(&task, monitor)
    }

    /// Binds the models; a column without a reference is its own.
    fn bind(&self, monitor: &Monitor) -> Result<Models, Error> {
        let mut references = Vec::with_capacity(self.columns.len());
        for (place, (column, (reference, ..))) in self.columns.iter().zip(&self.described).enumerate() {
            monitor.check()?;
            references.push(match reference {
                Some(reference) => reference.to_vec(),
                None => rows_of_values(place, column)?,
            });
        }
        let sensitive: Vec<Sensitive<'_>> = self
            .columns
            .iter()
            .zip(&self.described)
            .zip(&references)
            .map(|((column, (_, positions, maps)), reference)| Sensitive {
                values: column.cardinality,
                reference,
                positions: *positions,
                generalizations: maps.clone(),
            })
            .collect();
        Models::bind(&self.specs, &sensitive, false)
    }
}

fn rows_of_values(place: usize, column: &Column<'_>) -> Result<Vec<u64>, Error> {
    let mut rows = vec![0u64; column.cardinality as usize];
    for &code in column.codes {
        let out_of_range = Error::SensitiveCodeOutOfRange { column: place, values: column.cardinality };
        *rows.get_mut(code as usize).ok_or(out_of_range)? += 1;
    }
    Ok(rows)
}

/// Classes of records, each with a box around its values.
#[pyclass(name = "Partition", module = "shoal._core", frozen)]
pub(super) struct PyPartition(Partition);

#[pymethods]
impl PyPartition {
    /// The number of classes.
    #[getter]
    fn classes(&self) -> usize {
        self.0.classes
    }

    /// The class of every record, as native u32.
    #[getter]
    fn class_of_record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, &self.0.class_of_record, u32::to_ne_bytes)
    }

    /// The smallest code of every class in every attribute, class after class, as native u32.
    #[getter]
    fn lows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, &self.0.lows, u32::to_ne_bytes)
    }

    /// The largest code, likewise.
    #[getter]
    fn highs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, &self.0.highs, u32::to_ne_bytes)
    }

    /// The lowest level at which all codes of the class have one value, likewise, as native u16.
    #[getter]
    fn levels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, &self.0.levels, u16::to_ne_bytes)
    }
}

/// Partitions the records into classes that satisfy the models.
#[pyfunction]
#[pyo3(signature = (attributes, sensitive, models, *, strict, monitor=None))]
pub(super) fn mondrian(
    py: Python<'_>,
    attributes: Vec<RawDimension>,
    sensitive: Vec<RawSensitive>,
    models: Vec<RawModel>,
    strict: bool,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<PyPartition> {
    let monitor = or_unwatched(monitor);
    let parts = Parts {
        dimensions: attributes
            .iter()
            .map(|(codes, maps, values, ordered, weight)| {
                (codes.as_slice(), slices(maps), *values, *ordered, *weight)
            })
            .collect(),
        columns: sensitive
            .iter()
            .map(|(codes, values, ..)| Column { codes: codes.as_slice(), cardinality: *values })
            .collect(),
        described: sensitive
            .iter()
            .map(|(_, _, reference, positions, maps)| {
                let [reference, positions] =
                    [reference, positions].map(|numbers| numbers.as_ref().map(Numbers::as_slice));
                (reference, positions, slices(maps))
            })
            .collect(),
        specs: specs(&models)?,
        strict,
    };
    let partition = py.detach(|| parts.partition(&monitor))?;
    Ok(PyPartition(partition))
}

/// Clusters the records by the distances of their numbers; the class of every record, as native u32.
#[pyfunction]
#[pyo3(signature = (columns, *, k, monitor=None))]
pub(super) fn mdav<'py>(
    py: Python<'py>,
    columns: Vec<Numbers<f64>>,
    k: u64,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let monitor = or_unwatched(monitor);
    let columns: Vec<&[f64]> = columns.iter().map(Numbers::as_slice).collect();
    let class_of_record = py.detach(|| crate::recoding::mdav(&columns, k, &monitor))?;
    bytes(py, &class_of_record, u32::to_ne_bytes)
}

fn slices(buffers: &[Codes]) -> Vec<&[u32]> {
    buffers.iter().map(Codes::as_slice).collect()
}
