//! The search for the best node, with proof. `DESIGN.md` teaches it from zero.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::budget::{Budget, Halt};
use super::check::{Checker, Scratch};
use super::classwise::Classwise;
use super::marginal::Marginal;
use super::packing::Packing;
use super::sources::{Hopeless, Source, Sources};
use super::{Fate, Lattice, MAX_NODES};
use crate::classes::ClassHistogram;
use crate::models::Spec;
use crate::objective::Objective;
use crate::table::Table;
use crate::{Error, Monitor};

/// A source with more than one in so many of all classes is long.
const LONG: usize = 4;

/// A limit of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// [`Limits::seconds`].
    Seconds,
    /// [`Limits::nodes`].
    Nodes,
    /// [`Limits::memory`].
    Memory,
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seconds => "seconds",
            Self::Nodes => "nodes",
            Self::Memory => "memory",
        })
    }
}

/// What a search may spend.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Time, from the start of the search. It is looked at between checks of nodes.
    pub seconds: Option<Duration>,
    /// Nodes whose classes are computed.
    pub nodes: Option<u64>,
    /// Bytes for class lists that are kept to start from. The table, the two class lists at a time that every thread works
    /// on, and a few bytes per node of a lattice of up to 2^26 nodes come on top.
    pub memory: u64,
    /// Threads, 0 for one per core, at most 8.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: None, nodes: None, memory: 256 << 20, threads: 0 }
    }
}

/// What to search for.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// What every released class, and the release, must satisfy.
    pub models: &'a [Spec],
    /// The most rows that may be suppressed.
    pub suppression_limit: u64,
    /// What is minimised.
    pub objective: Objective,
    /// What the search may spend.
    pub limits: Limits,
    /// When a limit is reached, give the best release found so far instead of an error.
    pub anytime: bool,
}

/// The best node.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The level of every attribute.
    pub levels: Vec<u16>,
    /// The objective's value.
    pub loss: f64,
    /// The loss of every attribute, unweighted: under the objective's measure if it is marginal, else under
    /// [`crate::Measure::Loss`].
    pub attribute_losses: Vec<f64>,
    /// Rows suppressed.
    pub suppressed: u64,
    /// Rows of the smallest released class.
    pub smallest: u64,
    /// Released classes.
    pub classes: u64,
    /// Nodes whose classes were computed.
    pub checked: u64,
    /// Nodes of the lattice, at most `u64::MAX`.
    pub lattice_size: u64,
    /// Proven: no release has less loss.
    pub lower_bound: f64,
    /// The limit that ended the search before it had a proof.
    pub stopped: Option<LimitKind>,
    /// Time of the search.
    pub elapsed: Duration,
}

impl Found {
    /// Whether the node is proved to be the best.
    pub fn optimal(&self) -> bool {
        self.stopped.is_none()
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

/// How a search ended.
pub(super) struct Outcome {
    pub(super) levels: Vec<u16>,
    pub(super) loss: f64,
    pub(super) attribute_losses: Vec<f64>,
    pub(super) lower_bound: f64,
    pub(super) suppressed: u64,
    pub(super) smallest: u64,
    pub(super) classes: u64,
    pub(super) stopped: Option<LimitKind>,
}

impl Table {
    /// Finds the qualifying node with the least loss. Ties: smaller level sum, then lexicographically smaller levels.
    ///
    /// A node qualifies when the rows in classes that fail a model, and what else the limits on the mean risk take away,
    /// are at most the limit, and not all rows. The result is the same for any number of threads, unless a limit ends the
    /// search.
    pub fn search(&self, task: &Task<'_>, monitor: &Monitor) -> Result<Found, Error> {
        let rows = self.rows();
        if task.suppression_limit > rows {
            return Err(Error::LimitAboveRows { limit: task.suppression_limit, rows });
        }
        let models = self.bind(task.models)?;
        let lattice_size = self.lattice_size();
        if lattice_size > MAX_NODES {
            return Err(Error::LatticeTooLarge { size: lattice_size });
        }
        monitor.start(lattice_size);
        let budget = Budget::new(&task.limits, monitor);
        let lattice = Lattice::new(self.tops());
        let checker = Checker::new(self, &models, monitor);
        let tuples = bottom(&checker)?;
        // What does not fit the address space is no limit.
        let memory = usize::try_from(task.limits.memory).unwrap_or(usize::MAX);
        let context = Context {
            checker,
            lattice: &lattice,
            budget,
            sources: Sources::new(tuples, Packing::new(lattice.tops()), memory),
            // Suppressing everything is no release.
            limit: task.suppression_limit.min(rows - 1),
            threads: threads(&task.limits),
            stones: Mutex::default(),
        };
        let objective = &task.objective;
        let weights = objective.weights(self.ladders.len())?;
        let outcome = if objective.measure.is_marginal() {
            Marginal::new(&context, objective, &weights)?.run(task.anytime)
        } else {
            Classwise::new(&context, objective.measure)?.run(task.anytime)
        };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(Halt::Failed(error)) => return Err(error),
            Err(Halt::Reached(limit)) => return Err(Error::LimitReached { limit }),
        };
        monitor.finish();
        Ok(Found {
            attribute_losses: outcome.attribute_losses,
            levels: outcome.levels,
            loss: outcome.loss,
            suppressed: outcome.suppressed,
            smallest: outcome.smallest,
            classes: outcome.classes,
            checked: context.budget.checked(),
            lattice_size,
            lower_bound: outcome.lower_bound,
            stopped: outcome.stopped,
            elapsed: context.budget.elapsed(),
        })
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

fn threads(limits: &Limits) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    (if limits.threads == 0 { cores() } else { limits.threads }).min(8)
}

impl Context<'_> {
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

    /// Does the same work in all threads, the calling one with its own scratch; the first thing that went wrong in the
    /// first of them.
    pub(super) fn in_threads(
        &self,
        scratch: &mut Scratch,
        work: impl Fn(&mut Scratch) -> Result<(), Halt> + Sync,
    ) -> Result<(), Halt> {
        std::thread::scope(|scope| {
            let helpers: Vec<_> = (1..self.threads)
                .map(|_| scope.spawn(|| work(&mut Scratch::new(self.checker.table))))
                .collect();
            let own = work(scratch);
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
