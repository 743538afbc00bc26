//! What all parts of a search share: how they check, where they start from, what they may spend.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Lattice;
use super::budget::{Budget, Halt};
use super::check::{Checker, Fate, Scratch};
use super::open::Open;
use super::packing::Packing;
use super::sources::{Hopeless, Source, Sources};
use crate::Error;
use crate::classes::ClassHistogram;

/// A source with more than one in so many of all classes is long.
const LONG: usize = 4;

/// How long a sweep goes on before it calls for other threads: many are over by then.
const ALONE: Duration = Duration::from_micros(1000);

/// When a thread leaves its list of open nodes.
pub(super) struct Pause<'a> {
    halted: &'a AtomicBool,
    until: Option<Instant>,
}

impl Pause<'_> {
    /// Whether another thread has failed, or the time is over.
    pub(super) fn is_due(&self) -> bool {
        self.halted.load(Relaxed) || self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// What all parts of a search share.
pub(super) struct Context<'a> {
    pub(super) checker: Checker<'a>,
    pub(super) lattice: &'a Lattice,
    pub(super) budget: Budget<'a>,
    pub(super) sources: Sources,
    /// The most rows that a node that qualifies may suppress.
    pub(super) limit: u64,
    pub(super) threads: usize,
    /// Nodes that have been stepping stones.
    stones: Mutex<HashSet<Vec<u16>>>,
}

impl<'a> Context<'a> {
    /// `limit` is the most rows that may be suppressed, `memory` bytes for kept class lists.
    pub(super) fn new(
        checker: Checker<'a>,
        lattice: &'a Lattice,
        budget: Budget<'a>,
        limit: u64,
        memory: usize,
        threads: usize,
    ) -> Result<Self, Error> {
        let sources = Sources::new(bottom(&checker)?, Packing::new(lattice.tops()), memory);
        // Suppressing everything is no release.
        let limit = limit.min(checker.table.rows() - 1);
        Ok(Self { checker, lattice, budget, sources, limit, threads, stones: Mutex::default() })
    }

    /// Looks for the first node of a path upwards that qualifies, as if nodes qualified from some place on; `check` tells of
    /// one. Its place, or the length of the path. Steps are shorter than halves: low nodes have many classes.
    pub(super) fn ascend(
        &self,
        path: &[Vec<u16>],
        mut check: impl FnMut(&[u16]) -> Result<bool, Halt>,
    ) -> Result<usize, Halt> {
        // At the bottom the tuples are the classes: that costs nothing.
        if check(&path[0])? {
            return Ok(0);
        }
        let (mut low, mut high) = (0, path.len());
        while low + 1 < high {
            let middle = low + ((high - low) / 4).max(1);
            if check(&path[middle])? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }

    /// A node between the one given and its cheapest source, worth computing first if that source is long: the three
    /// attributes whose levels say least about a row stay at level 0, and so the node serves many others. Every such node
    /// is named once.
    pub(super) fn stepping_stone(&self, levels: &[u16]) -> Option<Vec<u16>> {
        let table = self.checker.table;
        let source = self.sources.cheapest(levels);
        if source.classes.len() * LONG < table.tuples.len() {
            return None;
        }
        let mut raised: Vec<usize> = (0..levels.len()).filter(|&j| levels[j] > 0).collect();
        if raised.len() <= 3 {
            return None;
        }
        raised.sort_by(|&a, &b| {
            let lost = |j: usize| table.ladders[j].entropy(0) - table.ladders[j].entropy(levels[j]);
            lost(a).total_cmp(&lost(b))
        });
        let mut stone = levels.to_vec();
        for &j in &raised[..3] {
            stone[j] = 0;
        }
        let mut named = self.stones.lock().unwrap_or_else(PoisonError::into_inner);
        named.insert(stone.clone()).then_some(stone)
    }

    /// Settles open nodes: alone for a moment, which often suffices, then in all threads. All go through the same list and
    /// pass what another one has taken.
    pub(super) fn sweep<'o>(
        &self,
        mut open: Open<'o>,
        scratch: &mut Scratch,
        settle: impl Fn(&mut Open<'o>, &Pause<'_>, &mut Scratch) -> Result<(), Halt> + Sync,
    ) -> Result<(), Halt> {
        let halted = AtomicBool::new(false);
        let alone = (self.threads > 1).then(|| Instant::now() + ALONE);
        settle(&mut open, &Pause { halted: &halted, until: alone }, scratch)?;
        if open.is_empty() {
            return Ok(());
        }
        let work = |mut open: Open<'o>, scratch: &mut Scratch| {
            let result = settle(&mut open, &Pause { halted: &halted, until: None }, scratch);
            if result.is_err() {
                halted.store(true, Relaxed);
            }
            result
        };
        std::thread::scope(|scope| {
            let helpers: Vec<_> = (1..self.threads)
                .map(|_| {
                    let open = open.clone();
                    scope.spawn(|| work(open, &mut Scratch::new(self.checker.table)))
                })
                .collect();
            let own = work(open, scratch);
            helpers.into_iter().fold(own, |result, helper| match helper.join() {
                Ok(theirs) => result.and(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })
    }

    /// The error for a table of which no node qualifies. `fewest` is the fewest rows that a node was found to suppress; the
    /// top is looked at here.
    pub(super) fn infeasible(&self, fewest: u64, scratch: &mut Scratch) -> Result<Error, Halt> {
        let (top, models) = (self.lattice.tops(), self.checker.models);
        let source = self.sources.cheapest(top);
        let checked = self.checker.check(top, &source, u64::MAX, |_| false, scratch)?;
        let sizes = ClassHistogram::of(checked.classes.counts().iter().copied());
        let by_k_alone = models.only_k_anonymity() && models.average().is_empty();
        Ok(Error::Infeasible {
            fewest_suppressed: fewest.min(checked.verdict.suppressed),
            largest_k: by_k_alone.then(|| self.largest_k(&sizes)),
        })
    }

    /// With k = s all classes smaller than s go: the first s whose own rows would break the limit is the largest k.
    fn largest_k(&self, top: &ClassHistogram) -> u64 {
        let (mut gone, mut largest_k) = (0, 0);
        for &(size, count) in &top.counts {
            largest_k = size;
            gone += size * count;
            if gone > self.limit {
                break;
            }
        }
        largest_k
    }
}

/// The tuples as a source.
fn bottom(checker: &Checker<'_>) -> Result<Source, Error> {
    let table = checker.table;
    let verdict = checker.tuples(&mut Scratch::new(table))?;
    let failing: Vec<u32> = (0u32..)
        .zip(&verdict.fates)
        .filter(|(_, fate)| **fate == Fate::Hopeless)
        .map(|(tuple, _)| tuple)
        .collect();
    let hopeless = Hopeless { tuples: failing.clone(), classes: failing };
    Ok(Source { hopeless, ..Source::bottom(table) })
}
