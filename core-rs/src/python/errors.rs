//! The kernel's errors as Python exceptions.
//!
//! Every exception's first argument is the sentence; those that carry numbers have them as further arguments.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::Error;

create_exception!(_core, CoreError, PyValueError, "A kernel refused its input: (message,).");
create_exception!(
    _core,
    InfeasibleError,
    CoreError,
    "No node qualifies: (message, fewest_suppressed, largest_k)."
);
create_exception!(
    _core,
    NotNestedError,
    CoreError,
    "A hierarchy is not nested: (message, attribute, level)."
);
create_exception!(
    _core,
    OutOfMemoryError,
    CoreError,
    "The search needs more memory than it may use: (message, needed, allowed)."
);
create_exception!(
    _core,
    LimitReachedError,
    CoreError,
    "A limit was reached before the end: (message, limit)."
);
create_exception!(_core, CancelledError, CoreError, "The monitor was cancelled: (message,).");

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Infeasible { fewest_suppressed, largest_k } => {
                InfeasibleError::new_err((message, fewest_suppressed, largest_k))
            }
            Error::NotNested { attribute, level } => NotNestedError::new_err((message, attribute, level)),
            Error::OutOfMemory { needed, allowed } => OutOfMemoryError::new_err((message, needed, allowed)),
            Error::LimitReached { limit } => LimitReachedError::new_err((message, limit.to_string())),
            Error::Cancelled => CancelledError::new_err((message,)),
            _ => CoreError::new_err((message,)),
        }
    }
}
