//! Asks the privacy models about parts of a class before they are cut apart.

use super::rows::{CHUNK, Rows};
use crate::models::{Class, Histogram, Models};
use crate::{Error, Monitor};

/// From this many rows on, values are counted in an array of all values even where most of them do not occur.
const ALWAYS_COUNT: usize = 1 << 16;

/// The models, and room to make histograms in.
pub(super) struct Judge<'a> {
    models: &'a Models,
    /// Rows of every value; all 0 between two uses.
    counts: Vec<u32>,
    /// Per sensitive column the values and counts of the class in question.
    histograms: Vec<(Vec<u32>, Vec<u32>)>,
    sorted: Vec<u32>,
}

impl<'a> Judge<'a> {
    /// `values` are the numbers of values of the sensitive columns.
    pub(super) fn new(models: &'a Models, values: impl Iterator<Item = u32> + Clone) -> Self {
        Self {
            models,
            counts: vec![
                0;
                if models.needs_histograms() {
                    values.clone().max().unwrap_or(0) as usize
                } else {
                    0
                }
            ],
            histograms: values.map(|_| (Vec::new(), Vec::new())).collect(),
            sorted: Vec::new(),
        }
    }

    /// Whether the number of rows alone shows that neither the class nor any part of it holds.
    pub(super) fn hopeless(&self, rows: usize) -> bool {
        rows == 0 || self.models.hopeless_by_size(rows as u64, 0)
    }

    /// Whether the number of rows alone decides.
    pub(super) fn by_size(&self) -> bool {
        !self.models.needs_histograms()
    }

    /// Whether a class with this number of rows holds, if that alone decides.
    pub(super) fn size_holds(&self, rows: usize) -> bool {
        self.models.holds(&Class::of_size(rows as u64))
    }

    /// Whether rows that lie at certain places hold as a class.
    pub(super) fn holds(
        &mut self,
        rows: &Rows,
        size: usize,
        places: impl Iterator<Item = usize> + Clone,
        monitor: &Monitor,
    ) -> Result<bool, Error> {
        if self.by_size() {
            return Ok(self.size_holds(size));
        }
        for (codes, (values, counts)) in rows.sensitive.iter().zip(&mut self.histograms) {
            values.clear();
            counts.clear();
            if self.counts.len() <= 4 * size || size >= ALWAYS_COUNT {
                for (done, place) in places.clone().enumerate() {
                    if done % CHUNK == 0 {
                        monitor.check()?;
                    }
                    self.counts[codes[place] as usize] += 1;
                }
                for (value, count) in (0u32..).zip(&mut self.counts).filter(|(_, count)| **count > 0) {
                    values.push(value);
                    counts.push(std::mem::take(count));
                }
            } else {
                self.sorted.clear();
                self.sorted.extend(places.clone().map(|place| codes[place]));
                self.sorted.sort_unstable();
                for same in self.sorted.chunk_by(|a, b| a == b) {
                    values.push(same[0]);
                    counts.push(same.len() as u32);
                }
            }
        }
        let histograms: Vec<Histogram<'_>> =
            self.histograms.iter().map(|(values, counts)| Histogram { values, counts }).collect();
        Ok(self.models.holds(&Class { rows: size as u64, population: 0, histograms: &histograms }))
    }
}
