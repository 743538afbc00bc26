//! Windows that share no steps.

use super::bytes::{Reader, Writer};
use super::{LONGEST_WINDOW, Running, expect_draws};
use crate::Error;

/// Sums of windows that follow each other, each released once it is full and until the next one is, with one draw of noise.
///
/// A row is in one window, which is released once: the stream costs what one release costs, of the same sensitivity.
#[derive(Debug, Clone)]
pub struct Blocks {
    length: u64,
    /// The steps of the window that is not full yet, and their sum.
    steps: u64,
    sum: i128,
    released: Option<f64>,
}

impl Blocks {
    /// An empty one of windows of `length` steps.
    pub fn new(length: usize) -> Result<Self, Error> {
        if !(1..=LONGEST_WINDOW).contains(&length) {
            return Err(Error::InvalidStream);
        }
        Ok(Self { length: length as u64, steps: 0, sum: 0, released: None })
    }

    /// The one that [`Running::to_bytes`] wrote down.
    pub fn from_bytes(length: usize, bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let (steps, sum) = (reader.u64()?, reader.i128()?);
        let released = if reader.u64()? == 1 { Some(reader.f64()?) } else { None };
        reader.end()?;
        let found = Self { steps, sum, released, ..Self::new(length)? };
        if steps < found.length { Ok(found) } else { Err(Error::DamagedStream) }
    }
}

impl Running for Blocks {
    fn draws(&self) -> usize {
        usize::from(self.steps + 1 == self.length)
    }

    fn step(&mut self, added: i128, noise: &[i128]) -> Result<Option<f64>, Error> {
        expect_draws(self.draws(), noise)?;
        let sum = self.sum.checked_add(added).ok_or(Error::StreamOverflow)?;
        match noise {
            [drawn] => {
                let noisy = sum.checked_add(*drawn).ok_or(Error::StreamOverflow)?;
                self.released = Some(noisy as f64);
                (self.steps, self.sum) = (0, 0);
            }
            _ => (self.steps, self.sum) = (self.steps + 1, sum),
        }
        Ok(self.released)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(40);
        writer.u64(self.steps);
        writer.i128(self.sum);
        writer.u64(u64::from(self.released.is_some()));
        if let Some(released) = self.released {
            writer.f64(released);
        }
        writer.done()
    }
}
