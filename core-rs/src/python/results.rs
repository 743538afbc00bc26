//! Results as Python objects.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::models::name_of;
use crate::{Evaluation, Found, Release};

/// The best node of a search.
#[pyclass(name = "Found", module = "shoal._core", frozen)]
pub(super) struct PyFound(pub(super) Found);

#[pymethods]
impl PyFound {
    /// The level of every attribute.
    #[getter]
    fn levels(&self) -> Vec<u16> {
        self.0.levels.clone()
    }

    /// The objective's value.
    #[getter]
    fn loss(&self) -> f64 {
        self.0.loss
    }

    /// The loss of every attribute, unweighted.
    #[getter]
    fn attribute_losses(&self) -> Vec<f64> {
        self.0.attribute_losses.clone()
    }

    /// Rows suppressed.
    #[getter]
    fn suppressed(&self) -> u64 {
        self.0.suppressed
    }

    /// Rows of the smallest released class.
    #[getter]
    fn smallest(&self) -> u64 {
        self.0.smallest
    }

    /// Released classes.
    #[getter]
    fn classes(&self) -> u64 {
        self.0.classes
    }

    /// Nodes whose classes were computed.
    #[getter]
    fn checked(&self) -> u64 {
        self.0.checked
    }

    /// Nodes of the lattice, at most 2**64 - 1.
    #[getter]
    fn lattice_size(&self) -> u64 {
        self.0.lattice_size
    }

    /// Proven: no release has less loss.
    #[getter]
    fn lower_bound(&self) -> f64 {
        self.0.lower_bound
    }

    /// The limit that ended the search before it had a proof, or nothing.
    #[getter]
    fn stopped(&self) -> String {
        self.0.stopped.map(|limit| limit.to_string()).unwrap_or_default()
    }

    /// Seconds of the search.
    #[getter]
    fn seconds(&self) -> f64 {
        self.0.elapsed.as_secs_f64()
    }
}

/// satisfied, suppressed, loss, classes, smallest.
pub(super) type RawEvaluation = (bool, u64, f64, u64, u64);

pub(super) fn evaluation(node: &Evaluation) -> RawEvaluation {
    (node.satisfied, node.suppressed, node.loss, node.classes, node.smallest)
}

/// What a node does to a table.
#[pyclass(name = "Release", module = "shoal._core", frozen)]
pub(super) struct PyRelease(pub(super) Release);

#[pymethods]
impl PyRelease {
    /// One byte per record: 1 released, 0 suppressed.
    #[getter]
    fn kept<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.kept)
    }

    /// Four bytes, in the machine's order, per record: the number of its class, all ones when it is suppressed.
    #[getter]
    fn class_of_record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let classes = &self.0.class_of_record;
        PyBytes::new_with(py, classes.len() * size_of::<u32>(), |bytes| {
            for (place, class) in bytes.chunks_exact_mut(size_of::<u32>()).zip(classes) {
                place.copy_from_slice(&class.to_ne_bytes());
            }
            Ok(())
        })
    }

    /// Class sizes of the input as (size, classes) pairs, ascending.
    #[getter]
    fn before(&self) -> Vec<(u64, u64)> {
        self.0.before.counts.clone()
    }

    /// Class sizes of the released rows as (size, classes) pairs, ascending.
    #[getter]
    fn after(&self) -> Vec<(u64, u64)> {
        self.0.after.counts.clone()
    }

    /// (rows, rows of the population) of every released class; empty without a population.
    #[getter]
    fn population_after(&self) -> Vec<(u64, u64)> {
        self.0.population_after.clone()
    }

    /// Rows suppressed.
    #[getter]
    fn suppressed(&self) -> u64 {
        self.0.suppressed
    }

    /// The loss of every attribute, unweighted, under LOSS.
    #[getter]
    fn attribute_losses(&self) -> Vec<f64> {
        self.0.attribute_losses.clone()
    }

    /// (measure, value) of every measure.
    #[getter]
    fn losses(&self) -> Vec<(&'static str, f64)> {
        self.0.losses.iter().map(|&(measure, value)| (name_of(measure), value)).collect()
    }

    /// What each model measures.
    #[getter]
    fn measured(&self) -> Vec<Vec<f64>> {
        self.0.measured.clone()
    }
}
