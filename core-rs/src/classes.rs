//! Equivalence classes: equal keys and how many rows hold each.
//!
//! Rows are grouped once. After that a class list is *rolled up*: when node v is at least as general as node u in
//! every attribute, the classes of v are unions of classes of u, so the classes of u take the place of the rows.
//! ARX rolls up from the last node checked (Kohlmayer, Prasser et al., "Flash: efficient, stable and optimal
//! k-anonymity", 2012); here any finished node may be the source (see `lattice::sources`).

use crate::codes::{Column, Field, Layout, by_words, check_shape};
use crate::grouping::{self, Grouped};
use crate::index::{BLOCK, Index};
use crate::{Error, Monitor};

/// Distinct keys in the order of their first appearance, each with its number of rows.
///
/// With a population, classes that hold no row of the table but only rows of the population follow after all others:
/// the population is grouped behind the table, and roll-ups keep the order of first appearance.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    words: usize,
    keys: Vec<u64>,
    counts: Vec<u32>,
    /// Population rows of every class; empty without a population.
    population: Vec<u64>,
    /// The classes that hold rows of the table; the others come after them.
    sampled: usize,
}

impl Classes {
    /// All classes, those without rows of the table included.
    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    /// Rows of every class that has any.
    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts[..self.sampled]
    }

    /// Population rows of the classes that have rows of the table; empty without a population.
    pub(crate) fn population(&self) -> &[u64] {
        &self.population[..self.sampled.min(self.population.len())]
    }

    /// Gives every class its rows, and with a population the rows there. The first `sampled` classes are those that
    /// hold rows of the table.
    pub(crate) fn recount(&mut self, counts: Vec<u32>, population: Vec<u64>, sampled: usize) {
        (self.counts, self.population, self.sampled) = (counts, population, sampled);
    }

    /// Every class's code in one field.
    pub(crate) fn codes(&self, field: Field) -> impl Iterator<Item = u32> + '_ {
        self.keys.chunks_exact(self.words).map(move |key| code_in(key, field))
    }

    /// One class's code in one field.
    pub(crate) fn code(&self, class: usize, field: Field) -> u32 {
        code_in(&self.keys[class * self.words..(class + 1) * self.words], field)
    }

    /// Memory held, for the budget of the sources.
    pub(crate) fn bytes(&self) -> usize {
        (self.keys.capacity() + self.population.capacity()) * size_of::<u64>()
            + self.counts.capacity() * size_of::<u32>()
    }

    /// The same classes in another layout; `recode` holds, per attribute, the new code of every old one.
    pub(crate) fn recoded(&self, from: &Layout, to: &Layout, recode: &[Vec<u32>]) -> Self {
        let mut keys = vec![0u64; self.len() * to.words];
        for ((&old, &new), table) in from.fields.iter().zip(&to.fields).zip(recode) {
            for (key, code) in keys.chunks_exact_mut(to.words).zip(self.codes(old)) {
                key[new.word] |= u64::from(table[code as usize]) << new.shift;
            }
        }
        Self { words: to.words, keys, ..self.clone() }
    }
}

fn code_in(key: &[u64], field: Field) -> u32 {
    // A field has at most 32 bits, so nothing is cut off.
    ((key[field.word] >> field.shift) & field.mask) as u32
}

/// Groups all rows; with `class_of_row`, also writes down the class of every row there.
pub(crate) fn group(
    columns: &[Column<'_>],
    layout: &Layout,
    class_of_row: Option<&mut Vec<u32>>,
    monitor: &Monitor,
) -> Result<Classes, Error> {
    let Grouped { keys, counts } =
        grouping::group(columns, layout, class_of_row, grouping::default_threads(), monitor)?;
    let sampled = counts.len();
    Ok(Classes { words: layout.words, keys, counts, population: Vec::new(), sampled })
}

/// One attribute that a roll-up generalises: its field and the new code of every old one.
pub(crate) struct Change<'a> {
    pub(crate) field: Field,
    pub(crate) table: &'a [u32],
}

