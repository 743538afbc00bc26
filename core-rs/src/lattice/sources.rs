//! Finished class lists kept as sources of later roll-ups.
//!
//! The cost of a check is the number of classes in its source, so the cheapest finer node wins, whichever was checked
//! last. Memory is bounded by bytes, not by entries.

use super::generalises;
use crate::classes::Classes;

/// Memory for kept class lists, the tuples not counted.
const BUDGET: usize = 256 << 20;

/// A list is worth keeping when it is this much shorter than the list it came from (ARX's snapshot rule).
const WORTH: f64 = 0.8;

/// The tuples that a node suppresses, each with its class there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Suppressed {
    pub(crate) tuples: Vec<u32>,
    pub(crate) classes: Vec<u32>,
}

impl Suppressed {
    /// Those that are suppressed still at a more general node: all of them are among those suppressed here, because
    /// models are monotone. `class_of` holds what the classes here become there.
    pub(crate) fn narrowed(&self, class_of: &[u32], fails: impl Fn(u32) -> bool) -> Self {
        let mut out = Self { tuples: vec![0; self.tuples.len()], classes: vec![0; self.tuples.len()] };
        let mut length = 0;
        for (&tuple, &class) in self.tuples.iter().zip(&self.classes) {
            // Written always, counted if it stays: a branch here would be mispredicted often.
            let class = class_of[class as usize];
            (out.tuples[length], out.classes[length]) = (tuple, class);
            length += usize::from(fails(class));
        }
        out.tuples.truncate(length);
        out.classes.truncate(length);
        out
    }
}

/// A class list to roll up from.
pub(crate) struct Start<'a> {
    pub(crate) levels: &'a [u16],
    pub(crate) classes: &'a Classes,
    pub(crate) suppressed: &'a Suppressed,
}

/// The classes of one checked node.
pub(crate) struct Source {
    pub(crate) levels: Vec<u16>,
    pub(crate) classes: Classes,
    pub(crate) suppressed: Suppressed,
}

impl Source {
    fn bytes(&self) -> usize {
        self.classes.bytes()
            + (self.suppressed.tuples.capacity() + self.suppressed.classes.capacity()) * size_of::<u32>()
    }
}

struct Kept {
    source: Source,
    used: u64,
}

/// All kept class lists.
pub(crate) struct Sources<'a> {
    /// The tuples themselves: level 0 of everything, never dropped.
    tuples: &'a Classes,
    zeros: Vec<u16>,
    failing: Suppressed,
    /// Ascending by number of classes.
    kept: Vec<Kept>,
    bytes: usize,
    clock: u64,
}

impl<'a> Sources<'a> {
    /// `failing` are the tuples that are suppressed at level 0.
    pub(crate) fn new(tuples: &'a Classes, attributes: usize, failing: Suppressed) -> Self {
        Self { tuples, zeros: vec![0; attributes], failing, kept: Vec::new(), bytes: 0, clock: 0 }
    }

    /// The shortest list whose node the given one generalises.
    pub(crate) fn cheapest(&mut self, levels: &[u16]) -> Start<'_> {
        self.clock += 1;
        match self.kept.iter_mut().find(|kept| generalises(levels, &kept.source.levels)) {
            Some(kept) => {
                kept.used = self.clock;
                let Source { levels, classes, suppressed } = &kept.source;
                Start { levels, classes, suppressed }
            }
            None => Start { levels: &self.zeros, classes: self.tuples, suppressed: &self.failing },
        }
    }

    /// Whether a list of `classes` that was rolled up from one of `from` should be kept.
    pub(crate) fn worth_keeping(classes: usize, from: usize) -> bool {
        (classes as f64) <= WORTH * from as f64
    }

    /// Keeps a list; when the budget is spent, those unused for longest go.
    pub(crate) fn keep(&mut self, source: Source) {
        self.clock += 1;
        self.bytes += source.bytes();
        let place = self.kept.partition_point(|kept| kept.source.classes.len() <= source.classes.len());
        self.kept.insert(place, Kept { source, used: self.clock });
        while self.bytes > BUDGET {
            let oldest =
                self.kept.iter().enumerate().min_by_key(|(_, kept)| kept.used).map(|(place, _)| place);
            let Some(place) = oldest else { break };
            self.bytes -= self.kept.remove(place).source.bytes();
        }
    }
}
