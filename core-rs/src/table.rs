//! A table prepared for searching: its rows reduced to their distinct tuples.
//!
//! Everything a search asks about rows, equal rows answer alike; so they are merged once, each tuple with its number
//! of rows and its histograms of the sensitive columns, and no later step reads the rows again. A table does not change
//! once it is made: any number of searches, in any threads, may share it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::classes::{Classes, Recode, Workspace, group, roll_up};
use crate::codes::{Column, Field, Layout, check_shape};
use crate::hierarchy::Hierarchy;
use crate::ladder::Ladder;
use crate::lattice::lattice_size;
use crate::models::{Models, Sensitive, Spec};
use crate::sensitive::{Grouped, Histograms, Tally};
use crate::{Error, MAX_ROWS, Monitor};

/// One quasi-identifier: the leaf of every record, and what the leaves become.
#[derive(Debug, Clone)]
pub struct Attribute<'a> {
    /// The leaf of every record.
    pub codes: &'a [u32],
    /// The hierarchy of the leaves.
    pub hierarchy: Hierarchy<'a>,
}

/// The records of a population that holds the table's people: what an attacker may know.
#[derive(Debug, Clone)]
pub struct Population<'a> {
    /// Per attribute, the leaf of every record of the population.
    pub codes: Vec<&'a [u32]>,
    /// How many people every record stands for; one where there is nothing.
    pub counts: Option<&'a [u32]>,
}

/// A column that privacy models look at.
#[derive(Debug, Clone)]
pub struct SensitiveColumn<'a> {
    /// The value of every record, below `values`; for distances by rank, the rank.
    pub codes: &'a [u32],
    /// How many values there are.
    pub values: u32,
    /// For each value its rows in the reference distribution; that of the table where there is nothing.
    pub reference: Option<&'a [u64]>,
    /// For each value its place on a line, ascending.
    pub positions: Option<&'a [u64]>,
    /// For every level from 1 on, what each value becomes there.
    pub generalizations: Vec<&'a [u32]>,
}

/// A sensitive column without its records.
struct Described {
    values: u32,
    reference: Vec<u64>,
    positions: Option<Vec<u64>>,
    generalizations: Vec<Vec<u32>>,
}

/// Distinct tuples in dense codes, the ladders that generalise them and their histograms of the sensitive columns.
pub struct Table {
    pub(crate) tuples: Arc<Classes>,
    pub(crate) tuple_of_record: Vec<u32>,
    pub(crate) layout: Layout,
    pub(crate) ladders: Vec<Ladder>,
    pub(crate) histograms: Arc<Vec<Histograms>>,
    sensitive: Vec<Described>,
    has_population: bool,
    rows: u64,
}

