//! The Python door: the module `shoal._core`.
//!
//! Nothing but conversion happens here. Buffers come in without a copy, every kernel runs with the interpreter lock
//! released, and results leave as plain values and bytes.

mod buffers;
mod errors;
mod histogram;
mod models;
mod monitor;
mod recoding;
mod results;
mod statistics;
mod streams;
mod table;

use pyo3::prelude::*;

/// Registers the module's contents; `services/shoal/_core.pyi` describes them.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("CoreError", py.get_type::<errors::CoreError>())?;
    module.add("InfeasibleError", py.get_type::<errors::InfeasibleError>())?;
    module.add("NotNestedError", py.get_type::<errors::NotNestedError>())?;
    module.add("OutOfMemoryError", py.get_type::<errors::OutOfMemoryError>())?;
    module.add("LimitReachedError", py.get_type::<errors::LimitReachedError>())?;
    module.add("CancelledError", py.get_type::<errors::CancelledError>())?;
    module.add_class::<monitor::PyMonitor>()?;
    module.add_class::<results::PyFound>()?;
    module.add_class::<results::PyRelease>()?;
    module.add_class::<table::PyTable>()?;
    module.add_function(wrap_pyfunction!(histogram::class_histogram, module)?)?;
    module.add_class::<recoding::PyPartition>()?;
    module.add_function(wrap_pyfunction!(recoding::mondrian, module)?)?;
    module.add_function(wrap_pyfunction!(recoding::mdav, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::grid_ends, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::moments, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::histogram, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::cross_counts, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::discrete_laplace, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::discrete_gaussian, module)?)?;
    module.add_function(wrap_pyfunction!(statistics::choose, module)?)?;
    module.add_class::<streams::PySeries>()?;
    module.add_function(wrap_pyfunction!(streams::factor_squared_length, module)?)?;
    module.add_function(wrap_pyfunction!(streams::factor_variance, module)?)?;
    module.add_function(wrap_pyfunction!(streams::tree_levels, module)?)?;
    module.add_function(wrap_pyfunction!(streams::tree_terms, module)?)?;
    Ok(())
}
