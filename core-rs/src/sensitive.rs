//! Histograms of sensitive columns: for every class, how often each value occurs in it.
//!
//! The histograms of the tuples are kept sparse, because most tuples hold few rows. Columns of few values are rolled up
//! into dense histograms, where a class costs one short vector addition; columns of many values stay sparse.

use crate::classes::Classes;
use crate::models::Histogram;

/// Columns of up to this many values are rolled up densely: 256 bytes a class.
const DENSE: usize = 64;

/// The histograms of one column for all classes of a list.
#[derive(Debug, Clone)]
pub(crate) enum Histograms {
    /// Ascending values and their counts, class after class: those of class c from `starts[c]` to `starts[c + 1]`.
    Sparse { starts: Vec<usize>, values: Vec<u32>, counts: Vec<u32> },
    /// `stride` counts per class.
    Dense { stride: usize, counts: Vec<u32> },
}

/// Room to count the values of one class in.
#[derive(Default)]
pub(crate) struct Tally {
    counts: Vec<u32>,
    touched: Vec<u32>,
}

impl Tally {
    fn add(&mut self, value: u32, rows: u32) {
        let count = &mut self.counts[value as usize];
        if *count == 0 {
            self.touched.push(value);
        }
        *count += rows;
    }

    /// Writes the counted values out, ascending, and forgets them.
    fn flush(&mut self, values: &mut Vec<u32>, counts: &mut Vec<u32>) {
        self.touched.sort_unstable();
        for &value in &self.touched {
            values.push(value);
            counts.push(std::mem::take(&mut self.counts[value as usize]));
        }
        self.touched.clear();
    }
}

/// Room for the histogram of one class.
#[derive(Debug, Clone, Default)]
pub(crate) struct Room {
    values: Vec<u32>,
    counts: Vec<u32>,
}

/// The members of every group, group after group: those of group g from `starts[g]` to `starts[g + 1]`.
pub(crate) struct Grouped {
    starts: Vec<usize>,
    members: Vec<u32>,
}

impl Grouped {
    /// A counting sort of the members by their group.
    pub(crate) fn new(group_of: &[u32], groups: usize) -> Self {
        let mut starts = vec![0usize; groups + 1];
        for &group in group_of {
            starts[group as usize + 1] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        let mut members = vec![0u32; group_of.len()];
        for (member, &group) in (0u32..).zip(group_of) {
            members[next[group as usize]] = member;
            next[group as usize] += 1;
        }
        Self { starts, members }
    }

    /// The members of one group, ascending.
    pub(crate) fn of(&self, group: usize) -> &[u32] {
        &self.members[self.starts[group]..self.starts[group + 1]]
    }
}

impl Histograms {
    /// The histograms of the tuples: `records` holds the records of every tuple, `codes` the value of every record, below
    /// `domain`, and `weights` its rows, one where there are none.
    pub(crate) fn of_records(
        records: &Grouped,
        tuples: usize,
        codes: &[u32],
        domain: usize,
        weights: Option<&[u32]>,
    ) -> Self {
        let mut tally = Tally { counts: vec![0; domain], touched: Vec::new() };
        let (mut starts, mut values, mut counts) = (vec![0], Vec::new(), Vec::new());
        for tuple in 0..tuples {
            for &record in records.of(tuple) {
                tally.add(codes[record as usize], weights.map_or(1, |weights| weights[record as usize]));
            }
            tally.flush(&mut values, &mut counts);
            starts.push(values.len());
        }
        Self::Sparse { starts, values, counts }
    }

    /// The histograms of a more general node. `class_of` holds the class there of every class here, of which only those
    /// with rows count.
    pub(crate) fn rolled_up(
        &self,
        domain: usize,
        class_of: &[u32],
        classes: &Classes,
        tally: &mut Tally,
    ) -> Self {
        let length = classes.counts().len();
        match self {
            Self::Dense { stride, counts: finer } => {
                let mut counts = vec![0u32; length * stride];
                for (from, &class) in finer.chunks_exact(*stride).zip(class_of) {
                    let to = &mut counts[class as usize * stride..][..*stride];
                    for (sum, count) in to.iter_mut().zip(from) {
                        *sum += count;
                    }
                }
                Self::Dense { stride: *stride, counts }
            }
            Self::Sparse { starts, values, counts: finer } if domain <= DENSE => {
                let stride = domain.next_multiple_of(4);
                let mut counts = vec![0u32; length * stride];
                for (bounds, &class) in starts.windows(2).zip(class_of) {
                    let to = &mut counts[class as usize * stride..][..stride];
                    for (&value, count) in
                        values[bounds[0]..bounds[1]].iter().zip(&finer[bounds[0]..bounds[1]])
                    {
                        to[value as usize] += count;
                    }
                }
                Self::Dense { stride, counts }
            }
            Self::Sparse { starts, values, counts: finer } => {
                tally.counts.resize(tally.counts.len().max(domain), 0);
                let sampled = &class_of[..starts.len() - 1];
                let grouped = Grouped::new(sampled, length);
                let (mut to_starts, mut to_values, mut to_counts) = (vec![0], Vec::new(), Vec::new());
                for class in 0..length {
                    for &part in grouped.of(class) {
                        let part = part as usize;
                        for place in starts[part]..starts[part + 1] {
                            tally.add(values[place], finer[place]);
                        }
                    }
                    tally.flush(&mut to_values, &mut to_counts);
                    to_starts.push(to_values.len());
                }
                Self::Sparse { starts: to_starts, values: to_values, counts: to_counts }
            }
        }
    }

    /// The histogram of one class; `room` is written to when it has to be made.
    pub(crate) fn of<'a>(&'a self, class: usize, room: &'a mut Room) -> Histogram<'a> {
        match self {
            Self::Sparse { starts, values, counts } => {
                let part = starts[class]..starts[class + 1];
                Histogram { values: &values[part.clone()], counts: &counts[part] }
            }
            Self::Dense { stride, counts } => {
                let row = &counts[class * stride..][..*stride];
                room.values.resize(*stride, 0);
                room.counts.resize(*stride, 0);
                let mut length = 0;
                for (value, &count) in (0u32..).zip(row) {
                    // Written always, counted if it occurs: a branch here would be mispredicted often.
                    (room.values[length], room.counts[length]) = (value, count);
                    length += usize::from(count > 0);
                }
                Histogram { values: &room.values[..length], counts: &room.counts[..length] }
            }
        }
    }

    /// Memory held, for the budget of the sources.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Sparse { starts, values, counts } => {
                starts.capacity() * size_of::<usize>()
                    + (values.capacity() + counts.capacity()) * size_of::<u32>()
            }
            Self::Dense { counts, .. } => counts.capacity() * size_of::<u32>(),
        }
    }
}
