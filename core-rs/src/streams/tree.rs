//! Laplace noise: nodes of a tree.

use std::collections::{BTreeMap, VecDeque};

use super::bytes::{Reader, Writer};
use super::{LONGEST_HORIZON, LONGEST_WINDOW, Running, Shape, expect_draws};
use crate::Error;

/// Sums and draws beyond this may not fit 128 bits together.
const MOST: u128 = 1 << 109;

/// A running sum with the noise of the nodes that it is made up of: each node has one draw of discrete Laplace noise, for
/// ever, which is drawn when a release needs it first.
///
/// One row that changes one step's number by at most Δ is in one node of each level, so the draws must have the scale of one
/// release of sensitivity Δ times the levels. What is released is whole: the exact sum and whole draws.
#[derive(Debug, Clone)]
pub struct Tree {
    shape: Shape,
    span: Span,
    steps: u64,
    sum: i128,
    /// With a window the numbers that it is over, oldest first.
    recent: VecDeque<i128>,
    /// The draws of each level's nodes that may still be needed.
    drawn: Vec<BTreeMap<u64, i128>>,
}

/// Which steps a sum is over.
#[derive(Debug, Clone, Copy)]
enum Span {
    All { horizon: u64 },
    Last { length: u64 },
}

impl Tree {
    /// An empty one for the sums of all steps, of which there are at most `horizon`.
    pub fn prefix(horizon: usize) -> Result<Self, Error> {
        Ok(Self::new(Shape::prefix(horizon)?, Span::All { horizon: horizon as u64 }))
    }

    /// An empty one for the sums of the last `length` steps, of which there may be any number.
    pub fn window(length: usize) -> Result<Self, Error> {
        Ok(Self::new(Shape::window(length)?, Span::Last { length: length as u64 }))
    }

    fn new(shape: Shape, span: Span) -> Self {
        let drawn = vec![BTreeMap::new(); shape.levels as usize];
        Self { shape, span, steps: 0, sum: 0, recent: VecDeque::new(), drawn }
    }

