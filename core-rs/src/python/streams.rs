//! Streams as a Python class: many series of one kind, a step at a time.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::Error;
use crate::streams::{Blocks, Correlated, Factor, Running, Shape, Tree};

/// How long the noise of a stream is laid out for: (horizon, None), or (None, window).
type RawSpan = (Option<usize>, Option<usize>);

/// The squared length of a Gaussian stream's factor, in multiples of 2^-40.
#[pyfunction]
pub(super) fn factor_squared_length(span: RawSpan) -> PyResult<u128> {
    Ok(factor(span)?.squared_length())
}

/// At least the variance of the noise in the release after a step, for draws of variance 2^40.
#[pyfunction]
pub(super) fn factor_variance(py: Python<'_>, span: RawSpan, step: usize) -> PyResult<f64> {
    Ok(py.detach(|| Ok::<_, Error>(factor(span)?.variance(step)))?)
}

/// The levels of a Laplace stream's tree.
#[pyfunction]
pub(super) fn tree_levels(span: RawSpan) -> PyResult<u32> {
    let shape = match span {
        (Some(horizon), None) => Shape::prefix(horizon),
        (None, Some(length)) => Shape::window(length),
        _ => Err(Error::InvalidStream),
    };
    Ok(shape?.levels)
}

/// How many draws the noise in the release after a step consists of.
#[pyfunction]
pub(super) fn tree_terms(span: RawSpan, step: u64) -> PyResult<usize> {
    Ok(tree(span)?.terms(step))
}

fn factor((horizon, window): RawSpan) -> Result<Factor, Error> {
    match (horizon, window) {
        (Some(horizon), None) => Factor::prefix(horizon),
        (None, Some(length)) => Factor::window(length),
        _ => Err(Error::InvalidStream),
    }
}

fn tree((horizon, window): RawSpan) -> Result<Tree, Error> {
    match (horizon, window) {
        (Some(horizon), None) => Tree::prefix(horizon),
        (None, Some(length)) => Tree::window(length),
        _ => Err(Error::InvalidStream),
    }
}

type Series = Box<dyn Running + Send + Sync>;

/// Series that take the same steps: sums of different things in the same batches.
#[pyclass(name = "Series", module = "shoal._core")]
pub(super) struct PySeries(Vec<Series>);

#[pymethods]
impl PySeries {
    /// Empty series for Gaussian noise, or those of the states.
    #[staticmethod]
    #[pyo3(signature = (span, count, states=None))]
    fn gaussian(span: RawSpan, count: usize, states: Option<Vec<Vec<u8>>>) -> PyResult<Self> {
        let factor = Arc::new(factor(span)?);
        Self::made(count, states, |state| {
            let factor = Arc::clone(&factor);
            Ok(match state {
                None => Box::new(Correlated::new(factor)),
                Some(bytes) => Box::new(Correlated::from_bytes(factor, bytes)?),
            })
        })
    }

    /// Empty series for Laplace noise, or those of the states.
    #[staticmethod]
    #[pyo3(signature = (span, count, states=None))]
    fn laplace(span: RawSpan, count: usize, states: Option<Vec<Vec<u8>>>) -> PyResult<Self> {
        let empty = tree(span)?;
        Self::made(count, states, |state| {
            Ok(match state {
                None => Box::new(empty.clone()),
                Some(bytes) => Box::new(Tree::from_bytes(bytes)?),
            })
        })
    }

    /// Empty series of windows that share no steps, for any noise, or those of the states.
    #[staticmethod]
    #[pyo3(signature = (length, count, states=None))]
    fn blocks(length: usize, count: usize, states: Option<Vec<Vec<u8>>>) -> PyResult<Self> {
        let empty = Blocks::new(length)?;
        Self::made(count, states, |state| {
            Ok(match state {
                None => Box::new(empty.clone()),
                Some(bytes) => Box::new(Blocks::from_bytes(length, bytes)?),
            })
        })
    }

    /// How many draws of noise one series takes in the next step.
    #[getter]
    fn draws(&self) -> usize {
        self.0.first().map_or(0, |first| first.draws())
    }

    /// Takes one number of every series in, and the draws of all of them, one series after the other; what each releases
    /// after the step. After an error the series are not to be used any more: some may have taken the step.
    fn step(&mut self, py: Python<'_>, added: Vec<i128>, noise: Vec<i128>) -> PyResult<Vec<Option<f64>>> {
        let (expected, draws) = (self.0.len(), self.draws());
        if added.len() != expected || noise.len() != expected * draws {
            return Err(Error::NoiseCount { expected: expected * draws, found: noise.len() }.into());
        }
        let series = &mut self.0;
        let step = || {
            let steps = series.iter_mut().zip(added).enumerate();
            steps.map(|(place, (each, added))| each.step(added, &noise[place * draws..][..draws])).collect()
        };
        Ok(py.detach::<Result<Vec<_>, Error>, _>(step)?)
    }

    /// What is needed to go on, for each series.
    fn states<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyBytes>> {
        self.0.iter().map(|each| PyBytes::new(py, &each.to_bytes())).collect()
    }
}

impl PySeries {
    fn made(
        count: usize,
        states: Option<Vec<Vec<u8>>>,
        make: impl Fn(Option<&[u8]>) -> Result<Series, Error>,
    ) -> PyResult<Self> {
        let series = match &states {
            None => (0..count).map(|_| make(None)).collect::<Result<Vec<_>, _>>()?,
            Some(states) if states.len() == count => {
                states.iter().map(|state| make(Some(state))).collect::<Result<Vec<_>, _>>()?
            }
            Some(_) => return Err(Error::DamagedStream.into()),
        };
        Ok(Self(series))
    }
}
