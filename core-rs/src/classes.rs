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

/// What a roll-up does to one attribute.
pub(crate) struct Recode<'a> {
    pub(crate) field: Field,
    /// The new code of every old one; nothing where the level stays.
    pub(crate) table: Option<&'a [u32]>,
    /// How many codes there are at the old level and at the new one.
    pub(crate) codes: (u32, u32),
}

/// Room that roll-ups use again and again.
#[derive(Default)]
pub(crate) struct Workspace {
    index: Index,
    /// Per combination of new codes the number of its class + 1, or 0; all 0 between roll-ups.
    slots: Vec<u32>,
    /// Of each class where it first appeared, and its combination.
    firsts: Vec<(u32, u32)>,
    /// Per group of fields what their bits add to the number of a combination.
    shares: Vec<u32>,
    keys: Vec<u64>,
    counts: Vec<u32>,
    /// For each class of the source the class that it has become part of.
    pub(crate) class_of: Vec<u32>,
}

impl Workspace {
    /// Says that the classes have stayed what they were.
    pub(crate) fn stay(&mut self, classes: usize) {
        self.class_of.clear();
        self.class_of.extend(0..classes as u32);
    }
}

/// Up to this many combinations of codes are numbered directly instead of being hashed: 512 KiB of cells.
const MAX_CELLS: u64 = 1 << 17;

