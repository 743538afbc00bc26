//! What MDAV works on: standardised records, equal ones merged, in columns that a scan runs through at memory speed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hash::Hasher;

use super::equal::first_equals;
use crate::{Error, Monitor};

/// Distances are computed for this many points at a time; they stay in the first-level cache.
const BLOCK: usize = 512;

/// Lanes of the reductions over a block: as many as the widest registers of today hold, so that loops over them vectorise.
const LANES: usize = 8;

/// No record, at the end of a list.
const NONE: u32 = u32::MAX;

/// A point found by a scan, ordered by distance and then by its first record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) distance: f64,
    pub(super) first: u32,
    pub(super) point: usize,
}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> Ordering {
        self.distance.total_cmp(&other.distance).then(self.first.cmp(&other.first))
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Found {}

/// The distinct tuples that still have unassigned records. Positions change when points are used up.
pub(super) struct Points {
    /// Per column, the value of every point.
    columns: Vec<Vec<f64>>,
    /// Unassigned records of every point, at least 1.
    weights: Vec<u32>,
    /// The first of them.
    firsts: Vec<u32>,
    /// For every record the next one with the same tuple, or [`NONE`].
    next: Vec<u32>,
    /// Per column, the sum over the unassigned records.
    sums: Vec<f64>,
    /// The number of unassigned records.
    records: u64,
}

impl Points {
    /// Merges equal rows of the columns, which are finite and of one length.
    pub(super) fn new(columns: &[Vec<f64>], monitor: &Monitor) -> Result<Self, Error> {
        let rows = columns.first().map_or(0, Vec::len);
        let mut points = Self {
            columns: vec![Vec::new(); columns.len()],
            weights: Vec::new(),
            firsts: Vec::new(),
            next: vec![NONE; rows],
            sums: vec![0.0; columns.len()],
            records: rows as u64,
        };
        let firsts = first_equals(
            rows,
            |row, hasher| columns.iter().for_each(|column| hasher.write_u64(column[row].to_bits())),
            |a, b| columns.iter().all(|column| column[a].to_bits() == column[b].to_bits()),
            monitor,
        )?;
        // For the first row of every point its point; for every point its last row so far.
        let mut point_of_row = vec![NONE; rows];
        let mut lasts: Vec<u32> = Vec::new();
        for (row, &first) in (0u32..).zip(&firsts) {
            if first == row {
                point_of_row[row as usize] = lasts.len() as u32;
                points
                    .columns
                    .iter_mut()
                    .zip(columns)
                    .for_each(|(own, column)| own.push(column[row as usize]));
                points.weights.push(1);
                points.firsts.push(row);
                lasts.push(row);
            } else {
                let point = point_of_row[first as usize] as usize;
                points.weights[point] += 1;
                points.next[lasts[point] as usize] = row;
                lasts[point] = row;
            }
        }
        points.sum_afresh();
        Ok(points)
    }

    /// The number of points that are left.
    pub(super) fn len(&self) -> usize {
        self.weights.len()
    }

    /// The number of unassigned records.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// A point's place.
    pub(super) fn place(&self, point: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[point]).collect()
    }

    /// The mean of the unassigned records.
    pub(super) fn centroid(&self) -> Vec<f64> {
        self.sums.iter().map(|sum| sum / self.records as f64).collect()
    }

    /// Adds up all records again, so that the rounding of many subtractions cannot grow.
    pub(super) fn sum_afresh(&mut self) {
        for (sum, column) in self.sums.iter_mut().zip(&self.columns) {
            *sum = column.iter().zip(&self.weights).map(|(value, &weight)| value * f64::from(weight)).sum();
        }
    }

    /// The point that is farthest from a place; of equally far ones that with the smallest first record.
    pub(super) fn farthest(&self, place: &[f64], monitor: &Monitor) -> Result<Option<Found>, Error> {
        let mut farthest = None;
        self.scan(place, monitor, |start, distances| self.keep_farthest(start, distances, &mut farthest))?;
        Ok(farthest)
    }

    /// The nearest points that together have at least k records, ascending, and the farthest point.
    pub(super) fn nearest_and_farthest(
        &self,
        place: &[f64],
        k: u64,
        monitor: &Monitor,
    ) -> Result<(Vec<Found>, Option<Found>), Error> {
        let mut farthest = None;
        let mut nearest = Nearest { heap: BinaryHeap::new(), records: 0, wanted: k };
        self.scan(place, monitor, |start, distances| {
            self.keep_farthest(start, distances, &mut farthest);
            if least(distances) > nearest.bound() {
                return;
            }
            for (offset, &distance) in distances.iter().enumerate() {
                if distance <= nearest.bound() {
                    let point = start + offset;
                    nearest.offer(Found { distance, first: self.firsts[point], point }, &self.weights);
                }
            }
        })?;
        Ok((nearest.heap.into_sorted_vec(), farthest))
    }

    /// Squared distances of all points to a place, a block at a time.
    fn scan(
        &self,
        place: &[f64],
        monitor: &Monitor,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<(), Error> {
        let mut distances = [0.0; BLOCK];
        for start in (0..self.len()).step_by(BLOCK) {
            monitor.check()?;
            let length = BLOCK.min(self.len() - start);
            let block = &mut distances[..length];
            block.fill(0.0);
            for (column, &center) in self.columns.iter().zip(place) {
                for (distance, value) in block.iter_mut().zip(&column[start..start + length]) {
                    let difference = value - center;
                    *distance += difference * difference;
                }
            }
            visit(start, block);
        }
        Ok(())
    }

    fn keep_farthest(&self, start: usize, distances: &[f64], farthest: &mut Option<Found>) {
        let beyond = farthest.map_or(0.0, |found| found.distance);
        if most(distances) < beyond {
            return;
        }
        for (offset, &distance) in distances.iter().enumerate() {
            let point = start + offset;
            let found = Found { distance, first: self.firsts[point], point };
            let better = |best: &Found| {
                distance > best.distance || distance == best.distance && found.first < best.first
            };
            if farthest.as_ref().is_none_or(better) {
                *farthest = Some(found);
            }
        }
    }

    /// Gives the first k records of the points, in their order, to a class. Positions of points are void afterwards.
    pub(super) fn take(&mut self, points: &[Found], k: u64, class: u32, class_of_record: &mut [u32]) {
        let mut wanted = k;
        let mut used_up = Vec::new();
        for &Found { point, .. } in points {
            // At most the point's weight, which is 32 bits wide.
            let taken = wanted.min(u64::from(self.weights[point])) as u32;
            for _ in 0..taken {
                let record = self.firsts[point] as usize;
                class_of_record[record] = class;
                self.firsts[point] = self.next[record];
            }
            for (sum, column) in self.sums.iter_mut().zip(&self.columns) {
                *sum -= column[point] * f64::from(taken);
            }
            self.weights[point] -= taken;
            if self.weights[point] == 0 {
                used_up.push(point);
            }
            wanted -= u64::from(taken);
        }
        self.records -= k - wanted;
        // The last point takes a removed one's position: from the back, so that it is never one still to be removed.
        used_up.sort_unstable();
        for &point in used_up.iter().rev() {
            self.columns.iter_mut().for_each(|column| {
                column.swap_remove(point);
            });
            self.weights.swap_remove(point);
            self.firsts.swap_remove(point);
        }
    }

    /// Every point that is left, in any order.
    pub(super) fn all(&self) -> Vec<Found> {
        self.firsts.iter().enumerate().map(|(point, &first)| Found { distance: 0.0, first, point }).collect()
    }
}

/// The nearest points of a scan so far, as many as hold the wanted records.
struct Nearest {
    heap: BinaryHeap<Found>,
    records: u64,
    wanted: u64,
}

impl Nearest {
    /// Points farther away than this are not among the nearest.
    fn bound(&self) -> f64 {
        match self.heap.peek() {
            Some(top) if self.records >= self.wanted => top.distance,
            _ => f64::INFINITY,
        }
    }

    /// Adds a point and drops those that are not needed any more.
    fn offer(&mut self, found: Found, weights: &[u32]) {
        self.records += u64::from(weights[found.point]);
        self.heap.push(found);
        while let Some(top) = self.heap.peek().map(|top| u64::from(weights[top.point]))
            && self.records - top >= self.wanted
        {
            self.heap.pop();
            self.records -= top;
        }
    }
}

/// The largest of some distances, 0 for none.
fn most(distances: &[f64]) -> f64 {
    reduce(distances, 0.0, |a, b| if a > b { a } else { b })
}

/// The smallest of some distances.
fn least(distances: &[f64]) -> f64 {
    reduce(distances, f64::INFINITY, |a, b| if a < b { a } else { b })
}

/// Folds lane by lane: a plain fold over floats is one long chain of dependent steps.
fn reduce(distances: &[f64], start: f64, better: impl Fn(f64, f64) -> f64) -> f64 {
    let mut lanes = [start; LANES];
    let chunks = distances.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, &distance) in lanes.iter_mut().zip(chunk) {
            *lane = better(*lane, distance);
        }
    }
    lanes.iter().chain(rest).fold(start, |best, &distance| better(best, distance))
}
