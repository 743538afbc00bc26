//! Where to cut a class: the widest attribute whose cut leaves only parts that hold.

use std::cmp::Reverse;
use std::ops::Range;

use super::judge::Judge;
use super::rows::{CHUNK, Rows};
use super::tree::Tree;
use crate::{Error, Monitor};

/// One attribute, as cuts see it.
pub(super) struct Axis {
    /// Whether cuts follow the order of the codes; otherwise the hierarchy, and the columns hold ranks.
    pub(super) ordered: bool,
    pub(super) tree: Tree,
    /// The number of values, of which at least one occurs.
    pub(super) values: u32,
    /// Between 0 and 1.
    pub(super) weight: f64,
}

impl Axis {
    /// The share of the values that codes from `low` to a larger `high` stand for, 0 to 1, times the weight.
    fn width(&self, low: u32, high: u32) -> f64 {
        let more = if self.ordered {
            high - low
        } else {
            let level = self.tree.common_level(low, high);
            self.tree.leaves_under(level, self.tree.node(level, low)) - 1
        };
        // Equal shares are equal floats, because a division is rounded correctly: ties are seen as ties.
        f64::from(more) / f64::from(self.values - 1) * self.weight
    }
}

/// A cut of an ordered attribute in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Median {
    /// Smaller codes are on the left, larger ones on the right.
    code: u32,
    /// How many of the first rows with that very code are on the left.
    ties: usize,
    /// Rows on the left.
    left: usize,
}