/// The classes of a more general node; [`Workspace::class_of`] then tells what has become of the classes of `source`.
pub(crate) fn roll_up(
    source: &Classes,
    recodes: &[Recode<'_>],
    workspace: &mut Workspace,
    monitor: &Monitor,
) -> Result<Classes, Error> {
    workspace.class_of.clear();
    workspace.class_of.resize(source.len(), 0);
    workspace.counts.clear();
    let cells = recodes.iter().try_fold(1, |cells: u64, recode| {
        cells.checked_mul(u64::from(recode.codes.1)).filter(|&cells| cells <= MAX_CELLS)
    });
    match cells {
        Some(cells) => {
            by_words!(source.words, number_words(source, recodes, cells as usize, workspace, monitor))
        }
        None => by_words!(source.words, hash_words(source, recodes, workspace, monitor)),
    }
}

/// Fields that lie together in a word, of together at most this many bits, are looked up at once: tables of 8 KiB.
const GROUP_BITS: u32 = 11;

/// Fields that are looked up at once.
struct Group {
    field: Field,
    /// Where the group's table begins in [`Workspace::shares`].
    start: usize,
}

/// Lays out the tables that number combinations of new codes: the number is the sum over the groups.
fn group_fields(recodes: &[Recode<'_>], shares: &mut Vec<u32>) -> Vec<Group> {
    shares.clear();
    let mut groups: Vec<Group> = Vec::new();
    let mut stride = 1;
    // Attributes of which one code is left do not count.
    for recode in recodes.iter().filter(|recode| recode.codes.1 > 1) {
        let Field { word, shift, mask } = recode.field;
        let joins = groups.last().is_some_and(|group| {
            let bits = shift + mask.count_ones() - group.field.shift.min(shift);
            group.field.word == word && group.field.shift < shift && bits <= GROUP_BITS
        });
        if !joins {
            groups.push(Group { field: Field { word, shift, mask: 0 }, start: shares.len() });
            shares.push(0);
        }
        if let Some(group) = groups.last_mut() {
            // Bits between the group's fields belong to attributes that do not count: whatever they are, they add nothing.
            let below = 1usize << (shift - group.field.shift);
            let known = shares.len() - group.start;
            for place in known..below {
                shares.push(shares[group.start + place % known]);
            }
            for code in 1..=mask as usize {
                let new = match recode.table {
                    Some(table) => table.get(code).copied().unwrap_or(0),
                    None => code as u32,
                };
                for place in 0..below {
                    shares.push(shares[group.start + place] + new * stride);
                }
            }
            group.field.mask = (mask << (shift - group.field.shift)) | (below as u64 - 1);
        }
        stride *= recode.codes.1;
    }
    groups
}

/// A roll-up for few combinations of codes: each has a slot, found without hashing.
fn number_words<const W: usize>(
    source: &Classes,
    recodes: &[Recode<'_>],
    combinations: usize,
    workspace: &mut Workspace,
    monitor: &Monitor,
) -> Result<Classes, Error> {
    let Workspace { slots, firsts, shares, counts, class_of, .. } = workspace;
    slots.resize(slots.len().max(combinations), 0);
    firsts.resize(firsts.len().max(source.len() + 1), (0, 0));
    let groups = group_fields(recodes, shares);
    let (finer, _) = source.keys.as_chunks::<W>();
    counts.resize(finer.len() + 1, 0);
    let mut found = 0u32;
    let mut cells = [0u32; BLOCK];
    let blocks = finer.chunks(BLOCK).zip(class_of.chunks_mut(BLOCK)).zip(source.counts.chunks(BLOCK));
    for (first, ((finer, ids), weights)) in (0u32..).step_by(BLOCK).zip(blocks) {
        monitor.check()?;
        let cells = &mut cells[..finer.len()];
        cells.fill(0);
        for group in &groups {
            let Field { word, shift, mask } = group.field;
            let shares = &shares[group.start..][..=mask as usize];
            for (cell, key) in cells.iter_mut().zip(finer) {
                *cell += shares[((key[word] >> shift) & mask) as usize];
            }
        }
        let slots = &mut slots[..combinations];
        for ((place, &cell), id) in (first..).zip(&*cells).zip(&mut *ids) {
            // Written always, counted if it is new: a branch here would be mispredicted often.
            let slot = slots[cell as usize];
            firsts[found as usize] = (place, cell);
            found += u32::from(slot == 0);
            let number = if slot == 0 { found } else { slot };
            slots[cell as usize] = number;
            *id = number - 1;
        }
        for (&id, &weight) in ids.iter().zip(weights) {
            counts[id as usize] += weight;
        }
    }
    counts.truncate(found as usize);
    let mut keys = Vec::with_capacity(found as usize * W);
    for &(place, cell) in &firsts[..found as usize] {
        slots[cell as usize] = 0;
        keys.extend_from_slice(&finer[place as usize]);
    }
    for (field, table) in recodes.iter().filter_map(|recode| Some((recode.field, recode.table?))) {
        let Field { word, shift, mask } = field;
        for key in keys.as_chunks_mut::<W>().0 {
            let code = (key[word] >> shift) & mask;
            key[word] ^= (code ^ u64::from(table[code as usize])) << shift;
        }
    }
    Ok(rolled_up::<W>(source, keys, counts, class_of))
}

/// The bits of the attributes whose level stays.
fn kept_bits<const W: usize>(recodes: &[Recode<'_>]) -> [u64; W] {
    let mut kept = [u64::MAX; W];
    for recode in recodes.iter().filter(|recode| recode.table.is_some()) {
        kept[recode.field.word] &= !(recode.field.mask << recode.field.shift);
    }
    kept
}

/// A roll-up for many combinations of codes.
fn hash_words<const W: usize>(
    source: &Classes,
    recodes: &[Recode<'_>],
    workspace: &mut Workspace,
    monitor: &Monitor,
) -> Result<Classes, Error> {
    let kept = kept_bits::<W>(recodes);
    let changes: Vec<(Field, &[u32])> =
        recodes.iter().filter_map(|recode| Some((recode.field, recode.table?))).collect();
    let Workspace { index, keys, counts, class_of, .. } = workspace;
    index.clear(source.len());
    keys.clear();
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
        for &(Field { word, shift, mask }, table) in &changes {
            for (key, old) in block.iter_mut().zip(finer) {
                let code = (old[word] >> shift) & mask;
                key[word] |= u64::from(table[code as usize]) << shift;
            }
        }
        index.insert(block, keys, ids);
        counts.resize(keys.len() / W, 0u32);
        for (&id, &weight) in ids.iter().zip(weights) {
            counts[id as usize] += weight;
        }
    }
    Ok(rolled_up::<W>(source, keys.clone(), counts, class_of))
}

/// What all roll-ups end with.
fn rolled_up<const W: usize>(source: &Classes, keys: Vec<u64>, counts: &[u32], class_of: &[u32]) -> Classes {
    let mut population = vec![0u64; if source.population.is_empty() { 0 } else { counts.len() }];
    for (&id, &rows) in class_of.iter().zip(&source.population) {
        population[id as usize] += rows;
    }
    // Classes are numbered by first appearance, and those with rows of the table come first.
    let sampled = if source.sampled == source.len() {
        counts.len()
    } else {
        class_of[..source.sampled].iter().max().map_or(0, |&last| last as usize + 1)
    };
    Classes { words: W, keys, counts: counts.to_vec(), population, sampled }
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