impl Table {
    /// Reads everything once. `counts` says how many rows each record stands for, one where there is nothing.
    pub fn new(
        attributes: &[Attribute<'_>],
        sensitive: &[SensitiveColumn<'_>],
        population: Option<&Population<'_>>,
        counts: Option<&[u32]>,
        monitor: &Monitor,
    ) -> Result<Self, Error> {
        let columns: Vec<Column<'_>> =
            attributes.iter().map(|a| Column { codes: a.codes, cardinality: a.hierarchy.leaves() }).collect();
        let records = check_shape(&columns)?;
        let rows = total_rows(records, counts)?;
        let people = population.map_or(Ok(0), |population| population.records(attributes.len()))?;
        monitor.start((records + people) as u64);

        let joined = joined(&columns, population);
        let columns: Vec<Column<'_>> = columns
            .iter()
            .zip(&joined)
            .map(|(column, codes)| Column { codes, cardinality: column.cardinality })
            .collect();
        let by_leaf = Layout::new(columns.iter().map(|column| column.cardinality));
        let mut tuple_of_record = Vec::new();
        let mut tuples = group(&columns, &by_leaf, Some(&mut tuple_of_record), monitor)?;
        drop(joined);
        if counts.is_some() || population.is_some() {
            recount(&mut tuples, &tuple_of_record, records, counts, population);
            tuple_of_record.truncate(records);
        }

        let mut ladders = Vec::with_capacity(attributes.len());
        let mut dense = Vec::with_capacity(attributes.len());
        for (attribute, &field) in attributes.iter().zip(&by_leaf.fields) {
            monitor.check()?;
            let (ladder, code_of_leaf) = climbable(&attribute.hierarchy, &tuples, field);
            ladders.push(ladder);
            dense.push(code_of_leaf);
        }
        let layout = Layout::new(ladders.iter().map(Ladder::present));
        let tuples = Arc::new(tuples.recoded(&by_leaf, &layout, &dense));

        let mut histograms = Vec::with_capacity(sensitive.len());
        let mut described = Vec::with_capacity(sensitive.len());
        if !sensitive.is_empty() {
            let by_tuple = Grouped::new(&tuple_of_record, tuples.counts().len());
            for (place, column) in sensitive.iter().enumerate() {
                monitor.check()?;
                let totals = column.totals(place, records, counts)?;
                let (length, domain) = (tuples.counts().len(), column.values as usize);
                histograms.push(Histograms::of_records(&by_tuple, length, column.codes, domain, counts));
                described.push(column.described(totals));
            }
        }
        let has_population = population.is_some();
        let histograms = Arc::new(histograms);
        Ok(Self {
            tuples,
            tuple_of_record,
            layout,
            ladders,
            histograms,
            sensitive: described,
            has_population,
            rows,
        })
    }

    /// The number of rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The number of records: of rows, unless records stand for several.
    pub fn records(&self) -> usize {
        self.tuple_of_record.len()
    }

    /// Distinct tuples that records have.
    pub fn tuples(&self) -> usize {
        self.tuples.counts().len()
    }

    /// Nodes of the lattice, at most `u64::MAX`.
    pub fn lattice_size(&self) -> u64 {
        lattice_size(self.ladders.iter().map(|ladder| ladder.levels() as u64))
    }

    /// The highest level of every attribute.
    pub(crate) fn tops(&self) -> Vec<u16> {
        self.ladders.iter().map(Ladder::top).collect()
    }

    /// Whether a population was given.
    pub(crate) fn has_population(&self) -> bool {
        self.has_population
    }

    /// The number of values of every sensitive column.
    pub(crate) fn domains(&self) -> impl Iterator<Item = usize> + '_ {
        self.sensitive.iter().map(|column| column.values as usize)
    }

    /// Makes models of their specifications.
    pub(crate) fn bind(&self, specs: &[Spec]) -> Result<Models, Error> {
        let sensitive: Vec<Sensitive<'_>> = self
            .sensitive
            .iter()
            .map(|column| Sensitive {
                values: column.values,
                reference: &column.reference,
                positions: column.positions.as_deref(),
                generalizations: column.generalizations.iter().map(Vec::as_slice).collect(),
            })
            .collect();
        Models::bind(specs, &sensitive, self.has_population)
    }

    /// Rolls the classes of the node `from` up to the node `to`.
    pub(crate) fn roll_up(
        &self,
        source: &Classes,
        from: &[u16],
        to: &[u16],
        workspace: &mut Workspace,
        monitor: &Monitor,
    ) -> Result<Classes, Error> {
        let recodes: Vec<Recode<'_>> = (self.ladders.iter().zip(&self.layout.fields))
            .zip(from.iter().zip(to))
            .map(|((ladder, &field), (&from, &to))| Recode {
                field,
                table: (from != to).then(|| ladder.step(from, to)),
                codes: (ladder.codes(from), ladder.codes(to)),
            })
            .collect();
        roll_up(source, &recodes, workspace, monitor)
    }

    /// The histograms of a more general node, of every sensitive column. `class_of` and `classes` come from a roll-up.
    pub(crate) fn roll_up_histograms(
        &self,
        source: &[Histograms],
        class_of: &[u32],
        classes: &Classes,
        tally: &mut Tally,
    ) -> Vec<Histograms> {
        source
            .iter()
            .zip(self.domains())
            .map(|(histograms, domain)| histograms.rolled_up(domain, class_of, classes, tally))
            .collect()
    }
}

impl Population<'_> {
    /// Checks the shape; the number of records.
    fn records(&self, attributes: usize) -> Result<usize, Error> {
        if self.codes.len() != attributes {
            return Err(Error::PopulationAttributes { expected: attributes, found: self.codes.len() });
        }
        let records = self.codes.first().map_or(0, |codes| codes.len());
        for (attribute, codes) in self.codes.iter().enumerate() {
            if codes.len() != records {
                return Err(Error::PopulationLength { attribute, expected: records, found: codes.len() });
            }
        }
        match self.counts {
            Some(counts) if counts.len() != records => {
                Err(Error::CountsLength { expected: records, found: counts.len() })
            }
            _ => Ok(records),
        }
    }
}