/// Finds cuts; holds the last one found.
pub(super) struct Cutter<'a> {
    axes: &'a [Axis],
    judge: Judge<'a>,
    /// Whether rows of one code may be cut apart.
    relaxed: bool,
    /// The part of every place of the class.
    pub(super) parts: Vec<u32>,
    /// Rows of every part.
    pub(super) sizes: Vec<usize>,
    /// Places of the class, relative to its start, part after part.
    grouped: Vec<u32>,
    codes: Vec<u32>,
    counts: Vec<usize>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(axes: &'a [Axis], judge: Judge<'a>, relaxed: bool) -> Self {
        let (parts, sizes, grouped, codes, counts) = Default::default();
        Self { axes, judge, relaxed, parts, sizes, grouped, codes, counts }
    }

    /// Whether the whole range holds as a class.
    pub(super) fn holds(
        &mut self,
        rows: &Rows,
        range: Range<usize>,
        monitor: &Monitor,
    ) -> Result<bool, Error> {
        self.judge.holds(rows, range.len(), range, monitor)
    }

    /// Finds the first allowable cut of a class: attributes by width, wide ones first, then in their order. True with
    /// `parts` and `sizes`; false when there is none.
    pub(super) fn cut(&mut self, rows: &Rows, range: Range<usize>, monitor: &Monitor) -> Result<bool, Error> {
        monitor.check()?;
        // The smallest part of any cut has at most half of the rows.
        if self.judge.hopeless(range.len() / 2) {
            return Ok(false);
        }
        let mut wide = Vec::with_capacity(self.axes.len());
        for (attribute, axis) in self.axes.iter().enumerate() {
            let (low, high) = rows.bounds(attribute, range.clone(), monitor)?;
            if low < high {
                wide.push((axis.width(low, high), attribute, low, high));
            }
        }
        wide.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, attribute, low, high) in wide {
            let found = if self.axes[attribute].ordered {
                self.cut_order(rows, range.clone(), attribute, (low, high), monitor)?
            } else {
                self.cut_tree(rows, range.clone(), attribute, (low, high), monitor)?
            };
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Cuts at the median, so that its rows are all on the left or all on the right, or, relaxed, on both sides.
    fn cut_order(
        &mut self,
        rows: &Rows,
        range: Range<usize>,
        attribute: usize,
        bounds: (u32, u32),
        monitor: &Monitor,
    ) -> Result<bool, Error> {
        let codes = &rows.columns[attribute][range.clone()];
        let (code, below, equal) = self.median(codes, bounds, monitor)?;
        let half = codes.len().div_ceil(2);
        let balanced = Median { code, ties: half - below, left: half };
        let mut strict =
            [Median { code, ties: equal, left: below + equal }, Median { code, ties: 0, left: below }];
        // The better balanced one first; stable, so that the median itself goes to the left when both are alike.
        strict.sort_by_key(|cut| Reverse(cut.left.min(codes.len() - cut.left)));
        for cut in self.relaxed.then_some(balanced).into_iter().chain(strict) {
            let sizes = [cut.left, codes.len() - cut.left];
            if sizes.iter().any(|&size| self.judge.hopeless(size)) {
                continue;
            }
            self.sizes.clear();
            self.sizes.extend(sizes);
            self.parts.clear();
            let mut ties = 0;
            for chunk in codes.chunks(CHUNK) {
                monitor.check()?;
                if cut.ties == 0 || cut.ties == equal {
                    let above = cut.code + u32::from(cut.ties > 0);
                    self.parts.extend(chunk.iter().map(|&code| u32::from(code >= above)));
                } else {
                    self.parts.extend(chunk.iter().map(|&code| {
                        ties += usize::from(code == cut.code);
                        u32::from(code > cut.code || code == cut.code && ties > cut.ties)
                    }));
                }
            }
            if self.judge.by_size() && sizes.iter().all(|&size| self.judge.size_holds(size)) {
                return Ok(true);
            }
            self.group(monitor)?;
            let (left, right) = self.grouped.split_at(cut.left);
            let absolute = |&place: &u32| range.start + place as usize;
            if self.judge.holds(rows, left.len(), left.iter().map(absolute), monitor)?
                && self.judge.holds(rows, right.len(), right.iter().map(absolute), monitor)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The lower median of the codes, how many are below it and how many equal it.
    fn median(
        &mut self,
        codes: &[u32],
        (low, high): (u32, u32),
        monitor: &Monitor,
    ) -> Result<(u32, usize, usize), Error> {
        let middle = (codes.len() - 1) / 2;
        let span = (high - low) as usize + 1;
        if span <= codes.len() {
            self.counts.clear();
            self.counts.resize(span, 0);
            for chunk in codes.chunks(CHUNK) {
                monitor.check()?;
                chunk.iter().for_each(|&code| self.counts[(code - low) as usize] += 1);
            }
            let mut below = 0;
            for (code, &count) in (low..).zip(&self.counts) {
                if below + count > middle {
                    return Ok((code, below, count));
                }
                below += count;
            }
        }
        self.codes.clear();
        self.codes.extend_from_slice(codes);
        let (_, &mut code, _) = self.codes.select_nth_unstable(middle);
        let below = codes.iter().filter(|&&other| other < code).count();
        let equal = codes.iter().filter(|&&other| other == code).count();
        Ok((code, below, equal))
    }

    /// Cuts into the children of the lowest node above all rows. Children that do not hold by themselves are put
    /// together; when even together they do not hold, the smallest of the others join them.
    fn cut_tree(
        &mut self,
        rows: &Rows,
        range: Range<usize>,
        attribute: usize,
        (low, high): (u32, u32),
        monitor: &Monitor,
    ) -> Result<bool, Error> {
        let tree = &self.axes[attribute].tree;
        // At least 1, because low < high.
        let below = tree.common_level(low, high) - 1;
        self.parts.clear();
        for chunk in rows.columns[attribute][range.clone()].chunks(CHUNK) {
            monitor.check()?;
            self.parts.extend(chunk.iter().map(|&rank| tree.node(below, rank)));
        }
        self.number_parts((tree.node(below, low), tree.node(below, high)), monitor)?;
        self.group(monitor)?;
        let mut starts = Vec::with_capacity(self.sizes.len());
        let (mut alone, mut rest) = (Vec::new(), Vec::new());
        let mut end = 0;
        for (child, &size) in self.sizes.iter().enumerate() {
            starts.push(end);
            end += size;
            let places = self.grouped[end - size..end].iter().map(|&place| range.start + place as usize);
            if !self.judge.hopeless(size) && self.judge.holds(rows, size, places, monitor)? {
                alone.push(child);
            } else {
                rest.push(child);
            }
        }
        // The smallest one last, and of equally small ones the last.
        alone.sort_by_key(|&child| Reverse(self.sizes[child]));
        let mut together: usize = rest.iter().map(|&child| self.sizes[child]).sum();
        // Every time that the rest does not hold it doubles at least: making its histogram stays cheap in all.
        let mut wanted = 0;
        while !rest.is_empty() {
            while alone.len() > 1 && (together < wanted || self.judge.hopeless(together)) {
                if let Some(child) = alone.pop() {
                    together += self.sizes[child];
                    rest.push(child);
                }
            }
            let places = rest
                .iter()
                .flat_map(|&child| &self.grouped[starts[child]..starts[child] + self.sizes[child]])
                .map(|&place| range.start + place as usize);
            if !alone.is_empty()
                && !self.judge.hopeless(together)
                && self.judge.holds(rows, together, places, monitor)?
            {
                break;
            }
            if alone.len() < 2 {
                return Ok(false);
            }
            wanted = 2 * together;
        }
        self.merge_parts(&rest, monitor)?;
        Ok(true)
    }

    /// Renumbers the parts, which are from `first` to `last`, so that all occur, in the same order; counts their rows.
    fn number_parts(&mut self, (first, last): (u32, u32), monitor: &Monitor) -> Result<(), Error> {
        self.sizes.clear();
        let span = (last - first) as usize + 1;
        if span <= 4 * self.parts.len() {
            self.counts.clear();
            self.counts.resize(span, 0);
            for chunk in self.parts.chunks(CHUNK) {
                monitor.check()?;
                chunk.iter().for_each(|&part| self.counts[(part - first) as usize] += 1);
            }
            for count in self.counts.iter_mut().filter(|count| **count > 0) {
                self.sizes.push(*count);
                *count = self.sizes.len() - 1;
            }
            for chunk in self.parts.chunks_mut(CHUNK) {
                monitor.check()?;
                chunk.iter_mut().for_each(|part| *part = self.counts[(*part - first) as usize] as u32);
            }
        } else {
            self.codes.clone_from(&self.parts);
            self.codes.sort_unstable();
            self.sizes.extend(self.codes.chunk_by(|a, b| a == b).map(<[u32]>::len));
            self.codes.dedup();
            for chunk in self.parts.chunks_mut(CHUNK) {
                monitor.check()?;
                for part in chunk {
                    *part = self.codes.partition_point(|other| other < part) as u32;
                }
            }
        }
        Ok(())
    }

    /// Makes one part of some parts.
    fn merge_parts(&mut self, together: &[usize], monitor: &Monitor) -> Result<(), Error> {
        let Some(&target) = together.first() else { return Ok(()) };
        let merged = together.iter().map(|&part| self.sizes[part]).sum();
        let mut number: Vec<u32> = (0..self.sizes.len() as u32).collect();
        for &part in together {
            self.sizes[part] = 0;
            number[part] = target as u32;
        }
        self.sizes[target] = merged;
        for chunk in self.parts.chunks_mut(CHUNK) {
            monitor.check()?;
            chunk.iter_mut().for_each(|part| *part = number[*part as usize]);
        }
        Ok(())
    }

    /// Sorts the places by part.
    fn group(&mut self, monitor: &Monitor) -> Result<(), Error> {
        self.counts.clear();
        self.counts.extend(self.sizes.iter().scan(0, |end, size| {
            *end += size;
            Some(*end - size)
        }));
        self.grouped.resize(self.parts.len(), 0);
        for (start, chunk) in self.parts.chunks(CHUNK).enumerate() {
            monitor.check()?;
            for (place, &part) in (start * CHUNK..).zip(chunk) {
                let end = &mut self.counts[part as usize];
                self.grouped[*end] = place as u32;
                *end += 1;
            }
        }
        Ok(())
    }
}