    /// The one that [`Running::to_bytes`] wrote down.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let branches = reader.u64()?;
        let levels = u32::try_from(reader.u64()?).map_err(|_| Error::DamagedStream)?;
        let (windowed, length) = (reader.u64()? == 1, reader.u64()?);
        let shape = Shape { branches, levels };
        let width = shape.width().filter(|_| branches % 2 == 1 && branches > 2 && levels > 0);
        let reaches = |width: u64| {
            // A sum takes few nodes: all of the top level's that a window holds, or those of one digit.
            if windowed { width / branches <= length } else { width / 2 >= length }
        };
        let most = if windowed { LONGEST_WINDOW } else { LONGEST_HORIZON } as u64;
        if !width.is_some_and(reaches) || !(1..=most).contains(&length) {
            return Err(Error::DamagedStream);
        }
        let span = if windowed { Span::Last { length } } else { Span::All { horizon: length } };
        let mut found = Self::new(shape, span);
        (found.steps, found.sum) = (reader.u64()?, reader.i128()?);
        let recent = reader.u64()?;
        if recent > length || found.steps > (if windowed { 1 << 51 } else { length }) {
            return Err(Error::DamagedStream);
        }
        for _ in 0..recent {
            found.recent.push_back(reader.i128()?);
        }
        for level in &mut found.drawn {
            for _ in 0..reader.u64()? {
                level.insert(reader.u64()?, reader.i128()?);
            }
        }
        reader.end()?;
        let kept =
            found.recent.iter().chain(found.drawn.iter().flat_map(BTreeMap::values)).chain([&found.sum]);
        if kept.into_iter().any(|each| each.unsigned_abs() > MOST) {
            return Err(Error::DamagedStream);
        }
        Ok(found)
    }

    /// Its branches and levels.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The steps that were taken in.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many draws the noise in the release after step `step`, counted from 1, consists of.
    pub fn terms(&self, step: u64) -> usize {
        self.shape.coefficients(self.from(step), step).len()
    }

    /// The first step that a sum is over which ends with step `step`.
    fn from(&self, step: u64) -> u64 {
        match self.span {
            Span::All { .. } => 0,
            Span::Last { length } => step.saturating_sub(length),
        }
    }

    /// The nodes of the next release that have no noise yet, in the order in which they take draws: level and index.
    pub(super) fn missing(&self) -> Vec<(u32, u64)> {
        let to = self.steps + 1;
        let mut found = Vec::new();
        for run in self.shape.runs(self.from(to), to) {
            let known = &self.drawn[run.level as usize];
            found.extend(
                (run.start..run.end).filter(|index| !known.contains_key(index)).map(|i| (run.level, i)),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The noise of the release after the last step. Its draws are far fewer than 2^17, so that their sum fits.
    fn noise(&self) -> i128 {
        let runs = self.shape.runs(self.from(self.steps), self.steps);
        let sums = runs.iter().map(|run| {
            let drawn = self.drawn[run.level as usize].range(run.start..run.end);
            i128::from(run.sign) * drawn.map(|(_, &each)| each).sum::<i128>()
        });
        sums.sum()
    }

    /// Forgets the draws that no later release takes.
    fn forget(&mut self) {
        let (level_count, passed) = match self.span {
            // The nodes of the top level stay in the sum of all steps.
            Span::All { .. } => (self.shape.levels - 1, self.steps),
            Span::Last { .. } => (self.shape.levels, self.from(self.steps)),
        };
        for level in 0..level_count {
            let first = self.shape.first_needed(level, passed);
            let kept = self.drawn[level as usize].split_off(&first);
            self.drawn[level as usize] = kept;
        }
    }
}

impl Running for Tree {
    fn draws(&self) -> usize {
        self.missing().len()
    }

    fn step(&mut self, added: i128, noise: &[i128]) -> Result<Option<f64>, Error> {
        let missing = self.missing();
        expect_draws(missing.len(), noise)?;
        if let Span::All { horizon } = self.span
            && self.steps >= horizon
        {
            return Err(Error::StreamExhausted);
        }
        let full = matches!(self.span, Span::Last { length } if self.recent.len() as u64 == length);
        let gone = if full { self.recent.front().copied().unwrap_or(0) } else { 0 };
        // Both are sums of what was taken in and within bounds.
        let sum = self.sum.saturating_add(added).saturating_sub(gone);
        if [added, sum].iter().chain(noise).any(|each| each.unsigned_abs() > MOST) {
            return Err(Error::StreamOverflow);
        }
        for ((level, index), &drawn) in missing.into_iter().zip(noise) {
            self.drawn[level as usize].insert(index, drawn);
        }
        if full {
            self.recent.pop_front();
        }
        if matches!(self.span, Span::Last { .. }) {
            self.recent.push_back(added);
        }
        self.sum = sum;
        self.steps += 1;
        let noisy = sum + self.noise();
        self.forget();
        Ok(Some(noisy as f64))
    }

    fn to_bytes(&self) -> Vec<u8> {
        let nodes: usize = self.drawn.iter().map(BTreeMap::len).sum();
        let mut writer = Writer::new(72 + self.recent.len() * 16 + self.drawn.len() * 8 + nodes * 24);
        writer.u64(self.shape.branches);
        writer.u64(u64::from(self.shape.levels));
        let (windowed, length) = match self.span {
            Span::All { horizon } => (0, horizon),
            Span::Last { length } => (1, length),
        };
        writer.u64(windowed);
        writer.u64(length);
        writer.u64(self.steps);
        writer.i128(self.sum);
        writer.u64(self.recent.len() as u64);
        self.recent.iter().for_each(|&each| writer.i128(each));
        for level in &self.drawn {
            writer.u64(level.len() as u64);
            for (&index, &drawn) in level {
                writer.u64(index);
                writer.i128(drawn);
            }
        }
        writer.done()
    }
}
