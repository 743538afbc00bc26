//! Which items are equal to which.

use std::collections::hash_map::{DefaultHasher, Entry, HashMap, RandomState};
use std::hash::{BuildHasher, Hasher};

use super::rows::CHUNK;
use crate::{Error, Monitor};

/// No item, at the end of a list.
const NONE: u32 = u32::MAX;

/// For every item the first one that is equal to it. Equal items must feed the hasher alike; there are fewer than
/// `u32::MAX` of them. Keys of the hash are random, but the answer does not depend on them.
pub(super) fn first_equals(
    items: usize,
    feed: impl Fn(usize, &mut DefaultHasher),
    equal: impl Fn(usize, usize) -> bool,
    monitor: &Monitor,
) -> Result<Vec<u32>, Error> {
    let state = RandomState::new();
    // Of the items that are the first of their kind: the newest for every hash, and the one before with the same hash.
    let mut newest: HashMap<u64, u32> = HashMap::new();
    let mut before: HashMap<u32, u32> = HashMap::new();
    let mut firsts = Vec::with_capacity(items);
    for item in 0..items {
        if item % CHUNK == 0 {
            monitor.check()?;
        }
        let mut hasher = state.build_hasher();
        feed(item, &mut hasher);
        let own = item as u32;
        firsts.push(match newest.entry(hasher.finish()) {
            Entry::Vacant(vacant) => *vacant.insert(own),
            Entry::Occupied(mut occupied) => {
                let mut other = *occupied.get();
                while other != NONE && !equal(item, other as usize) {
                    other = before.get(&other).copied().unwrap_or(NONE);
                }
                if other == NONE {
                    before.insert(own, occupied.insert(own));
                    own
                } else {
                    other
                }
            }
        });
    }
    Ok(firsts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn also_where_all_hashes_are_one() {
        let items = [7, 3, 7, 7, 9, 3, 9, 1];
        let firsts = first_equals(8, |_, _| {}, |a, b| items[a] == items[b], &Monitor::new());
        assert_eq!(firsts, Ok(vec![0, 1, 0, 0, 4, 1, 4, 7]));
    }
}
