//! The search of lattices of any size: branch and bound over boxes, without a state per node.
//!
//! A box is an interval of the lattice. The search keeps a list of open boxes that hold every node that may still be better
//! than the best one found, each with a lower bound of all it holds, and takes the one with the least bound: it is either
//! shown to hold nothing that wins, or replaced by smaller boxes, or its bound rises. So the least bound never falls, and
//! whenever the search ends it is a proof of how much better a release could be. `DESIGN.md` has the proofs.

mod facts;
mod interval;
mod marginal;
mod prices;
mod queue;
mod walk;

use super::budget::Halt;
use super::context::Context;
use super::search::Outcome;
use crate::objective::Objective;
use queue::Open;

/// What is minimised, and everything known of the lattice.
trait Goal {
    fn debug(&self) -> String;

    /// Finds first releases.
    fn start(&mut self) -> Result<(), Halt>;

    /// The largest bound of a box that may hold a node that wins.
    fn most(&self) -> u64;

    /// Replaces a box by others that hold every node of it that may win: none; itself with a larger bound; or smaller ones,
    /// whose bounds are no smaller. `next` is the least bound of the other boxes.
    fn expand(&mut self, open: Open, next: Option<u64>) -> Result<Vec<Open>, Halt>;

    /// The result. `lower` is the least bound of the open boxes if any are left.
    fn outcome(self, lower: Option<u64>, halted: Result<(), Halt>, anytime: bool) -> Result<Outcome, Halt>;
}

/// Finds the best node.
pub(super) fn search(
    context: &Context<'_>,
    objective: &Objective,
    weights: &[f64],
    memory: usize,
    anytime: bool,
) -> Result<Outcome, Halt> {
    walk::run(marginal::Marginal::new(context, objective, weights, memory)?, context, memory, anytime)
}
