//! The search for the best node, with proof. `DESIGN.md` teaches it from zero.

use std::fmt;
use std::time::Duration;

use super::budget::{Budget, Halt};
use super::check::Checker;
use super::classwise::Classwise;
use super::context::Context;
use super::marginal::Marginal;
use super::{Lattice, MAX_NODES, boxes};
use crate::models::Spec;
use crate::objective::Objective;
use crate::table::Table;
use crate::{Error, Monitor};

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
    /// on, and some 30 bytes per node of a lattice of up to 2^20 nodes come on top. In larger lattices half of it is for class
    /// lists and half for boxes and what is known of nodes; with less than a few hundred kilobytes they take a little more.
    pub memory: u64,
    /// Threads, 0 for one per core, at most 8; lattices of more than 2^20 nodes are searched by one.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: None, nodes: None, memory: 256 << 20, threads: 0 }
    }
}

/// The most nodes that are searched one by one under a class measure: all are listed then, whatever has been found.
const MAX_NODES_BY_CLASSES: u64 = 1 << 18;

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
    /// search. A lattice may have any number of nodes: one with too many to be looked at one by one is searched in boxes, and
    /// takes as long as its proof does.
    pub fn search(&self, task: &Task<'_>, monitor: &Monitor) -> Result<Found, Error> {
        let most = if task.objective.measure.is_marginal() { MAX_NODES } else { MAX_NODES_BY_CLASSES };
        self.search_by(task, self.lattice_size() > most, monitor)
    }

    /// [`Table::search`], in the way that lattices of any size are searched, for tests that compare it with others.
    #[doc(hidden)]
    pub fn search_boxes(&self, task: &Task<'_>, monitor: &Monitor) -> Result<Found, Error> {
        self.search_by(task, true, monitor)
    }

    fn search_by(&self, task: &Task<'_>, by_boxes: bool, monitor: &Monitor) -> Result<Found, Error> {
        let rows = self.rows();
        if task.suppression_limit > rows {
            return Err(Error::LimitAboveRows { limit: task.suppression_limit, rows });
        }
        let models = self.bind(task.models)?;
        let lattice_size = self.lattice_size();
        monitor.start(lattice_size);
        let budget = Budget::new(&task.limits, monitor);
        let lattice = if by_boxes { Lattice::unnumbered(self.tops()) } else { Lattice::new(self.tops()) };
        let checker = Checker::new(self, &models, monitor);
        // What does not fit the address space is no limit.
        let memory = usize::try_from(task.limits.memory).unwrap_or(usize::MAX);
        // Boxes and what is known of nodes share it with the class lists.
        let (lists, of_boxes) = if by_boxes { (memory / 2, memory / 4) } else { (memory, 0) };
        let context =
            Context::new(checker, &lattice, budget, task.suppression_limit, lists, threads(&task.limits))?;
        let objective = &task.objective;
        let weights = objective.weights(self.ladders.len())?;
        let outcome = if by_boxes {
            boxes::search(&context, objective, &weights, of_boxes, task.anytime)
        } else if objective.measure.is_marginal() {
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

fn threads(limits: &Limits) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    (if limits.threads == 0 { cores() } else { limits.threads }).min(8)
}
