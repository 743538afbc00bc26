//! What is known of every node, and what one check says about others.
//!
//! A node that must suppress too much, however its classes are split, rules out all nodes below it. A node within the
//! limit hints that the nodes above it are, too: that saves climbing through them and settles nothing, because models
//! need not be monotone. Threads share the states; each bit is only ever set.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::Lattice;
use crate::{Error, Monitor};

/// A node below one that must suppress too much: it cannot qualify, or cannot win. Closed downwards.
const RULED_OUT: u8 = 1;
/// A node above one that suppresses few enough rows. Closed upwards.
const WITHIN: u8 = 2;
/// The node's own loss has been considered.
const CONSIDERED: u8 = 4;
/// A thread is checking the node, or has.
const TAKEN: u8 = 8;
/// A node above one whose classes alone are worse than the best release. Closed upwards.
const WORSE: u8 = 16;

/// The bits of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State(u8);

impl State {
    /// Whether nothing more is to be learnt about the node itself.
    pub(crate) fn is_settled(self) -> bool {
        self.0 & (RULED_OUT | CONSIDERED | WORSE) != 0
    }

    /// Whether nodes below are known not to qualify.
    pub(crate) fn is_ruled_out(self) -> bool {
        self.0 & RULED_OUT != 0
    }

    /// Whether the node seems to suppress few enough rows.
    pub(crate) fn is_within(self) -> bool {
        self.0 & WITHIN != 0
    }

    /// Whether the node's classes alone are worse than the best release.
    pub(crate) fn is_worse(self) -> bool {
        self.0 & WORSE != 0
    }
}

/// The state of every node.
pub(crate) struct States<'a> {
    lattice: &'a Lattice,
    states: Vec<AtomicU8>,
}

impl<'a> States<'a> {
    pub(crate) fn new(lattice: &'a Lattice) -> Self {
        Self { lattice, states: (0..lattice.size()).map(|_| AtomicU8::new(0)).collect() }
    }

    /// The state of a node.
    pub(crate) fn of(&self, number: usize) -> State {
        State(self.states[number].load(Relaxed))
    }

    /// Reserves an unsettled node for the calling thread; false if it is settled or another thread has it.
    pub(crate) fn take(&self, number: usize) -> bool {
        !self.of(number).is_settled() && self.claim(number)
    }

    /// Reserves a node for the calling thread, settled or not; false if a thread has it or had it.
    pub(crate) fn claim(&self, number: usize) -> bool {
        self.states[number].fetch_or(TAKEN, Relaxed) & TAKEN == 0
    }

    /// Notes that a node must suppress too much, and with it all nodes below.
    pub(crate) fn rule_out(&self, levels: &[u16], monitor: &Monitor) -> Result<(), Error> {
        self.mark(self.lattice.number(levels), levels, 0, Mark { bit: RULED_OUT, up: false, monitor })
    }

    /// Notes that a node suppresses few enough rows.
    pub(crate) fn within(&self, levels: &[u16], monitor: &Monitor) -> Result<(), Error> {
        self.mark(self.lattice.number(levels), levels, 0, Mark { bit: WITHIN, up: true, monitor })
    }

    /// Notes that a node's classes alone are worse than the best release, and so are those of all nodes above.
    pub(crate) fn worse(&self, levels: &[u16], monitor: &Monitor) -> Result<(), Error> {
        self.mark(self.lattice.number(levels), levels, 0, Mark { bit: WORSE, up: true, monitor })
    }

    /// Notes that a node's own loss has been considered.
    pub(crate) fn consider(&self, levels: &[u16]) {
        self.states[self.lattice.number(levels)].fetch_or(CONSIDERED, Relaxed);
    }

    /// `number` is a node whose levels from attribute `from` on are those given: walking attribute by attribute reaches
    /// every node once. What lies beyond a node marked by an earlier call is marked already, or will be by a call that is
    /// still going on in another thread; so all calls together cost no more than the lattice has edges.
    fn mark(&self, number: usize, levels: &[u16], from: usize, mark: Mark<'_>) -> Result<(), Error> {
        self.states[number].fetch_or(mark.bit, Relaxed);
        if number.is_multiple_of(4096) {
            mark.monitor.check()?;
        }
        for j in from..levels.len() {
            let steps = if mark.up { self.lattice.tops()[j] - levels[j] } else { levels[j] };
            for step in 1..=usize::from(steps) {
                let away = step * self.lattice.stride(j);
                let next = if mark.up { number + away } else { number - away };
                if self.states[next].load(Relaxed) & mark.bit != 0 {
                    break;
                }
                self.mark(next, levels, j + 1, mark)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Mark<'a> {
    bit: u8,
    up: bool,
    monitor: &'a Monitor,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::generalises;

    /// Marks in any order must give what comparing every pair of nodes gives.
    #[test]
    fn marks_are_closed() {
        let lattice = Lattice::new(vec![2, 1, 3, 2]);
        let states = States::new(&lattice);
        let monitor = Monitor::new();
        let levels = |number| {
            let mut levels = vec![0; 4];
            lattice.levels(number, &mut levels);
            levels
        };
        let (over, within, worse) = (
            [[1, 0, 2, 1], [0, 1, 3, 0], [1, 1, 1, 1]],
            [[2, 1, 2, 1], [2, 0, 3, 2], [2, 1, 1, 2]],
            [[2, 0, 0, 2], [1, 0, 2, 1], [0, 0, 2, 2]],
        );
        for ((over, within), worse) in over.iter().zip(&within).zip(&worse) {
            states.rule_out(over, &monitor).unwrap();
            states.within(within, &monitor).unwrap();
            states.consider(within);
            states.worse(worse, &monitor).unwrap();
        }
        for number in 0..lattice.size() {
            let (node, state) = (levels(number), states.of(number));
            assert_eq!(state.is_ruled_out(), over.iter().any(|over| generalises(over, &node)), "{node:?}");
            assert_eq!(state.is_within(), within.iter().any(|within| generalises(&node, within)), "{node:?}");
            assert_eq!(state.is_worse(), worse.iter().any(|worse| generalises(&node, worse)), "{node:?}");
            let considered = within.iter().any(|within| within[..] == node);
            assert_eq!(state.is_settled(), state.is_ruled_out() || state.is_worse() || considered);
            assert_eq!(states.take(number), !state.is_settled());
            assert!(!states.take(number));
        }
    }
}
