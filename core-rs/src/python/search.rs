//! `search` as a Python function.

use std::time::Instant;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::buffers::Codes;
use super::monitor::{PyMonitor, or_unwatched};
use crate::models::{Models, Spec};
use crate::{Aggregate, Attribute, Error, Hierarchy, Monitor, Solution, Task};

/// One attribute as it comes from Python: codes of the rows, maps of the levels from 1 on, number of leaves.
type RawAttribute = (Codes, Vec<Codes>, u32);

/// The same, borrowed.
type Slices<'a> = (&'a [u32], Vec<&'a [u32]>, u32);

/// The best node and what it does to the table.
#[pyclass(name = "Solution", module = "shoal._core", frozen)]
pub(super) struct PySolution {
    solution: Solution,
    seconds: f64,
}

#[pymethods]
impl PySolution {
    /// The level of every attribute.
    #[getter]
    fn levels(&self) -> Vec<u16> {
        self.solution.levels.clone()
    }

    /// The aggregated loss.
    #[getter]
    fn loss(&self) -> f64 {
        self.solution.loss
    }

    /// The loss of every attribute, unweighted.
    #[getter]
    fn attribute_losses(&self) -> Vec<f64> {
        self.solution.attribute_losses.clone()
    }

    /// Rows suppressed.
    #[getter]
    fn suppressed(&self) -> u64 {
        self.solution.suppressed
    }

    /// Nodes whose classes were computed.
    #[getter]
    fn checked(&self) -> u64 {
        self.solution.checked
    }

    /// Nodes of the lattice.
    #[getter]
    fn lattice_size(&self) -> u64 {
        self.solution.lattice_size
    }

    /// Seconds inside the kernel.
    #[getter]
    fn seconds(&self) -> f64 {
        self.seconds
    }

    /// One byte per row: 1 released, 0 suppressed.
    #[getter]
    fn kept<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.solution.kept)
    }

    /// Class sizes of the input as (size, classes) pairs, ascending.
    #[getter]
    fn before(&self) -> Vec<(u64, u64)> {
        self.solution.before.counts.clone()
    }

    /// Class sizes of the released rows as (size, classes) pairs, ascending.
    #[getter]
    fn after(&self) -> Vec<(u64, u64)> {
        self.solution.after.counts.clone()
    }
}

/// Finds the k-anonymous node with the least loss.
#[pyfunction]
#[pyo3(signature = (attributes, *, k, suppression_limit, weights, aggregate, monitor=None))]
pub(super) fn search(
    py: Python<'_>,
    attributes: Vec<RawAttribute>,
    k: u64,
    suppression_limit: u64,
    weights: Vec<f64>,
    aggregate: &str,
    monitor: Option<&Bound<'_, PyMonitor>>,
) -> PyResult<PySolution> {
    let aggregate = match aggregate {
        "GEOMETRIC_MEAN" => Aggregate::GeometricMean,
        "ARITHMETIC_MEAN" => Aggregate::ArithmeticMean,
        "MAXIMUM" => Aggregate::Maximum,
        _ => {
            return Err(PyValueError::new_err(
                "aggregate is none of GEOMETRIC_MEAN, ARITHMETIC_MEAN, MAXIMUM",
            ));
        }
    };
    let monitor = or_unwatched(monitor);
    let raw: Vec<Slices<'_>> = attributes
        .iter()
        .map(|(codes, maps, leaves)| (codes.as_slice(), maps.iter().map(Codes::as_slice).collect(), *leaves))
        .collect();
    let (solution, seconds) = py.detach(|| {
        let start = Instant::now();
        let solution = run(raw, k, suppression_limit, &weights, aggregate, &monitor)?;
        Ok::<_, Error>((solution, start.elapsed().as_secs_f64()))
    })?;
    Ok(PySolution { solution, seconds })
}

fn run(
    raw: Vec<Slices<'_>>,
    k: u64,
    suppression_limit: u64,
    weights: &[f64],
    aggregate: Aggregate,
    monitor: &Monitor,
) -> Result<Solution, Error> {
    let attributes = raw
        .into_iter()
        .enumerate()
        .map(|(attribute, (codes, maps, leaves))| {
            Ok(Attribute { codes, hierarchy: Hierarchy::new(attribute, leaves, maps)? })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let models = Models::bind(&[Spec::KAnonymity { k }], &[], false)?;
    crate::search(
        &Task { attributes: &attributes, models: &models, suppression_limit, weights, aggregate },
        monitor,
    )
}
