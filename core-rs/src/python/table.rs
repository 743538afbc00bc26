//! A prepared table as a Python object.

use std::time::{Duration, Instant};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::buffers::{Codes, Numbers};
use super::errors::CoreError;
use super::models::{RawModel, RawObjective, objective, specs};
use super::monitor::{PyMonitor, or_unwatched};
use super::results::{PyFound, PyRelease, RawEvaluation, evaluation};
use crate::{Attribute, Error, Hierarchy, Limits, Monitor, Population, SensitiveColumn, Table, Task};

/// One attribute as it comes from Python: codes of the records, maps of the levels from 1 on, number of leaves.
type RawAttribute = (Codes, Vec<Codes>, u32);

/// The same, borrowed.
type Slices<'a> = (&'a [u32], Vec<&'a [u32]>, u32);

/// One sensitive column: codes of the records, number of values, reference, positions, maps of the levels from 1 on.
type RawSensitive = (Codes, u32, Option<Numbers<u64>>, Option<Numbers<u64>>, Vec<Codes>);

/// The limits of a search: seconds, nodes, bytes, threads.
type RawLimits = (Option<f64>, Option<u64>, u64, usize);

/// What a table is made of, borrowed.
struct Parts<'a> {
    attributes: Vec<Slices<'a>>,
    sensitive: Vec<SensitiveColumn<'a>>,
    population: Option<Population<'a>>,
    counts: Option<&'a [u32]>,
}

impl Parts<'_> {
    fn table(self, monitor: &Monitor) -> Result<Table, Error> {
        let attributes = self
            .attributes
            .into_iter()
            .enumerate()
            .map(|(attribute, (codes, maps, leaves))| {
                Ok(Attribute { codes, hierarchy: Hierarchy::new(attribute, leaves, maps)? })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Table::new(&attributes, &self.sensitive, self.population.as_ref(), self.counts, monitor)
    }
}

/// Records prepared once, for any number of searches in any threads.
#[pyclass(name = "Table", module = "shoal._core", frozen)]
pub(super) struct PyTable {
    table: Table,
    seconds: f64,
}

#[pymethods]
impl PyTable {
    /// Reads the buffers once; they may be changed afterwards.
    #[new]
    #[pyo3(signature = (attributes, sensitive, population=None, population_counts=None, counts=None, monitor=None))]
    fn new(
        py: Python<'_>,
        attributes: Vec<RawAttribute>,
        sensitive: Vec<RawSensitive>,
        population: Option<Vec<Codes>>,
        population_counts: Option<Codes>,
        counts: Option<Codes>,
        monitor: Option<&Bound<'_, PyMonitor>>,
    ) -> PyResult<Self> {
        if population.is_none() && population_counts.is_some() {
            return Err(CoreError::new_err("counts of a population were given without a population"));
        }
        let monitor = or_unwatched(monitor);
        let parts = Parts {
            attributes: attributes
                .iter()
                .map(|(codes, maps, leaves)| (codes.as_slice(), slices(maps), *leaves))
                .collect(),
            sensitive: sensitive
                .iter()
                .map(|(codes, values, reference, positions, maps)| SensitiveColumn {
                    codes: codes.as_slice(),
                    values: *values,
                    reference: reference.as_ref().map(Numbers::as_slice),
                    positions: positions.as_ref().map(Numbers::as_slice),
                    generalizations: slices(maps),
                })
                .collect(),
            population: population.as_ref().map(|codes| Population {
                codes: slices(codes),
                counts: population_counts.as_ref().map(Codes::as_slice),
            }),
            counts: counts.as_ref().map(Codes::as_slice),
        };
        let (table, seconds) = py.detach(|| {
            let start = Instant::now();
            let table = parts.table(&monitor)?;
            Ok::<_, Error>((table, start.elapsed().as_secs_f64()))
        })?;
        Ok(Self { table, seconds })
    }

    /// Rows that the records stand for.
    #[getter]
    fn rows(&self) -> u64 {
        self.table.rows()
    }

    /// Records.
    #[getter]
    fn records(&self) -> usize {
        self.table.records()
    }

    /// Distinct tuples.
    #[getter]
    fn tuples(&self) -> usize {
        self.table.tuples()
    }

    /// Nodes of the lattice, at most 2**64 - 1.
    #[getter]
    fn lattice_size(&self) -> u64 {
        self.table.lattice_size()
    }

    /// Seconds of the preparation.
    #[getter]
    fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Finds the node with the least loss; in the way that lattices of any size are searched if `boxes` says so.
    #[pyo3(signature = (models, suppression_limit, objective, limits, anytime, monitor=None, boxes=false))]
    #[allow(clippy::too_many_arguments)] // Python's view of them is a keyword each
    fn search(
        &self,
        py: Python<'_>,
        models: Vec<RawModel>,
        suppression_limit: u64,
        objective: RawObjective,
        limits: RawLimits,
        anytime: bool,
        monitor: Option<&Bound<'_, PyMonitor>>,
        boxes: bool,
    ) -> PyResult<PyFound> {
        let monitor = or_unwatched(monitor);
        let (models, objective) = (specs(&models)?, self::objective(objective)?);
        let (seconds, nodes, memory, threads) = limits;
        let limits = Limits { seconds: seconds.map(duration).transpose()?, nodes, memory, threads };
        let task = Task { models: &models, suppression_limit, objective, limits, anytime };
        let search = if boxes { Table::search_boxes } else { Table::search };
        Ok(PyFound(py.detach(|| search(&self.table, &task, &monitor))?))
    }

    /// Measures nodes: (satisfied, suppressed, loss, classes, smallest) each.
    #[pyo3(signature = (nodes, models, suppression_limit, objective, monitor=None))]
    fn evaluate(
        &self,
        py: Python<'_>,
        nodes: Vec<Vec<u16>>,
        models: Vec<RawModel>,
        suppression_limit: u64,
        objective: RawObjective,
        monitor: Option<&Bound<'_, PyMonitor>>,
    ) -> PyResult<Vec<RawEvaluation>> {
        let monitor = or_unwatched(monitor);
        let (models, objective) = (specs(&models)?, self::objective(objective)?);
        let nodes =
            py.detach(|| self.table.evaluate(&nodes, &models, suppression_limit, &objective, &monitor))?;
        Ok(nodes.iter().map(evaluation).collect())
    }

    /// Applies a node to the table.
    #[pyo3(signature = (levels, models, objective, monitor=None))]
    fn release(
        &self,
        py: Python<'_>,
        levels: Vec<u16>,
        models: Vec<RawModel>,
        objective: RawObjective,
        monitor: Option<&Bound<'_, PyMonitor>>,
    ) -> PyResult<PyRelease> {
        let monitor = or_unwatched(monitor);
        let (models, objective) = (specs(&models)?, self::objective(objective)?);
        Ok(PyRelease(py.detach(|| self.table.release(&levels, &models, &objective, &monitor))?))
    }
}

fn slices(buffers: &[Codes]) -> Vec<&[u32]> {
    buffers.iter().map(Codes::as_slice).collect()
}

fn duration(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| PyValueError::new_err("seconds must be at least 0 and finite"))
}
