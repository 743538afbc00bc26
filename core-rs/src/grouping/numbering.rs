//! The numbers of classes, in the order of their first rows.

use super::dealing::{Chunk, Dealt, chunk_rows};
use super::partitions::{Before, Part};

/// 64 rows in the order of the classes.
#[derive(Clone, Copy, Default)]
pub(super) struct Word {
    /// A bit for every row that is the first of its class.
    bits: u64,
    /// Classes that begin before these rows.
    before: u32,
}

impl Word {
    /// The number of the class whose first row is the given one.
    #[inline]
    fn class(order: &[Self], row: usize) -> u32 {
        let word = order[row / 64];
        word.before + (word.bits & ((1 << (row % 64)) - 1)).count_ones()
    }
}

/// The task of numbering the classes that begin in a chunk, and what it writes.
pub(super) struct Numbering<'a, const W: usize> {
    pub(super) order: &'a mut [Word],
    pub(super) before: u32,
    pub(super) keys: &'a mut [[u64; W]],
    pub(super) counts: &'a mut [u32],
}

impl<const W: usize> Numbering<'_, W> {
    /// Fills in the order, the keys and the counts.
    pub(super) fn run(
        &mut self,
        begun: &mut Vec<(u16, u16, u32)>,
        dealt: &Dealt<W>,
        parts: &[Part],
        number: usize,
    ) {
        let Self { order, before, keys, counts } = self;
        let (before, chunk, chunk_keys) = (*before, &dealt.chunks[number], dealt.keys.chunk(number));
        let start = (number * chunk_rows(W)) as u32;
        begun.clear();
        for (part, range) in parts.iter().zip(chunk.starts.windows(2)) {
            let Before { rows, classes } = part.before[number];
            let mut counts = part.counts[classes as usize..].iter();
            let firsts = part.firsts[rows as usize..].iter();
            for (place, &first) in (range[0]..range[1]).zip(firsts) {
                let row = chunk.rows[usize::from(place)];
                if start + u32::from(row) == first {
                    order[usize::from(row / 64)].bits |= 1 << (row % 64);
                    begun.extend(counts.next().map(|&count| (place, row, count)));
                }
            }
        }
        let mut sum = before;
        for word in order.iter_mut() {
            word.before = sum;
            sum += word.bits.count_ones();
        }
        for &(place, row, count) in &*begun {
            let class = (Word::class(order, usize::from(row)) - before) as usize;
            keys[class] = chunk_keys[usize::from(place)];
            counts[class] = count;
        }
    }
}

/// Gives every row of a chunk its class.
pub(super) fn spread(chunk: &Chunk, parts: &[Part], number: usize, order: &[Word], ids: &mut [u32]) {
    for (part, rows) in parts.iter().zip(chunk.starts.windows(2)) {
        let firsts = &part.firsts[part.before[number].rows as usize..];
        for (&row, &first) in chunk.rows[usize::from(rows[0])..usize::from(rows[1])].iter().zip(firsts) {
            ids[usize::from(row)] = Word::class(order, first as usize);
        }
    }
}
