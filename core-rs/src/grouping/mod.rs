//! Grouping of rows: equal rows form a class.
//!
//! Two methods, both on several threads, and neither lets the number of threads or the hash show in a result:
//!
//! * `tables`: every thread fills a hash table of its own, and the tables are merged. Right when there are few
//!   distinct rows: the tables stay in the caches and the rows are read once.
//! * `partitions`: rows are first dealt out by bits of their hash, so that the table of one part fits the
//!   second-level cache; then the parts are grouped one by one (radix partitioning as in Balkesen et al., "Main-memory
//!   hash joins on multi-core CPUs", ICDE 2013). Right when there are many.
//!
//! A sample decides; when it was wrong, grouping starts again with partitions (the idea of Müller et al.,
//! "Cache-efficient aggregation: hashing is sorting", SIGMOD 2015, for two methods instead of levels).

mod dealing;
mod keys;
mod numbering;
mod partitions;
mod sizes;
mod split;
mod tables;
pub(crate) mod workers;

#[cfg(test)]
mod tests;

use crate::codes::{Column, Layout, by_words, check_shape, pack};
use crate::index::{BLOCK, Index};
use crate::{ClassHistogram, Error, Monitor};
use sizes::Sizes;
use workers::Progress;

/// Below this many rows threads and partitions cost more than they save: a table of all rows fits the caches.
const FEW_ROWS: usize = 1 << 17;

/// Rows of the sample; less when that were more than a sixteenth of the table.
const SAMPLE: usize = 1 << 16;

/// Rows that are packed at once: columns are read in long runs, because the processor fetches ahead in those only.
const PACKED: usize = 16 * BLOCK;

/// Classes in the order of their first rows: `W` words of key and a number of rows each.
pub(crate) struct Grouped {
    pub(crate) keys: Vec<u64>,
    pub(crate) counts: Vec<u32>,
}

/// The number of threads when nobody chose one: the cores of this process, at most 8.
pub(crate) fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(8))
}

/// Groups all rows; with `class_of_row`, also writes down the class of every row there. Advances the monitor by the
/// number of rows.
///
/// Memory at most, in bytes, for keys of `w` words: 8 `w` + 7 a row and 4 a class, and the result on top, which is 4 a row
/// and 8 `w` + 4 a class.
pub(crate) fn group(
    columns: &[Column<'_>],
    layout: &Layout,
    class_of_row: Option<&mut Vec<u32>>,
    threads: usize,
    monitor: &Monitor,
) -> Result<Grouped, Error> {
    let rows = Rows { columns, layout, count: check_shape(columns)? };
    by_words!(layout.words, group_words(&rows, class_of_row, threads, monitor))
}

/// How many classes there are of each size. Advances the monitor by the number of rows.
///
/// Memory at most, in bytes, for keys of `w` words: 8 `w` + 1 a row.
pub(crate) fn sizes(
    columns: &[Column<'_>],
    layout: &Layout,
    threads: usize,
    monitor: &Monitor,
) -> Result<ClassHistogram, Error> {
    let rows = Rows { columns, layout, count: check_shape(columns)? };
    by_words!(layout.words, sizes_words(&rows, threads, monitor))
}

/// The rows to be grouped; their shape has been checked.
struct Rows<'a> {
    columns: &'a [Column<'a>],
    layout: &'a Layout,
    count: usize,
}

impl Rows<'_> {
    fn pack<const W: usize>(&self, start: usize, keys: &mut [[u64; W]]) -> Result<(), Error> {
        pack(self.columns, self.layout, start, keys)
    }
}

fn group_words<const W: usize>(
    rows: &Rows<'_>,
    class_of_row: Option<&mut Vec<u32>>,
    threads: usize,
    monitor: &Monitor,
) -> Result<Grouped, Error> {
    let mut ids = class_of_row.map(|ids| {
        // Zeroed by the operating system, so that no page is touched before its rows are.
        *ids = vec![0; rows.count];
        &mut ids[..]
    });
    let method = Method::of::<W>(rows);
    let mut progress = Progress::new(monitor, 1, 0);
    if let Method::Tables { may_give_up, threads: most } = method
        && let Some(grouped) =
            tables::group::<W>(rows, ids.as_deref_mut(), may_give_up, threads.min(most), &progress)?
    {
        return Ok(grouped);
    }
    progress = Progress::new(monitor, partitions::PASSES, progress.reported());
    partitions::group::<W>(rows, partitions::MOST_PARTS, ids, threads, &progress)
}

fn sizes_words<const W: usize>(
    rows: &Rows<'_>,
    threads: usize,
    monitor: &Monitor,
) -> Result<ClassHistogram, Error> {
    let mut progress = Progress::new(monitor, 1, 0);
    if let Method::Tables { may_give_up, threads: most } = Method::of::<W>(rows)
        && let Some(grouped) = tables::group::<W>(rows, None, may_give_up, threads.min(most), &progress)?
    {
        let mut sizes = Sizes::new();
        sizes.add(&grouped.counts);
        return Ok(sizes.histogram());
    }
    progress = Progress::new(monitor, partitions::PASSES, progress.reported());
    Ok(partitions::sizes::<W>(rows, partitions::MOST_PARTS, threads, &progress)?.histogram())
}

/// How to group.
enum Method {
    Tables { may_give_up: bool, threads: usize },
    Partitions,
}

impl Method {
    fn of<const W: usize>(rows: &Rows<'_>) -> Self {
        if rows.count < FEW_ROWS {
            return Self::Tables { may_give_up: false, threads: 1 };
        }
        // By the estimate of Good and Turing, the share of rows that the sample does not know a class for.
        let (sample, singles) = sample::<W>(rows);
        if singles * 4 > sample {
            return Self::Partitions;
        }
        Self::Tables { may_give_up: true, threads: usize::MAX }
    }
}

/// How many rows a sample has, blocks from all over the table, and how many of its classes have one row.
fn sample<const W: usize>(rows: &Rows<'_>) -> (usize, usize) {
    let blocks = SAMPLE.min(rows.count / 16) / BLOCK;
    let mut index = Index::default();
    let (mut keys, mut counts) = (Vec::new(), Vec::new());
    let (mut block, mut ids) = ([[0u64; W]; BLOCK], [0u32; BLOCK]);
    for number in 0..blocks {
        let start = ((rows.count - BLOCK) as u64 * number as u64 / blocks as u64) as usize;
        if rows.pack(start, &mut block).is_err() {
            // Grouping will meet the code that is out of range and report the first of its kind.
            break;
        }
        index.insert(&block, &mut keys, &mut ids);
        counts.resize(keys.len() / W, 0u32);
        for &id in &ids {
            counts[id as usize] += 1;
        }
    }
    (blocks * BLOCK, counts.iter().filter(|&&count| count == 1).count())
}
