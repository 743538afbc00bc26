//! Buffers of codes, borrowed from Python without a copy.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A contiguous one-dimensional buffer of native u32, such as a numpy array.
pub(super) struct Codes(PyBuffer<u32>);

impl<'a, 'py> FromPyObject<'a, 'py> for Codes {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let buffer = PyBuffer::<u32>::get(&object)?;
        if buffer.dimensions() != 1 || !buffer.is_c_contiguous() {
            return Err(PyValueError::new_err("codes must be a contiguous one-dimensional buffer"));
        }
        Ok(Self(buffer))
    }
}

impl Codes {
    /// The codes.
    pub(super) fn as_slice(&self) -> &[u32] {
        let length = self.0.item_count();
        if length == 0 {
            return &[];
        }
        // SAFETY: the buffer is of native u32 (checked by `PyBuffer::get`), contiguous (checked by `extract`), aligned
        // (checked by `PyBuffer::get`), and stays exported, hence allocated, as long as `self` lives. That nobody writes
        // to it meanwhile is the contract of `shoal._core`; the kernels use codes from it only behind bounds checks.
        unsafe { std::slice::from_raw_parts(self.0.buf_ptr().cast::<u32>(), length) }
    }
}