impl SensitiveColumn<'_> {
    /// Checks the codes; for each value its rows in the table.
    fn totals(&self, column: usize, records: usize, weights: Option<&[u32]>) -> Result<Vec<u64>, Error> {
        if self.codes.len() != records {
            return Err(Error::SensitiveLength { column, expected: records, found: self.codes.len() });
        }
        let mut totals = vec![0u64; self.values as usize];
        for (record, &code) in self.codes.iter().enumerate() {
            let Some(total) = totals.get_mut(code as usize) else {
                return Err(Error::SensitiveCodeOutOfRange { column, values: self.values });
            };
            *total += weights.map_or(1, |weights| u64::from(weights[record]));
        }
        Ok(totals)
    }

    fn described(&self, totals: Vec<u64>) -> Described {
        Described {
            values: self.values,
            reference: self.reference.map_or(totals, <[u64]>::to_vec),
            positions: self.positions.map(<[u64]>::to_vec),
            generalizations: self.generalizations.iter().map(|map| map.to_vec()).collect(),
        }
    }
}

/// The rows that the records stand for.
fn total_rows(records: usize, counts: Option<&[u32]>) -> Result<u64, Error> {
    let Some(counts) = counts else { return Ok(records as u64) };
    if counts.len() != records {
        return Err(Error::CountsLength { expected: records, found: counts.len() });
    }
    if counts.contains(&0) {
        return Err(Error::ZeroCount);
    }
    let rows = counts.iter().map(|&count| u64::from(count)).sum();
    if rows > MAX_ROWS as u64 {
        return Err(Error::TooManyRows { rows: usize::try_from(rows).unwrap_or(usize::MAX) });
    }
    Ok(rows)
}

/// The codes of every attribute, those of the population behind those of the table.
fn joined<'a>(columns: &[Column<'a>], population: Option<&Population<'a>>) -> Vec<Cow<'a, [u32]>> {
    columns
        .iter()
        .enumerate()
        .map(|(j, column)| match population {
            None => Cow::Borrowed(column.codes),
            Some(population) => Cow::Owned([column.codes, population.codes[j]].concat()),
        })
        .collect()
}

/// Counts the rows of every tuple again, in multiplicities, and those of the population apart.
fn recount(
    tuples: &mut Classes,
    tuple_of_record: &[u32],
    records: usize,
    counts: Option<&[u32]>,
    population: Option<&Population<'_>>,
) {
    let (own, others) = tuple_of_record.split_at(records);
    let mut rows = vec![0u32; tuples.len()];
    for (record, &tuple) in own.iter().enumerate() {
        rows[tuple as usize] += counts.map_or(1, |counts| counts[record]);
    }
    let sampled = rows.iter().take_while(|&&rows| rows > 0).count();
    let mut people = vec![0u64; if population.is_some() { tuples.len() } else { 0 }];
    let multiplicities = population.and_then(|population| population.counts);
    for (record, &tuple) in others.iter().enumerate() {
        people[tuple as usize] += multiplicities.map_or(1, |counts| u64::from(counts[record]));
    }
    tuples.recount(rows, people, sampled);
}

/// The ladder of an attribute over the leaves that its tuples hold, and the dense code of every leaf.
fn climbable(hierarchy: &Hierarchy<'_>, tuples: &Classes, field: Field) -> (Ladder, Vec<u32>) {
    let leaves = hierarchy.leaves() as usize;
    let (mut rows, mut occurs) = (vec![0u64; leaves], vec![false; leaves]);
    for leaf in tuples.codes(field) {
        occurs[leaf as usize] = true;
    }
    for (leaf, &count) in tuples.codes(field).zip(tuples.counts()) {
        rows[leaf as usize] += u64::from(count);
    }
    let mut code_of_leaf = vec![0u32; leaves];
    let mut present = Vec::new();
    for leaf in (0..leaves).filter(|&leaf| occurs[leaf]) {
        code_of_leaf[leaf] = present.len() as u32;
        present.push((leaf as u32, rows[leaf]));
    }
    (Ladder::new(hierarchy, &present), code_of_leaf)
}
