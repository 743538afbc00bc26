//! Grouping by radix partitioning, for many distinct rows.
//!
//! 1. *Deal*: a chunk of rows at a time is packed and its keys are sorted by the top bits of their hashes, stably, so
//!    that the keys of one part stand together in every chunk. All of it happens within the second-level cache.
//! 2. *Group*: a part at a time, its keys are looked up in a hash table that fits the cache, in the order of the
//!    rows. It writes down, for every row, the first row of its class. Parts of very many rows are split once more
//!    (`split`).
//! 3. *Number*: a bit per row says whether it is the first of its class; the number of a class is the number of such
//!    bits before its own. A chunk at a time, the keys and counts of its new classes are put where they belong.
//! 4. *Spread*: a chunk at a time, every row is given the number of its class.
//!
//! Every step works off tasks whose results belong to them alone, so the threads share nothing that they write.

use super::dealing::{Dealing, Dealt, chunk_rows, deal};
use super::keys::REGION_CHUNKS;
use super::numbering::{Numbering, Word, spread};
use super::sizes::Sizes;
use super::split::Split;
use super::workers::{Progress, work_off};
use super::{Grouped, Rows};
use crate::Error;
use crate::index::{BLOCK, Index};

/// With more parts the piece of a part in a chunk gets too short.
pub(super) const MOST_PARTS: usize = 2048;

/// One part after it has been grouped.
pub(super) struct Part {
    /// The first row of the class of every row, in the order of the part.
    pub(super) firsts: Vec<u32>,
    /// Rows of the classes, in the order of their first rows.
    pub(super) counts: Vec<u32>,
    /// What lies before each chunk; one more than there are chunks.
    pub(super) before: Vec<Before>,
}

/// Rows and classes of a part before a chunk.
#[derive(Clone, Copy)]
pub(super) struct Before {
    pub(super) rows: u32,
    pub(super) classes: u32,
}

/// Passes over the rows that are reported as progress.
pub(super) const PASSES: u64 = 2;

