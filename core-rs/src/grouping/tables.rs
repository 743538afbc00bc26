//! Grouping by a hash table per thread, for few distinct rows.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::workers::{Progress, work_off};
use super::{Grouped, PACKED, Rows};
use crate::Error;
use crate::index::{BLOCK, Index};

/// Rows of a task.
const TASK: usize = 128 * BLOCK;

/// Once a thread has so many classes (a table that no longer fits the second-level cache) …
const MANY: usize = 1 << 16;

/// … and fewer rows than this for each of them, partitions are the better method.
const ROWS_OF_A_CLASS: usize = 16;

/// What one thread found, classes in the order in which it met them.
struct Found<const W: usize> {
    thread: usize,
    packed: Vec<[u64; W]>,
    index: Index,
    keys: Vec<u64>,
    counts: Vec<u32>,
    /// The row in which each class was met first; ascending, because tasks are claimed in order.
    firsts: Vec<u32>,
    rows: usize,
}

/// Groups all rows; `None` when `may_give_up` and there turn out to be many classes.
pub(super) fn group<const W: usize>(
    rows: &Rows<'_>,
    class_of_row: Option<&mut [u32]>,
    may_give_up: bool,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<Option<Grouped>, Error> {
    let tasks: Vec<Option<&mut [u32]>> = match class_of_row {
        Some(ids) => ids.chunks_mut(TASK).map(Some).collect(),
        None => (0..rows.count.div_ceil(TASK)).map(|_| None).collect(),
    };
    let gave_up = AtomicBool::new(false);
    let (mut tasks, mut found) = work_off(
        threads,
        tasks.into_iter(),
        |thread| Found {
            thread,
            packed: vec![[0; W]; PACKED],
            index: Index::default(),
            keys: Vec::new(),
            counts: Vec::new(),
            firsts: Vec::new(),
            rows: 0,
        },
        |found, task, mut ids| {
            if gave_up.load(Relaxed) {
                return Ok((found.thread, ids));
            }
            found.add(rows, task * TASK, ids.as_deref_mut(), progress)?;
            let classes = found.counts.len();
            if may_give_up && classes > MANY && found.rows < ROWS_OF_A_CLASS * classes {
                gave_up.store(true, Relaxed);
            }
            Ok((found.thread, ids))
        },
    )?;
    if gave_up.into_inner() {
        return Ok(None);
    }
    if let [only] = &mut found[..] {
        return Ok(Some(Grouped {
            keys: std::mem::take(&mut only.keys),
            counts: std::mem::take(&mut only.counts),
        }));
    }
    let (grouped, renumbered) = merge::<W>(&found);
    work_off(
        threads,
        tasks.iter_mut(),
        |_| (),
        |(), _, (thread, ids)| {
            let renumbered = &renumbered[*thread];
            for id in ids.iter_mut().flat_map(|ids| ids.iter_mut()) {
                *id = renumbered[*id as usize];
            }
            Ok(())
        },
    )?;
    Ok(Some(grouped))
}

impl<const W: usize> Found<W> {
    /// Groups the rows of one task.
    fn add(
        &mut self,
        rows: &Rows<'_>,
        start: usize,
        mut class_of_row: Option<&mut [u32]>,
        progress: &Progress<'_>,
    ) -> Result<(), Error> {
        let mut ids = [0u32; BLOCK];
        let end = rows.count.min(start + TASK);
        for first in (start..end).step_by(PACKED) {
            let packed = &mut self.packed[..PACKED.min(end - first)];
            rows.pack(first, packed)?;
            for (block, first) in packed.chunks(BLOCK).zip((first..).step_by(BLOCK)) {
                let ids = &mut ids[..block.len()];
                self.index.insert(block, &mut self.keys, ids);
                if self.keys.len() > self.counts.len() * W {
                    for (place, &id) in ids.iter().enumerate() {
                        if id as usize == self.firsts.len() {
                            self.firsts.push((first + place) as u32);
                        }
                    }
                    self.counts.resize(self.firsts.len(), 0);
                }
                for &id in &*ids {
                    self.counts[id as usize] += 1;
                }
                if let Some(all) = class_of_row.as_deref_mut() {
                    all[first - start..][..ids.len()].copy_from_slice(ids);
                }
            }
        }
        self.rows += end - start;
        progress.advance(end - start)
    }
}

/// One list of classes in the order of their first rows, and the new number of every class of every thread.
fn merge<const W: usize>(found: &[Found<W>]) -> (Grouped, Vec<Vec<u32>>) {
    let mut renumbered: Vec<Vec<u32>> =
        found.iter().map(|each| Vec::with_capacity(each.firsts.len())).collect();
    let (mut keys, mut counts) = (Vec::new(), Vec::new());
    let mut index = Index::default();
    let (mut block, mut ids, mut owners) = ([[0u64; W]; BLOCK], [0u32; BLOCK], [0usize; BLOCK]);
    let mut heads = vec![0; found.len()];
    loop {
        let mut length = 0;
        while length < BLOCK {
            let heads_left = heads.iter().zip(found).enumerate();
            let next = heads_left
                .filter_map(|(thread, (&head, each))| each.firsts.get(head).map(|&row| (row, thread)));
            let Some((_, thread)) = next.min() else { break };
            block[length] = found[thread].keys.as_chunks::<W>().0[heads[thread]];
            owners[length] = thread;
            heads[thread] += 1;
            length += 1;
        }
        if length == 0 {
            return (Grouped { keys, counts }, renumbered);
        }
        index.insert(&block[..length], &mut keys, &mut ids[..length]);
        counts.resize(keys.len() / W, 0);
        for (&thread, &id) in owners.iter().zip(&ids[..length]) {
            counts[id as usize] += found[thread].counts[renumbered[thread].len()];
            renumbered[thread].push(id);
        }
    }
}
