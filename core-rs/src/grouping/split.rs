//! A part of very many rows, dealt out once more.
//!
//! The number of parts is limited: with more of them the piece of a part in a chunk would be shorter than a cache line.
//! From about 20 M rows on the hash table of a part therefore outgrows the second-level cache. The keys of such a part
//! are gathered (long independent copies, which the processor overlaps) and sorted, stably, by the next bits of their
//! hashes into pieces that fit again: the second pass of the radix partitioning of Balkesen et al. (ICDE 2013).

use super::dealing::{Dealing, Dealt};

/// How many times the rows of an even share a part may have to be split. One with more holds a few keys very often:
/// its table is small, and gathering it would cost memory that nobody has reckoned with.
const MOST_SHARES: usize = 2;

/// The keys of one part, by piece.
pub(super) struct Split<const W: usize> {
    dealing: Dealing,
    gathered: Vec<[u64; W]>,
    /// The piece of every one of `gathered`: hashing twice costs more than writing it down.
    piece_of: Vec<u16>,
    keys: Vec<[u64; W]>,
    /// Where each piece starts in `keys`, one more than there are pieces.
    starts: Vec<usize>,
    /// The place in the order of the part of every one of `keys`; empty when nobody will ask.
    places: Vec<u32>,
}

impl<const W: usize> Split<W> {
    pub(super) fn new(dealing: Dealing) -> Self {
        // 2^32 rows of the widest keys, dealt to as many parts as there may be, are 4096 pieces each.
        assert!(dealing.pieces() <= 1 << 16);
        Self {
            dealing,
            gathered: Vec::new(),
            piece_of: Vec::new(),
            keys: Vec::new(),
            starts: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Whether a part of so many rows is to be split.
    pub(super) fn is_for(&self, rows: usize) -> bool {
        self.dealing.pieces() > 1 && rows <= MOST_SHARES * self.dealing.share()
    }

    /// Takes in a part.
    pub(super) fn fill(&mut self, dealt: &Dealt<W>, part: usize, with_places: bool) {
        let Self { dealing, gathered, piece_of, keys, starts, places } = self;
        gathered.clear();
        for keys in dealt.part(part) {
            gathered.extend_from_slice(keys);
        }
        // Counted one place further on than the starts will stand, so that filling a piece moves its start to its end
        // and thereby to where the next one's start belongs.
        starts.clear();
        starts.resize(dealing.pieces() + 2, 0);
        piece_of.clear();
        piece_of.extend(gathered.iter().map(|key| dealing.piece(key) as u16));
        for &piece in &*piece_of {
            starts[usize::from(piece) + 2] += 1;
        }
        for piece in 2..starts.len() {
            starts[piece] += starts[piece - 1];
        }
        keys.resize(gathered.len(), [0; W]);
        places.resize(if with_places { gathered.len() } else { 0 }, 0);
        for (place, (key, &piece)) in gathered.iter().zip(&*piece_of).enumerate() {
            let to = &mut starts[usize::from(piece) + 1];
            keys[*to] = *key;
            if with_places {
                places[*to] = place as u32;
            }
            *to += 1;
        }
    }

    /// The keys of every piece, and their places in the part when these were asked for.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (&[[u64; W]], &[u32])> {
        let ranges = self.starts[..=self.dealing.pieces()].windows(2);
        ranges.map(|range| {
            (&self.keys[range[0]..range[1]], self.places.get(range[0]..range[1]).unwrap_or_default())
        })
    }
}
