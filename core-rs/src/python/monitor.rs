//! The monitor as a Python object.

use std::sync::Arc;

use pyo3::prelude::*;

use crate::Monitor;

/// Carries cancellation into a running kernel and progress out of it.
#[pyclass(name = "Monitor", module = "shoal._core", frozen)]
#[derive(Default)]
pub(super) struct PyMonitor(Arc<Monitor>);

#[pymethods]
impl PyMonitor {
    /// A monitor that is not cancelled and has seen no work.
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Asks the kernel to stop; it does within a few milliseconds. It cannot be undone.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was asked to stop.
    fn is_cancelled(&self) -> bool {
        self.0.check().is_err()
    }

    /// Steps done and steps in all; (0, 0) before a kernel has started.
    fn progress(&self) -> (u64, u64) {
        self.0.progress()
    }
}

/// The monitor of a call, or one that nobody watches.
pub(super) fn or_unwatched(monitor: Option<&Bound<'_, PyMonitor>>) -> Arc<Monitor> {
    monitor.map(|monitor| Arc::clone(&monitor.get().0)).unwrap_or_default()
}