/// The classes of a more general node, and for each class of `source` the class that it becomes part of.
pub(crate) fn roll_up(
    source: &Classes,
    changes: &[Change<'_>],
    index: &mut Index,
    monitor: &Monitor,
) -> Result<(Classes, Vec<u32>), Error> {
    by_words!(source.words, roll_up_words(source, changes, index, monitor))
}

fn roll_up_words<const W: usize>(
    source: &Classes,
    changes: &[Change<'_>],
    index: &mut Index,
    monitor: &Monitor,
) -> Result<(Classes, Vec<u32>), Error> {
    let mut kept = [u64::MAX; W];
    for change in changes {
        kept[change.field.word] &= !(change.field.mask << change.field.shift);
    }
    index.clear(source.len());
    let (mut keys, mut counts) = (Vec::new(), Vec::new());
    let mut class_of = vec![0u32; source.len()];
    let mut block = [[0u64; W]; BLOCK];
    let (finer, _) = source.keys.as_chunks::<W>();
    for ((finer, ids), weights) in
        finer.chunks(BLOCK).zip(class_of.chunks_mut(BLOCK)).zip(source.counts.chunks(BLOCK))
    {
        monitor.check()?;
        let block = &mut block[..finer.len()];
        for (key, old) in block.iter_mut().zip(finer) {
            for word in 0..W {
                key[word] = old[word] & kept[word];
            }
        }
        for change in changes {
            let Field { word, shift, mask } = change.field;
            for (key, old) in block.iter_mut().zip(finer) {
                let code = (old[word] >> shift) & mask;
                key[word] |= u64::from(change.table[code as usize]) << shift;
            }
        }
        index.insert(block, &mut keys, ids);
        counts.resize(keys.len() / W, 0u32);
        for (&id, &weight) in ids.iter().zip(weights) {
            counts[id as usize] += weight;
        }
    }
    let mut population = vec![0u64; if source.population.is_empty() { 0 } else { counts.len() }];
    for (&id, &rows) in class_of.iter().zip(&source.population) {
        population[id as usize] += rows;
    }
    // Classes are numbered by first appearance, and those with rows of the table come first.
    let sampled = match class_of[..source.sampled].iter().max() {
        _ if source.sampled == source.len() => counts.len(),
        Some(&last) => last as usize + 1,
        None => 0,
    };
    Ok((Classes { words: W, keys, counts, population, sampled }, class_of))
}

/// How many classes there are of each size, ascending by size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassHistogram {
    /// Pairs of a class size and the number of classes that have it.
    pub counts: Vec<(u64, u64)>,
}

impl ClassHistogram {
    /// Counts class sizes.
    pub(crate) fn of(sizes: impl Iterator<Item = u32>) -> Self {
        let mut sizes: Vec<u32> = sizes.collect();
        sizes.sort_unstable();
        Self {
            counts: sizes.chunk_by(|a, b| a == b).map(|run| (u64::from(run[0]), run.len() as u64)).collect(),
        }
    }

    /// Rows in all classes.
    pub fn rows(&self) -> u64 {
        self.counts.iter().map(|(size, count)| size * count).sum()
    }

    /// The number of classes.
    pub fn classes(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// The histogram of the classes that equal rows form.
///
/// ```
/// use shoal_core::{Column, Monitor, class_histogram};
///
/// let zip = Column { codes: &[0, 0, 1, 1, 1], cardinality: 2 };
/// let sex = Column { codes: &[0, 0, 1, 1, 0], cardinality: 2 };
/// assert_eq!(class_histogram(&[zip, sex], &Monitor::new())?.counts, [(1, 1), (2, 2)]);
/// # Ok::<(), shoal_core::Error>(())
/// ```
pub fn class_histogram(columns: &[Column<'_>], monitor: &Monitor) -> Result<ClassHistogram, Error> {
    monitor.start(check_shape(columns)? as u64);
    let layout = Layout::new(columns.iter().map(|column| column.cardinality));
    grouping::sizes(columns, &layout, grouping::default_threads(), monitor)
}
