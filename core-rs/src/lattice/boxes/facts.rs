//! What checks have shown of nodes below those that were checked.

use std::collections::HashMap;

use crate::lattice::packing::Packing;

/// What the rows that are hopeless at a node do to every node below.
pub(super) struct Floor {
    /// The least that the sums of an attribute at a level can be, for every attribute and all levels up to the node's: see
    /// `starts`.
    pub(super) sums: Vec<u64>,
    /// Where the levels of each attribute begin.
    pub(super) starts: Vec<u32>,
    /// No key of a node below is raised by more, in the way that keys are added up.
    pub(super) reach: f64,
}

impl Floor {
    /// The least sum of an attribute at a level.
    pub(super) fn sum(&self, attribute: usize, level: u16) -> u64 {
        self.sums[self.starts[attribute] as usize + usize::from(level)]
    }
}

/// A checked node of which the nodes below inherit something.
pub(super) struct Fact {
    pub(super) levels: Vec<u16>,
    /// Rows that the node and every node below suppress at least.
    pub(super) least: u64,
    /// What the rows that are hopeless here do, if there are any.
    pub(super) floor: Option<Floor>,
}

impl Fact {
    pub(super) fn new(levels: Vec<u16>, least: u64, floor: Option<Floor>) -> Self {
        Self { levels, least, floor }
    }

    fn bytes(&self) -> usize {
        let floor = self.floor.as_ref();
        size_of::<Self>()
            + self.levels.len() * size_of::<u16>()
            + floor.map_or(0, |floor| size_of_val(&floor.sums[..]) + size_of_val(&floor.starts[..]))
    }
}

/// All facts that are remembered, and the nodes that were checked. Forgetting loses time and no result.
pub(super) struct Facts {
    packing: Packing,
    /// The packed nodes of the facts, one after the other.
    nodes: Vec<u64>,
    facts: Vec<Fact>,
    /// Every checked node, with its value if it qualifies, as a number that is larger for a larger value.
    checked: HashMap<Box<[u64]>, Option<u64>>,
    bytes: usize,
    budget: usize,
}

/// So many bytes are used whatever the memory.
const AT_LEAST: usize = 1 << 16;

impl Facts {
    /// `budget` is memory in bytes.
    pub(super) fn new(packing: Packing, budget: usize) -> Self {
        Self {
            packing,
            nodes: Vec::new(),
            facts: Vec::new(),
            checked: HashMap::new(),
            bytes: 0,
            budget: budget.max(AT_LEAST),
        }
    }

    /// Notes that a node has been checked, and its value if it qualifies.
    pub(super) fn note(&mut self, levels: &[u16], value: Option<u64>) {
        if self.checked.len() * (self.packing.words() + 4) * size_of::<u64>() > self.budget {
            self.checked.clear();
        }
        self.checked.insert(self.packing.pack(levels).into(), value);
    }

    /// The value, if it qualifies, of a node of which it is remembered that it has been checked.
    pub(super) fn checked(&self, levels: &[u16]) -> Option<Option<u64>> {
        self.checked.get(&self.packing.pack(levels)[..]).copied()
    }

    /// Adds a fact. One that rules out takes the place of those of nodes below that do: `rules_out` tells.
    pub(super) fn add(&mut self, fact: Fact, rules_out: impl Fn(&Fact) -> bool) {
        let node = self.packing.pack(&fact.levels);
        if rules_out(&fact) {
            self.retain(|packing, each, place| !(rules_out(each) && packing.generalises(&node, place)));
        }
        self.bytes += fact.bytes();
        self.nodes.extend_from_slice(&node);
        self.facts.push(fact);
        if self.bytes > self.budget {
            // The older half goes: what came of it is part of the boxes.
            let gone = self.facts.len() / 2;
            self.bytes -= self.facts.drain(..gone).map(|fact| fact.bytes()).sum::<usize>();
            self.nodes.drain(..gone * self.packing.words());
        }
    }

    fn retain(&mut self, keep: impl Fn(&Packing, &Fact, &[u64]) -> bool) {
        let words = self.packing.words();
        let (mut place, mut kept) = (0, 0);
        let Self { packing, nodes, facts, bytes, .. } = self;
        facts.retain(|fact| {
            let node = place * words..(place + 1) * words;
            place += 1;
            let stays = keep(packing, fact, &nodes[node.clone()]);
            if stays {
                nodes.copy_within(node, kept * words);
                kept += 1;
            } else {
                *bytes -= fact.bytes();
            }
            stays
        });
        nodes.truncate(kept * words);
    }

    /// The places of the facts of the nodes that generalise this one.
    pub(super) fn above(&self, levels: &[u16]) -> Vec<usize> {
        let node = self.packing.pack(levels);
        let words = self.packing.words();
        let nodes = self.nodes.chunks_exact(words).enumerate();
        nodes.filter(|(_, each)| self.packing.generalises(each, &node)).map(|(place, _)| place).collect()
    }

    pub(super) fn get(&self, place: usize) -> &Fact {
        &self.facts[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(facts: &Facts, node: &[u16]) -> Vec<Vec<u16>> {
        facts.above(node).into_iter().map(|place| facts.get(place).levels.clone()).collect()
    }

    #[test]
    fn what_rules_out_takes_the_place_of_what_is_below() {
        let mut facts = Facts::new(Packing::new(&[3, 3]), 0);
        let add = |facts: &mut Facts, node: [u16; 2], least| {
            facts.add(Fact::new(node.to_vec(), least, None), |fact| fact.least > 5);
        };
        for (node, least) in [([1, 0], 9), ([0, 2], 7), ([2, 1], 3)] {
            add(&mut facts, node, least);
        }
        assert_eq!(levels(&facts, &[0, 0]), [[1, 0], [0, 2], [2, 1]]);
        assert_eq!(levels(&facts, &[0, 1]), [[0, 2], [2, 1]]);
        // [2, 1] does not rule out; [0, 2] is not below.
        add(&mut facts, [3, 1], 6);
        assert_eq!(levels(&facts, &[0, 0]), [[0, 2], [2, 1], [3, 1]]);
        add(&mut facts, [3, 3], 2);
        assert_eq!(levels(&facts, &[3, 2]), [[3, 3]]);
        assert_eq!(levels(&facts, &[0, 0]).len(), 4);
    }

    #[test]
    fn the_older_half_is_forgotten() {
        let packing = Packing::new(&[u16::MAX - 1; 2]);
        let mut facts = Facts::new(packing, 0);
        let each = Fact::new(vec![0, 0], 1, None).bytes();
        let most = AT_LEAST / each;
        let node = |place: usize| vec![place as u16, (most - place) as u16];
        for place in 0..=most {
            facts.add(Fact::new(node(place), 1, None), |_| false);
        }
        assert!(facts.bytes == (most + 1).div_ceil(2) * each && facts.bytes <= AT_LEAST);
        assert!(levels(&facts, &node(0)).is_empty());
        assert_eq!(levels(&facts, &node(most)), [node(most)]);
        facts.note(&[1, 2], Some(7));
        facts.note(&[2, 2], None);
        let known = [[1, 2], [2, 2], [3, 2]].map(|node| facts.checked(&node));
        assert_eq!(known, [Some(Some(7)), Some(None), None]);
    }
}
