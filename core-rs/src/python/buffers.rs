//! Buffers of numbers, borrowed from Python without a copy.

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A contiguous one-dimensional buffer of native numbers, such as a numpy array.
pub(super) struct Numbers<T: Element>(PyBuffer<T>);

/// Codes are 32 bits wide.
pub(super) type Codes = Numbers<u32>;

impl<'a, 'py, T: Element> FromPyObject<'a, 'py> for Numbers<T> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let buffer = PyBuffer::<T>::get(&object)?;
        if buffer.dimensions() != 1 || !buffer.is_c_contiguous() {
            return Err(PyValueError::new_err("numbers must be in a contiguous one-dimensional buffer"));
        }
        Ok(Self(buffer))
    }
}

impl<T: Element> Numbers<T> {
    /// The numbers.
    pub(super) fn as_slice(&self) -> &[T] {
        let length = self.0.item_count();
        if length == 0 {
            return &[];
        }
        // SAFETY: the buffer is of native `T` (checked by `PyBuffer::get`), contiguous (checked by `extract`), aligned
        // (checked by `PyBuffer::get`), and stays exported, hence allocated, as long as `self` lives. That nobody writes
        // to it meanwhile is the contract of `shoal._core`; any bits are a
        // number, and the kernels use codes only behind bounds checks.
        unsafe { std::slice::from_raw_parts(self.0.buf_ptr().cast::<T>(), length) }
    }
}

/// Numbers as the bytes that they are in memory.
pub(super) fn bytes<'py, T: Copy, const N: usize>(
    py: Python<'py>,
    numbers: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, numbers.len() * N, |bytes| {
        for (bytes, &number) in bytes.chunks_exact_mut(N).zip(numbers) {
            bytes.copy_from_slice(&to_bytes(number));
        }
        Ok(())
    })
}