/// Only the sizes of the classes, with at most so many parts.
pub(super) fn sizes<const W: usize>(
    rows: &Rows<'_>,
    most_parts: usize,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<Sizes, Error> {
    let dealing = Dealing::of::<W>(rows.count, most_parts);
    let dealt = deal::<W>(rows, dealing, false, threads, progress)?;
    let (_, states) = work_off(
        threads,
        0..dealing.parts(),
        |_| (Table::<W>::new(), Split::new(dealing), Sizes::new()),
        |(table, split, sizes), part, _| {
            let rows = dealt.rows_of(part);
            if split.is_for(rows) {
                split.fill(&dealt, part, false);
                for (keys, _) in split.pieces() {
                    table.clear(keys.len());
                    table.add(keys, progress, |_, _| ())?;
                    sizes.add(&table.counts);
                }
            } else {
                table.clear(rows);
                for keys in dealt.part(part) {
                    table.add(keys, progress, |_, _| ())?;
                }
                sizes.add(&table.counts);
            }
            table.finish(progress)
        },
    )?;
    let mut all = Sizes::new();
    for (_, _, sizes) in &states {
        all.merge(sizes);
    }
    Ok(all)
}

/// The classes in the order of their first rows, and the class of every row; with at most so many parts.
pub(super) fn group<const W: usize>(
    rows: &Rows<'_>,
    most_parts: usize,
    class_of_row: Option<&mut [u32]>,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<Grouped, Error> {
    let dealing = Dealing::of::<W>(rows.count, most_parts);
    let mut dealt = deal::<W>(rows, dealing, true, threads, progress)?;
    let (parts, _) = work_off(
        threads,
        0..dealing.parts(),
        |_| (Table::<W>::new(), Split::new(dealing)),
        |(table, split), part, _| {
            if split.is_for(dealt.rows_of(part)) {
                group_split(table, split, &dealt, part, progress)
            } else {
                group_part(table, &dealt, part, progress)
            }
        },
    )?;

    // Classes that begin before each chunk.
    let mut classes = vec![0usize; dealt.chunks.len() + 1];
    for part in &parts {
        for (sum, before) in classes.iter_mut().zip(&part.before) {
            *sum += before.classes as usize;
        }
    }
    let all = classes[dealt.chunks.len()];
    let mut grouped = Grouped { keys: vec![0; all * W], counts: vec![0; all] };
    let mut order = vec![Word::default(); rows.count.div_ceil(64)];
    let chunk_rows = chunk_rows(W);
    let mut tasks = Vec::with_capacity(dealt.chunks.len());
    let (mut keys, _) = grouped.keys.as_chunks_mut::<W>();
    let mut counts = &mut grouped.counts[..];
    for (order, classes) in order.chunks_mut(chunk_rows / 64).zip(classes.windows(2)) {
        let (own_keys, own_counts);
        (own_keys, keys) = keys.split_at_mut(classes[1] - classes[0]);
        (own_counts, counts) = counts.split_at_mut(classes[1] - classes[0]);
        tasks.push(Numbering { order, before: classes[0] as u32, keys: own_keys, counts: own_counts });
    }
    // A region at a time, because nobody needs its keys any more: the results fill as much memory as it gives back.
    for (start, tasks) in (0..).step_by(REGION_CHUNKS).zip(tasks.chunks_mut(REGION_CHUNKS)) {
        work_off(
            threads,
            tasks.iter_mut(),
            |_| Vec::new(),
            |begun, number, task| {
                progress.advance(0)?;
                task.run(begun, &dealt, &parts, start + number);
                Ok(())
            },
        )?;
        dealt.keys.free(start);
    }
    let Dealt { chunks, .. } = dealt;
    if let Some(ids) = class_of_row {
        work_off(
            threads,
            ids.chunks_mut(chunk_rows).zip(&chunks),
            |_| (),
            |(), number, (ids, chunk)| {
                spread(chunk, &parts, number, &order, ids);
                progress.advance(0)
            },
        )?;
    }
    Ok(grouped)
}

/// The hash table of the part at hand.
struct Table<const W: usize> {
    index: Index,
    keys: Vec<u64>,
    counts: Vec<u32>,
    ids: [u32; BLOCK],
    /// Rows since progress was last reported.
    unreported: usize,
}

impl<const W: usize> Table<W> {
    fn new() -> Self {
        Self { index: Index::default(), keys: Vec::new(), counts: Vec::new(), ids: [0; BLOCK], unreported: 0 }
    }

    /// Forgets every key; so many rows will come at most.
    fn clear(&mut self, rows: usize) {
        self.index.clear(rows * 4);
        self.keys.clear();
        self.counts.clear();
    }

    /// Counts keys; `each` is told the place of every key and its class, new ones without a gap.
    #[inline]
    fn add(
        &mut self,
        keys: &[[u64; W]],
        progress: &Progress<'_>,
        mut each: impl FnMut(usize, u32),
    ) -> Result<(), Error> {
        for (block, start) in keys.chunks(BLOCK).zip((0..).step_by(BLOCK)) {
            let ids = &mut self.ids[..block.len()];
            self.index.insert(block, &mut self.keys, ids);
            self.counts.resize(self.keys.len() / W, 0);
            for (place, &id) in ids.iter().enumerate() {
                self.counts[id as usize] += 1;
                each(start + place, id);
            }
        }
        self.unreported += keys.len();
        if self.unreported < 1 << 16 { Ok(()) } else { self.finish(progress) }
    }

    /// Reports the rows that have been counted.
    fn finish(&mut self, progress: &Progress<'_>) -> Result<(), Error> {
        progress.advance(std::mem::take(&mut self.unreported))
    }
}

fn group_part<const W: usize>(
    table: &mut Table<W>,
    dealt: &Dealt<W>,
    part: usize,
    progress: &Progress<'_>,
) -> Result<Part, Error> {
    let rows = dealt.rows_of(part);
    table.clear(rows);
    let mut first_of_class = Vec::new();
    let mut firsts = Vec::with_capacity(rows);
    let mut before = Vec::with_capacity(dealt.chunks.len() + 1);
    for (number, (chunk, keys)) in dealt.chunks.iter().zip(dealt.part(part)).enumerate() {
        before.push(Before { rows: firsts.len() as u32, classes: first_of_class.len() as u32 });
        let start = (number * chunk_rows(W)) as u32;
        let rows = &chunk.rows[chunk.range(part)];
        table.add(keys, progress, |place, id| {
            if id as usize == first_of_class.len() {
                first_of_class.push(start + u32::from(rows[place]));
            }
            firsts.push(first_of_class[id as usize]);
        })?;
    }
    before.push(Before { rows: firsts.len() as u32, classes: first_of_class.len() as u32 });
    table.finish(progress)?;
    Ok(Part { firsts, counts: table.counts.clone(), before })
}

/// [`group_part`] a piece at a time.
fn group_split<const W: usize>(
    table: &mut Table<W>,
    split: &mut Split<W>,
    dealt: &Dealt<W>,
    part: usize,
    progress: &Progress<'_>,
) -> Result<Part, Error> {
    split.fill(dealt, part, true);
    let mut rows = Vec::with_capacity(dealt.rows_of(part));
    for (number, chunk) in dealt.chunks.iter().enumerate() {
        let start = (number * chunk_rows(W)) as u32;
        rows.extend(chunk.rows[chunk.range(part)].iter().map(|&row| start + u32::from(row)));
    }
    let mut firsts = vec![0; rows.len()];
    // The rows of a class at the place of its first one, 0 at the others'.
    let mut count_at = vec![0; rows.len()];
    let mut place_of_class = Vec::new();
    for (keys, places) in split.pieces() {
        table.clear(keys.len());
        place_of_class.clear();
        table.add(keys, progress, |at, id| {
            let place = places[at] as usize;
            if id as usize == place_of_class.len() {
                place_of_class.push(place);
            }
            firsts[place] = rows[place_of_class[id as usize]];
        })?;
        for (&place, &count) in place_of_class.iter().zip(&table.counts) {
            count_at[place] = count;
        }
    }
    table.finish(progress)?;
    let mut before = Vec::with_capacity(dealt.chunks.len() + 1);
    before.push(Before { rows: 0, classes: 0 });
    let (mut counts, mut place) = (Vec::new(), 0);
    for chunk in &dealt.chunks {
        let end = place + chunk.range(part).len();
        counts.extend(count_at[place..end].iter().filter(|&&count| count > 0));
        place = end;
        before.push(Before { rows: place as u32, classes: counts.len() as u32 });
    }
    Ok(Part { firsts, counts, before })
}
