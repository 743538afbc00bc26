//! The search of lattices of any size: branch and bound over boxes, without a state per node.
//!
//! A box is an interval of the lattice. The search keeps a list of open boxes that hold every node that may still be better
//! than the best one found, each with a lower bound of all it holds, and takes the one with the least bound: it is either
//! shown to hold nothing that wins, or replaced by smaller boxes, or its bound rises. So the least bound never falls, and
//! whenever the search ends it is a proof of how much better a release could be. `DESIGN.md` has the proofs.

mod classwise;
mod facts;
mod interval;
mod marginal;
mod moves;
mod prices;
mod queue;
mod walk;

use super::budget::Halt;
use super::context::Context;
use super::search::Outcome;
use crate::objective::Objective;
use interval::Interval;
use queue::Open;

/// What checks have shown. Values and bounds are numbers that are larger for larger ones.
trait Judge {
    /// Computes the classes of a node and learns from them; a node that will help with many others may come first.
    fn check(&mut self, levels: &[u16]) -> Result<(), Halt>;

    /// The value, if it qualifies, of a node of which it is remembered that it has been checked.
    fn checked(&self, levels: &[u16]) -> Option<Option<u64>>;

    /// Whether it is known that nothing from `low` up to a node wins. If so, it is for every node between.
    fn is_covered(&self, levels: &[u16], low: &[u16]) -> bool;

    /// The value of the best node, and its levels.
    fn best(&self) -> Option<(u64, &[u16])>;

    /// What a level of an attribute seems to cost; it never falls with the level.
    fn cost(&self, attribute: usize, level: u16) -> f64;

    /// Like [`Judge::is_covered`], with a check if nothing is known of the node.
    fn turns_out_covered(&mut self, levels: &[u16], low: &[u16]) -> Result<bool, Halt> {
        if self.is_covered(levels, low) {
            return Ok(true);
        }
        if self.checked(levels).is_some() {
            return Ok(false);
        }
        self.check(levels)?;
        Ok(self.is_covered(levels, low))
    }
}

/// What is minimised, and everything known of the lattice.
trait Goal: Judge {
    /// Finds first releases.
    fn start(&mut self) -> Result<(), Halt>;

    /// The largest bound of a box that may hold a node that wins.
    fn most(&self) -> u64;

    /// Looks at a box without any check: cuts off what cannot win, and gives a bound, nothing if nothing in it can win.
    fn look(&self, part: &mut Interval) -> Option<u64>;

    /// Replaces a box by others that hold every node of it that may win: none; itself with a larger bound; or smaller ones,
    /// whose bounds are no smaller. `next` is the least bound of the other boxes.
    fn expand(&mut self, open: Open, next: Option<u64>) -> Result<Vec<Open>, Halt>;

    /// The result. `lower` is the least bound of the open boxes if any are left.
    fn outcome(self, lower: Option<u64>, halted: Result<(), Halt>, anytime: bool) -> Result<Outcome, Halt>;
}

/// Finds the best node. `memory` is bytes each for the open boxes and for what is known of nodes.
pub(super) fn search(
    context: &Context<'_>,
    objective: &Objective,
    weights: &[f64],
    memory: usize,
    anytime: bool,
) -> Result<Outcome, Halt> {
    if objective.measure.is_marginal() {
        walk::run(marginal::Marginal::new(context, objective, weights, memory)?, context, memory, anytime)
    } else {
        walk::run(classwise::Classwise::new(context, objective.measure, memory)?, context, memory, anytime)
    }
}
