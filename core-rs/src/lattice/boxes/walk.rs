//! The order in which boxes are taken.

use super::Goal;
use super::interval::Interval;
use super::queue::{Open, Queue};
use crate::lattice::budget::Halt;
use crate::lattice::context::Context;
use crate::lattice::packing::Packing;
use crate::lattice::search::Outcome;

/// Runs to the end, or to a limit. `memory` is bytes for the open boxes.
pub(super) fn run<G: Goal>(
    mut goal: G,
    context: &Context<'_>,
    memory: usize,
    anytime: bool,
) -> Result<Outcome, Halt> {
    let tops = context.lattice.tops();
    let mut queue = Queue::new(Packing::new(tops), memory);
    queue.push(&Open { bound: 0, part: Interval::whole(tops) });
    let mut walk = Walk { goal: &mut goal, context, queue, taken: None, settled: 0.0 };
    let halted = walk.first_to_last();
    let mut lower = walk.lower_bound();
    if halted.is_err() {
        // The whole lattice is a box, too: that is all that is known if the limit came early.
        let whole = goal.look(&mut Interval::whole(tops));
        lower = lower.zip(whole).map(|(least, whole)| least.max(whole));
    }
    goal.outcome(lower, halted, anytime)
}

struct Walk<'a, 'c, G> {
    goal: &'a mut G,
    context: &'a Context<'c>,
    queue: Queue,
    /// The least bound of what has been taken out of the queue.
    taken: Option<u64>,
    /// Nodes that are in no open box any more.
    settled: f64,
}

impl<G: Goal> Walk<'_, '_, G> {
    fn lower_bound(&self) -> Option<u64> {
        let most = self.goal.most();
        [self.taken, self.queue.least()].into_iter().flatten().min().filter(|&bound| bound <= most)
    }

    /// Takes boxes, the one with the least bound first, until none is left that may hold a node that wins.
    fn first_to_last(&mut self) -> Result<(), Halt> {
        self.goal.start()?;
        let attributes = self.context.lattice.tops().len();
        while let Some(open) = self.queue.pop(attributes) {
            if open.bound > self.goal.most() {
                // And so are all others.
                self.queue.clear();
                break;
            }
            self.taken = Some(open.bound);
            self.context.budget.ask()?;
            let next = self.queue.least();
            if self.queue.is_full(attributes) {
                self.deepen(open)?;
            } else {
                self.settled += open.part.nodes();
                for part in self.goal.expand(open, next)? {
                    self.settled -= part.part.nodes();
                    self.queue.push(&part);
                }
                // Saturates, as the number of nodes does.
                self.context.checker.monitor.advance_to(self.settled as u64);
            }
            self.taken = None;
        }
        Ok(())
    }

    /// When there is no room for more boxes: goes through what is in a box, the deepest first, as far as bounds are not much
    /// above its own, and puts it back as a whole, with the least bound that was met beyond. What is known of nodes
    /// remains, so coming here again is cheaper. Each time its bound comes nearer to the best by a quarter at least, so this
    /// happens to a box only so often.
    fn deepen(&mut self, root: Open) -> Result<(), Halt> {
        let far = root.bound + self.goal.most().saturating_sub(root.bound) / 4;
        let mut beyond: Option<u64> = None;
        let mut stack = vec![root.clone()];
        while let Some(open) = stack.pop() {
            self.taken = stack.iter().map(|open| open.bound).chain(beyond).chain([open.bound]).min();
            self.context.budget.ask()?;
            let mut parts = self.goal.expand(open, None)?;
            parts.sort_by_key(|part| std::cmp::Reverse(part.bound));
            let most = self.goal.most();
            for part in parts.into_iter().filter(|part| part.bound <= most) {
                if part.bound > far {
                    beyond = Some(beyond.map_or(part.bound, |least| least.min(part.bound)));
                } else {
                    stack.push(part);
                }
            }
        }
        if let Some(bound) = beyond {
            self.queue.push(&Open { bound, ..root });
        }
        Ok(())
    }
}
