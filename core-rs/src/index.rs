//! A hash index from keys to dense numbers, filled a block at a time.
//!
//! Open addressing with linear probing over a table of 32-bit numbers; the keys themselves stand in a list in the
//! order of their first appearance, so the numbering depends on the data alone and never on the hash. A block is
//! worked in stages, all first probes before any comparison: the loads of a stage do not wait for each other, which
//! is what hides the latency of a table larger than the caches (the batching of Balkesen et al., "Main-memory hash
//! joins on multi-core CPUs", ICDE 2013, without their prefetch instructions).

use crate::hash::Seed;

/// Keys per block: small enough for its arrays to stay in the first-level cache.
pub(crate) const BLOCK: usize = 512;

/// The table starts small and doubles, because a roll-up often ends with far fewer classes than its source.
const SMALLEST: usize = 256;

pub(crate) struct Index {
    /// Number of the key + 1, or 0 where the place is free.
    slots: Vec<u32>,
    used: usize,
    seed: Seed,
}

impl Default for Index {
    fn default() -> Self {
        Self { slots: vec![0; SMALLEST], used: 0, seed: Seed::of_process() }
    }
}

impl Index {
    /// Forgets every key; `expected` bounds how many will come. The memory is kept for the next use.
    pub(crate) fn clear(&mut self, expected: usize) {
        let size = expected.clamp(SMALLEST, 1 << 15).max(expected / 4).next_power_of_two();
        self.slots.clear();
        self.slots.resize(size, 0);
        self.used = 0;
    }

    /// Finds the number of every key of a block of at most [`BLOCK`]; a new key is appended to `keys`.
    pub(crate) fn insert<const W: usize>(
        &mut self,
        block: &[[u64; W]],
        keys: &mut Vec<u64>,
        ids: &mut [u32],
    ) {
        if let ([], [first, ..]) = (&keys[..], block) {
            self.find_or_add(first, keys);
        }
        for (id, key) in ids.iter_mut().zip(block) {
            // A free place gives number 0, which is not this key's: that one would have been put here.
            *id = self.slots[self.home(key)].saturating_sub(1);
        }
        let mut missed = [0u32; BLOCK];
        let mut misses = 0;
        let (known, _) = keys.as_chunks::<W>();
        for (place, (&id, key)) in ids.iter().zip(block).enumerate() {
            // Written always, counted if it is one: a branch here would be mispredicted often.
            missed[misses] = place as u32;
            misses += usize::from(known[id as usize] != *key);
        }
        for &place in &missed[..misses] {
            ids[place as usize] = self.find_or_add(&block[place as usize], keys);
        }
    }

    fn find_or_add<const W: usize>(&mut self, key: &[u64; W], keys: &mut Vec<u64>) -> u32 {
        // At most half full: short probes, and a free place always ends the loop.
        if self.used * 2 >= self.slots.len() {
            self.grow::<W>(keys);
        }
        let last = self.slots.len() - 1;
        let mut place = self.home(key);
        loop {
            match self.slots[place] {
                0 => {
                    // Rows are at most u32::MAX - 1, so the number + 1 fits.
                    let number = self.used as u32;
                    self.slots[place] = number + 1;
                    self.used += 1;
                    keys.extend_from_slice(key);
                    return number;
                }
                slot => {
                    let number = slot - 1;
                    if keys.as_chunks::<W>().0[number as usize] == *key {
                        return number;
                    }
                }
            }
            place = (place + 1) & last;
        }
    }

    /// The first place to look for a key.
    #[inline]
    fn home<const W: usize>(&self, key: &[u64; W]) -> usize {
        self.seed.hash(key) as usize & (self.slots.len() - 1)
    }

    fn grow<const W: usize>(&mut self, keys: &[u64]) {
        let size = self.slots.len() * 4;
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, key) in keys.as_chunks::<W>().0.iter().enumerate() {
            let mut place = self.home(key);
            while self.slots[place] != 0 {
                place = (place + 1) & (size - 1);
            }
            self.slots[place] = number as u32 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_appearance_across_growth() {
        let mut index = Index::default();
        let mut keys = Vec::new();
        let block: Vec<[u64; 2]> = (0..5000u64).map(|i| [i / 2, (i % 2) << 63]).collect();
        let mut ids = vec![0; 5000];
        for round in 0..2 {
            for (part, ids) in block.chunks(BLOCK).zip(ids.chunks_mut(BLOCK)) {
                index.insert(part, &mut keys, ids);
            }
            assert!(ids.iter().enumerate().all(|(i, &id)| i == id as usize), "round {round}");
        }
        assert_eq!(keys.len(), 10_000);
    }

    #[test]
    fn equal_keys_within_a_block_share_a_number() {
        let mut index = Index::default();
        let mut ids = [9; 4];
        index.insert(&[[7], [0], [7], [0]], &mut Vec::new(), &mut ids);
        assert_eq!(ids, [0, 1, 0, 1]);
    }

    #[test]
    fn a_cleared_index_starts_again() {
        let mut index = Index::default();
        let mut ids = [0; 2];
        index.insert(&[[1], [2]], &mut Vec::new(), &mut ids);
        index.clear(2);
        index.insert(&[[2], [1]], &mut Vec::new(), &mut ids);
        assert_eq!(ids, [0, 1]);
    }
}
