//! What is known of every node, and what one check says about others.
//!
//! The rows that a node suppresses only become fewer by generalising (see [`crate::models`]). So a node that
//! suppresses too much rules out all nodes below it, and a node within the limit vouches for all nodes above it.

use super::Lattice;

/// What is known of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing.
    Open,
    /// It suppresses no more rows than it may; its loss is not known.
    Within,
    /// It suppresses no more rows than it may, and its loss has been considered.
    Considered,
    /// It suppresses too many rows.
    RuledOut,
}

/// The state of every node: ruled-out nodes are closed downwards, the ones within the limit upwards.
pub(crate) struct States<'a> {
    lattice: &'a Lattice,
    states: Vec<State>,
}

impl<'a> States<'a> {
    pub(crate) fn new(lattice: &'a Lattice) -> Self {
        Self { lattice, states: vec![State::Open; lattice.size()] }
    }

    /// The state of a node.
    pub(crate) fn of(&self, number: usize) -> State {
        self.states[number]
    }

    /// Notes that a node suppresses too much, and with it all nodes below.
    pub(crate) fn rule_out(&mut self, levels: &[u16]) {
        self.mark_below(self.lattice.number(levels), levels, 0);
    }

    /// Notes that a node is within the limit, and with it all nodes above, and that its loss has been considered.
    pub(crate) fn consider(&mut self, levels: &[u16]) {
        let number = self.lattice.number(levels);
        self.mark_above(number, levels, 0);
        self.states[number] = State::Considered;
    }

    /// `number` is a node whose levels from attribute `from` on are those given: walking attribute by attribute reaches
    /// every node once. What lies below a node marked by an earlier call is marked already, so all calls together cost
    /// no more than the lattice has edges.
    fn mark_below(&mut self, number: usize, levels: &[u16], from: usize) {
        self.states[number] = State::RuledOut;
        for j in from..levels.len() {
            for down in 1..=usize::from(levels[j]) {
                let below = number - down * self.lattice.stride(j);
                if self.states[below] == State::RuledOut {
                    break;
                }
                self.mark_below(below, levels, j + 1);
            }
        }
    }

    /// The same upwards.
    fn mark_above(&mut self, number: usize, levels: &[u16], from: usize) {
        self.states[number] = State::Within;
        for j in from..levels.len() {
            for up in 1..=usize::from(self.lattice.tops()[j] - levels[j]) {
                let above = number + up * self.lattice.stride(j);
                if self.states[above] != State::Open {
                    break;
                }
                self.mark_above(above, levels, j + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::generalises;

    /// Marks in any order must give what comparing every pair of nodes gives.
    #[test]
    fn marks_are_closed() {
        let lattice = Lattice::new(vec![2, 1, 3, 2]).unwrap();
        let mut states = States::new(&lattice);
        let levels = |number| {
            let mut levels = vec![0; 4];
            lattice.levels(number, &mut levels);
            levels
        };
        let (over, within) =
            ([[1, 0, 2, 1], [0, 1, 3, 0], [1, 1, 1, 1]], [[2, 1, 2, 1], [2, 0, 3, 2], [2, 1, 1, 2]]);
        for (over, within) in over.iter().zip(&within) {
            states.rule_out(over);
            states.consider(within);
        }
        for number in 0..lattice.size() {
            let node = levels(number);
            let expected = if over.iter().any(|over| generalises(over, &node)) {
                State::RuledOut
            } else if within.iter().any(|within| within[..] == node) {
                State::Considered
            } else if within.iter().any(|within| generalises(&node, within)) {
                State::Within
            } else {
                State::Open
            };
            assert_eq!(states.of(number), expected, "{node:?}");
        }
    }
}
