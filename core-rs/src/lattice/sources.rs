//! Finished class lists kept as sources of later roll-ups.
//!
//! The cost of a check is the number of classes in its source, so the cheapest finer node wins, whichever was checked
//! last. Memory is bounded by bytes, not by entries.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::packing::Packing;
use crate::classes::Classes;
use crate::sensitive::Histograms;
use crate::table::Table;

/// A list is worth keeping when it is this much shorter than the list it came from (ARX's snapshot rule).
const WORTH: f64 = 0.8;

/// The tuples in hopeless classes of a node, each with its class there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hopeless {
    pub(crate) tuples: Vec<u32>,
    pub(crate) classes: Vec<u32>,
}

impl Hopeless {
    /// Those that are hopeless still at a more general node: all of them are among those here, because every part of a
    /// hopeless class is. `class_of` holds what the classes here become there.
    pub(crate) fn narrowed(&self, class_of: &[u32], hopeless: impl Fn(u32) -> bool) -> Self {
        let mut out = Self { tuples: vec![0; self.tuples.len()], classes: vec![0; self.tuples.len()] };
        let mut length = 0;
        for (&tuple, &class) in self.tuples.iter().zip(&self.classes) {
            // Written always, counted if it stays: a branch here would be mispredicted often.
            let class = class_of[class as usize];
            (out.tuples[length], out.classes[length]) = (tuple, class);
            length += usize::from(hopeless(class));
        }
        out.tuples.truncate(length);
        out.classes.truncate(length);
        out
    }
}

/// The classes of one checked node.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) levels: Vec<u16>,
    pub(crate) classes: Arc<Classes>,
    /// Of every sensitive column; empty if no model looks at them.
    pub(crate) histograms: Arc<Vec<Histograms>>,
    pub(crate) hopeless: Hopeless,
}

impl Source {
    /// The tuples of a table, none of them known to be hopeless.
    pub(crate) fn bottom(table: &Table) -> Self {
        Self {
            levels: vec![0; table.ladders.len()],
            classes: Arc::clone(&table.tuples),
            histograms: Arc::clone(&table.histograms),
            hopeless: Hopeless::default(),
        }
    }

    fn bytes(&self) -> usize {
        self.classes.bytes()
            + (self.hopeless.tuples.capacity() + self.hopeless.classes.capacity()) * size_of::<u32>()
            + self.histograms.iter().map(Histograms::bytes).sum::<usize>()
    }
}

struct Kept {
    source: Arc<Source>,
    node: Vec<u64>,
    used: AtomicU64,
}

/// All kept class lists; threads share them.
pub(crate) struct Sources {
    /// The tuples themselves: level 0 of everything, never dropped.
    tuples: Arc<Source>,
    packing: Packing,
    kept: RwLock<Shelf>,
    budget: usize,
    clock: AtomicU64,
}

#[derive(Default)]
struct Shelf {
    /// Ascending by number of classes.
    lists: Vec<Kept>,
    bytes: usize,
}

impl Sources {
    /// `budget` is memory in bytes for kept lists, the tuples not counted.
    pub(crate) fn new(tuples: Source, packing: Packing, budget: usize) -> Self {
        Self { tuples: Arc::new(tuples), packing, kept: RwLock::default(), budget, clock: AtomicU64::new(0) }
    }

    /// The shortest list whose node the given one generalises.
    pub(crate) fn cheapest(&self, levels: &[u16]) -> Arc<Source> {
        let node = self.packing.pack(levels);
        match self.read().lists.iter().find(|kept| self.packing.generalises(&node, &kept.node)) {
            Some(kept) => {
                kept.used.store(self.tick(), Relaxed);
                Arc::clone(&kept.source)
            }
            None => Arc::clone(&self.tuples),
        }
    }

    /// Whether a list of `classes` that was rolled up from one of `from` should be kept.
    pub(crate) fn worth_keeping(classes: usize, from: usize) -> bool {
        (classes as f64) <= WORTH * from as f64
    }

    /// Keeps a list; when the budget is spent, those unused for longest go.
    pub(crate) fn keep(&self, source: Source) {
        let now = self.tick();
        let (bytes, node) = (source.bytes(), self.packing.pack(&source.levels));
        let mut shelf = self.write();
        shelf.bytes += bytes;
        let place = shelf.lists.partition_point(|kept| kept.source.classes.len() <= source.classes.len());
        shelf.lists.insert(place, Kept { source: Arc::new(source), node, used: AtomicU64::new(now) });
        while shelf.bytes > self.budget {
            let oldest = shelf
                .lists
                .iter()
                .enumerate()
                .min_by_key(|(_, kept)| kept.used.load(Relaxed))
                .map(|(place, _)| place);
            let Some(place) = oldest else { break };
            let gone = shelf.lists.remove(place);
            shelf.bytes -= gone.source.bytes();
        }
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Relaxed)
    }

    // A thread that panicked while it held the lock has left the shelf as it was or with one list more: usable.
    fn read(&self) -> RwLockReadGuard<'_, Shelf> {
        self.kept.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shelf> {
        self.kept.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
