//! Dealing rows out to the parts of a radix partitioning: packed, hashed and sorted by part within every chunk.

use std::ops::Range;

use super::keys::Keys;
use super::workers::{Progress, work_off};
use super::{PACKED, Rows};
use crate::Error;
use crate::hash::Seed;

/// Bytes of packed keys in a chunk; the chunk is held twice while it is dealt out.
const CHUNK_BYTES: usize = 256 << 10;

/// Bytes that the hash table of a part should take when all of its rows differ.
const PART_BYTES: usize = 256 << 10;

/// Rows of a chunk, so few that their numbers within it have 16 bits.
pub(super) const fn chunk_rows(words: usize) -> usize {
    CHUNK_BYTES / (words * size_of::<u64>())
}

const _: () = assert!(chunk_rows(1) < 1 << 16 && chunk_rows(32).is_multiple_of(64));

/// All rows, sorted by part within every chunk.
pub(super) struct Dealt<const W: usize> {
    pub(super) keys: Keys<W>,
    pub(super) chunks: Vec<Chunk>,
}

/// Where the rows of a chunk went.
pub(super) struct Chunk {
    /// Where each part starts; one more than there are parts.
    pub(super) starts: Vec<u16>,
    /// The row of every key, counted from the first row of the chunk; empty when nobody will ask.
    pub(super) rows: Vec<u16>,
}

/// How rows are dealt out to parts.
#[derive(Clone, Copy)]
pub(super) struct Dealing {
    seed: Seed,
    /// Bits of the hash that choose a part.
    bits: u32,
    /// Bits after them that choose a piece of a part.
    split: u32,
    rows: usize,
}

impl Dealing {
    pub(super) fn of<const W: usize>(rows: usize, most_parts: usize) -> Self {
        // An index holds a key, its count and, at most half full, two to four places of 32 bits.
        let bytes = rows * (W * size_of::<u64>() + 16);
        let tables = (bytes / PART_BYTES).next_power_of_two().max(2);
        let parts = tables.min(most_parts);
        Self { seed: Seed::of_process(), bits: parts.ilog2(), split: (tables / parts).ilog2(), rows }
    }

    pub(super) fn parts(self) -> usize {
        1 << self.bits
    }

    /// The part of a key: bits of the hash that the index of a part uses last.
    #[inline]
    fn part<const W: usize>(self, key: &[u64; W]) -> usize {
        (self.seed.hash(key) >> (u64::BITS - self.bits)) as usize
    }

    /// Rows of a part when all have as many.
    pub(super) fn share(self) -> usize {
        self.rows >> self.bits
    }

    /// Into how many pieces a part is split; 1 when its table fits the cache.
    pub(super) fn pieces(self) -> usize {
        1 << self.split
    }

    /// The piece of a key among those of its part.
    #[inline]
    pub(super) fn piece<const W: usize>(self, key: &[u64; W]) -> usize {
        (self.seed.hash(key) >> (u64::BITS - self.bits - self.split)) as usize & (self.pieces() - 1)
    }
}

impl<const W: usize> Dealt<W> {
    /// The keys of a part in every chunk.
    pub(super) fn part(&self, part: usize) -> impl Iterator<Item = &[[u64; W]]> {
        let numbered = self.chunks.iter().enumerate();
        numbered.map(move |(number, chunk)| &self.keys.chunk(number)[chunk.range(part)])
    }

    /// How many rows a part has.
    pub(super) fn rows_of(&self, part: usize) -> usize {
        self.chunks.iter().map(|chunk| chunk.range(part).len()).sum()
    }
}

impl Chunk {
    /// Where the rows of a part are.
    pub(super) fn range(&self, part: usize) -> Range<usize> {
        usize::from(self.starts[part])..usize::from(self.starts[part + 1])
    }
}

/// Packs all rows and deals them out.
pub(super) fn deal<const W: usize>(
    rows: &Rows<'_>,
    dealing: Dealing,
    with_rows: bool,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<Dealt<W>, Error> {
    let chunk_rows = chunk_rows(W);
    let mut keys = Keys::new(rows.count);
    let work = |(packed, places): &mut (Vec<[u64; W]>, Vec<u16>), chunk: usize, keys: &mut [[u64; W]]| {
        let first = chunk * chunk_rows;
        let packed = &mut packed[..keys.len()];
        places.clear();
        places.resize(dealing.parts() + 1, 0);
        for (packed, start) in packed.chunks_mut(PACKED).zip((first..).step_by(PACKED)) {
            rows.pack(start, packed)?;
            for key in packed {
                places[dealing.part(key) + 1] += 1;
            }
        }
        for part in 0..dealing.parts() {
            places[part + 1] += places[part];
        }
        let starts = places.clone();
        let mut numbers = vec![0u16; if with_rows { packed.len() } else { 0 }];
        for (row, key) in packed.iter().enumerate() {
            let place = &mut places[dealing.part(key)];
            keys[usize::from(*place)] = *key;
            if with_rows {
                numbers[usize::from(*place)] = row as u16;
            }
            *place += 1;
        }
        progress.advance(packed.len())?;
        Ok(Chunk { starts, rows: numbers })
    };
    let tasks = keys.chunks_mut().into_iter();
    let (chunks, _) = work_off(threads, tasks, |_| (vec![[0u64; W]; chunk_rows], Vec::new()), work)?;
    Ok(Dealt { keys, chunks })
}
