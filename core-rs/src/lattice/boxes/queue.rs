//! The open boxes of a search, the least bound first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::interval::Interval;
use crate::lattice::packing::Packing;

/// A box and a lower bound of all that it holds, as a number that is larger for a larger bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) bound: u64,
    pub(super) part: Interval,
}

/// What decides which box is next: the bound, then the lower ends: the higher level sum, and of equal ones the box that has
/// been here for longer.
type Rank = (u64, Reverse<u32>, u64);

/// The open boxes. Each takes a few words of one long list, so that millions fit the memory of a search.
pub(super) struct Queue {
    packing: Packing,
    heap: BinaryHeap<Reverse<(Rank, u32)>>,
    /// The packed lower and upper end of every slot's box.
    ends: Vec<u64>,
    free: Vec<u32>,
    /// The most boxes.
    most: usize,
    pushed: u64,
}

/// Fewer boxes than this are kept whatever the memory.
const AT_LEAST: usize = 64;

impl Queue {
    /// `budget` is memory in bytes.
    pub(super) fn new(packing: Packing, budget: usize) -> Self {
        let each = size_of::<(Rank, u32)>() + 2 * packing.words() * size_of::<u64>() + size_of::<u32>();
        // Slots are numbered with 32 bits. A vector that grows doubles itself.
        let most = (budget / (2 * each)).clamp(AT_LEAST, u32::MAX as usize);
        Self { packing, heap: BinaryHeap::new(), ends: Vec::new(), free: Vec::new(), most, pushed: 0 }
    }

    /// Whether so many boxes more would be too many.
    pub(super) fn is_full(&self, more: usize) -> bool {
        self.heap.len() + more > self.most
    }

    /// The least bound.
    pub(super) fn least(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse(((bound, ..), _))| *bound)
    }

    pub(super) fn push(&mut self, Open { bound, part }: &Open) {
        let words = self.packing.words();
        let ends = [self.packing.pack(&part.low), self.packing.pack(&part.high)].concat();
        let slot = match self.free.pop() {
            Some(slot) => {
                self.ends[slot as usize * 2 * words..][..2 * words].copy_from_slice(&ends);
                slot
            }
            None => {
                self.ends.extend_from_slice(&ends);
                // No more than `most`.
                (self.ends.len() / (2 * words) - 1) as u32
            }
        };
        let sum = part.low.iter().map(|&level| u32::from(level)).sum();
        self.pushed += 1;
        self.heap.push(Reverse(((*bound, Reverse(sum), self.pushed), slot)));
    }

    /// Takes out the box with the least bound.
    pub(super) fn pop(&mut self, attributes: usize) -> Option<Open> {
        let Reverse(((bound, ..), slot)) = self.heap.pop()?;
        self.free.push(slot);
        let words = self.packing.words();
        let (low, high) = self.ends[slot as usize * 2 * words..][..2 * words].split_at(words);
        let mut part = Interval { low: vec![0; attributes], high: vec![0; attributes] };
        self.packing.unpack(low, &mut part.low);
        self.packing.unpack(high, &mut part.high);
        Some(Open { bound, part })
    }

    /// Forgets all boxes.
    pub(super) fn clear(&mut self) {
        self.heap.clear();
        self.ends.clear();
        self.free.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_bound_comes_first_and_slots_are_used_again() {
        let tops = [u16::MAX - 1; 5];
        let mut queue = Queue::new(Packing::new(&tops), 0);
        let open = |bound: u64, level: u16| Open {
            bound,
            part: Interval { low: vec![level, 0, 65534, 1, level], high: tops.to_vec() },
        };
        for round in 0..3 {
            for (bound, level) in [(7, 1), (3, 2), (9, 3), (3, 65534)] {
                queue.push(&open(bound, level));
            }
            assert_eq!((queue.least(), queue.heap.len()), (Some(3), 4));
            // Of equal bounds the higher node.
            for (bound, level) in [(3, 65534), (3, 2), (7, 1), (9, 3)] {
                assert_eq!(queue.pop(5), Some(open(bound, level)), "{round}");
            }
            assert_eq!(queue.pop(5), None);
        }
        // Four slots of two ends of two words: three fields of 16 bits and their guards fit one.
        assert_eq!(queue.ends.len(), 4 * 2 * 2);
        assert!(!queue.is_full(AT_LEAST) && queue.is_full(AT_LEAST + 1));
    }
}
