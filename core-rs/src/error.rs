//! Every way a kernel can refuse, as one enum.
//!
//! A message names attributes by their position and gives counts; it never holds a data value, because a kernel
//! knows none: it sees codes only.

use std::fmt;

use crate::lattice::LimitKind;
use crate::models::{ModelProblem, SensitiveProblem};

/// Why a kernel gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// No attribute was given.
    NoAttributes,
    /// More attributes than [`crate::MAX_ATTRIBUTES`].
    TooManyAttributes {
        /// How many were given.
        given: usize,
    },
    /// The columns have no rows.
    NoRows,
    /// More rows than a 32-bit class size can count.
    TooManyRows {
        /// How many were given.
        rows: usize,
    },
    /// A column is longer or shorter than the first one.
    UnequalLengths {
        /// Position of the column.
        attribute: usize,
        /// Rows of the first column.
        expected: usize,
        /// Rows of this column.
        found: usize,
    },
    /// A row holds a code that is not below the column's number of leaves.
    CodeOutOfRange {
        /// Position of the column.
        attribute: usize,
        /// The number of leaves, which every code must be below.
        leaves: u32,
    },
    /// Not one count per record.
    CountsLength {
        /// The number of records.
        expected: usize,
        /// The number of counts.
        found: usize,
    },
    /// A record stands for no row.
    ZeroCount,
    /// The population does not have the table's attributes.
    PopulationAttributes {
        /// The number of attributes of the table.
        expected: usize,
        /// The number of attributes of the population.
        found: usize,
    },
    /// An attribute of the population is longer or shorter than the first one.
    PopulationLength {
        /// Position of the attribute.
        attribute: usize,
        /// Records of the first attribute.
        expected: usize,
        /// Records of this attribute.
        found: usize,
    },
    /// A sensitive column does not have one code per record.
    SensitiveLength {
        /// Position of the column.
        column: usize,
        /// The number of records.
        expected: usize,
        /// The number of codes.
        found: usize,
    },
    /// A sensitive column holds a code that is not below its number of values.
    SensitiveCodeOutOfRange {
        /// Position of the column.
        column: usize,
        /// The number of values, which every code must be below.
        values: u32,
    },
    /// A hierarchy has more levels than a level number can hold.
    TooManyLevels {
        /// Position of the attribute.
        attribute: usize,
        /// How many levels it has, level 0 included.
        levels: usize,
    },
    /// A level's map does not have one entry per leaf.
    LevelLength {
        /// Position of the attribute.
        attribute: usize,
        /// The level, counted from 1.
        level: usize,
        /// The number of leaves.
        expected: usize,
        /// The number of entries.
        found: usize,
    },
    /// A level's map holds a code that is not below the number of leaves, so the codes are not dense.
    LevelCodeOutOfRange {
        /// Position of the attribute.
        attribute: usize,
        /// The level, counted from 1.
        level: usize,
    },
    /// Two leaves share a value at one level but not at the next.
    NotNested {
        /// Position of the attribute.
        attribute: usize,
        /// The level at which the leaves part again.
        level: usize,
    },
    /// More rows may be suppressed than there are.
    LimitAboveRows {
        /// The limit given.
        limit: u64,
        /// The number of rows.
        rows: u64,
    },
    /// Not one weight per attribute.
    WeightCount {
        /// The number of attributes.
        expected: usize,
        /// The number of weights.
        found: usize,
    },
    /// A weight is negative, infinite or not a number.
    InvalidWeight {
        /// Position of the attribute.
        attribute: usize,
    },
    /// Every weight is 0, so every release would have the same loss.
    NoPositiveWeight,
    /// rows × leaves does not fit the exact 64-bit sums of the loss.
    SumTooLarge {
        /// Position of the attribute.
        attribute: usize,
    },
    /// The attributes have more tuples of leaves than a float can count.
    VolumeTooLarge,
    /// What the search has to remember does not fit the memory that it may use.
    OutOfMemory {
        /// Bytes needed.
        needed: u64,
        /// Bytes allowed.
        allowed: u64,
    },
    /// A limit was reached before the search had a proof, or before it had found anything.
    LimitReached {
        /// Which one.
        limit: LimitKind,
    },
    /// The levels given are not a node of the lattice.
    NotANode,
    /// No node of the lattice qualifies.
    Infeasible {
        /// The fewest rows that any node that was looked at suppresses: with a limit of that many, if it is not all rows,
        /// there is a release.
        fewest_suppressed: u64,
        /// If classes are judged by k-anonymity alone: the largest k that is feasible within the same limit.
        largest_k: Option<u64>,
    },
    /// There are fewer rows than every class must have.
    FewerRowsThanK {
        /// The number of rows.
        rows: u64,
        /// The rows that a class must have.
        k: u64,
    },
    /// A limit on the average risk is no condition on a single class, and partitioning knows only those.
    AverageRiskOfPartition,
    /// A column holds an infinity or something that is not a number.
    NotFinite {
        /// Position of the column.
        attribute: usize,
    },
    /// Clustering would take much longer than a minute: its work is rows × distinct rows × columns / k.
    TooMuchToCluster {
        /// The number of rows.
        rows: u64,
        /// The most rows at this k, these columns and this share of distinct rows.
        limit: u64,
    },
    /// A column cannot be laid on this grid: its bounds are not two finite numbers in order, or too many steps apart.
    InvalidGrid,
    /// Bins need two edges or more, finite and ascending.
    InvalidEdges,
    /// Noise cannot be drawn: its scale is not a positive fraction, or a draw is too large for 128 bits.
    InvalidScale,
    /// Utilities must be one or more finite numbers, and their scale a positive one.
    InvalidUtilities,
    /// The operating system gives no random bytes.
    NoEntropy,
    /// A stream's window or horizon is not one that there is noise for.
    InvalidStream,
    /// A step was given more or fewer draws of noise than it takes.
    NoiseCount {
        /// How many it takes.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// All the steps that a stream's noise was laid out for are used up.
    StreamExhausted,
    /// A stream's numbers no longer fit 128 bits.
    StreamOverflow,
    /// Bytes that are not the state of a stream.
    DamagedStream,
    /// [`crate::Monitor::cancel`] was called.
    Cancelled,
    /// A privacy model's parameters are wrong, or do not go with the table.
    InvalidModel {
        /// Position of the model.
        model: usize,
        /// What is wrong.
        problem: ModelProblem,
    },
    /// A sensitive column is badly described.
    InvalidSensitive {
        /// Position of the column.
        column: usize,
        /// What is wrong.
        problem: SensitiveProblem,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAttributes => write!(f, "at least one attribute is needed"),
            Self::TooManyAttributes { given } => {
                write!(f, "{given} attributes were given, at most {} are possible", crate::MAX_ATTRIBUTES)
            }
            Self::NoRows => write!(f, "at least one row is needed"),
            Self::TooManyRows { rows } => {
                write!(f, "{rows} rows were given, at most {} are possible", crate::MAX_ROWS)
            }
            Self::UnequalLengths { attribute, expected, found } => {
                write!(f, "attribute {attribute} has {found} rows where the first one has {expected}")
            }
            Self::CodeOutOfRange { attribute, leaves } => {
                write!(f, "attribute {attribute} holds a code that is not below its {leaves} leaves")
            }
            Self::CountsLength { expected, found } => {
                write!(f, "{found} counts were given for {expected} records")
            }
            Self::ZeroCount => write!(f, "every record must stand for at least one row"),
            Self::PopulationAttributes { expected, found } => {
                write!(f, "the population has {found} attributes where the table has {expected}")
            }
            Self::PopulationLength { attribute, expected, found } => {
                write!(
                    f,
                    "attribute {attribute} of the population has {found} records where the first one has {expected}"
                )
            }
            Self::SensitiveLength { column, expected, found } => {
                write!(f, "sensitive column {column} has {found} rows where the attributes have {expected}")
            }
            Self::SensitiveCodeOutOfRange { column, values } => {
                write!(f, "sensitive column {column} holds a code that is not below its {values} values")
            }
            Self::TooManyLevels { attribute, levels } => {
                write!(f, "attribute {attribute} has {levels} levels, at most {} are possible", u16::MAX)
            }
            Self::LevelLength { attribute, level, expected, found } => write!(
                f,
                "level {level} of attribute {attribute} has {found} entries where the hierarchy has {expected} leaves"
            ),
            Self::LevelCodeOutOfRange { attribute, level } => {
                write!(
                    f,
                    "level {level} of attribute {attribute} holds a code that is not below its number of leaves"
                )
            }
            Self::NotNested { attribute, level } => write!(
                f,
                "the hierarchy of attribute {attribute} is not nested: leaves that share a value at level {} \
                 have different values at level {level}",
                level.saturating_sub(1)
            ),
            Self::LimitAboveRows { limit, rows } => {
                write!(f, "the suppression limit of {limit} rows is above the {rows} rows of the table")
            }
            Self::WeightCount { expected, found } => {
                write!(f, "{found} weights were given for {expected} attributes")
            }
            Self::InvalidWeight { attribute } => {
                write!(f, "the weight of attribute {attribute} is not a finite number of at least 0")
            }
            Self::NoPositiveWeight => write!(f, "at least one weight must be above 0"),
            Self::SumTooLarge { attribute } => {
                write!(f, "rows times leaves of attribute {attribute} does not fit 64 bits")
            }
            Self::VolumeTooLarge => {
                write!(f, "the attributes' leaves, multiplied, are too many for the ambiguity measure")
            }
            Self::OutOfMemory { needed, allowed } => {
                write!(f, "the search needs {needed} bytes and may use {allowed}")
            }
            Self::LimitReached { limit } => write!(f, "the search has reached its limit of {limit}"),
            Self::NotANode => write!(f, "there must be one level per attribute, not above the highest"),
            Self::Infeasible { fewest_suppressed, largest_k } => {
                write!(f, "no release qualifies: at least {fewest_suppressed} rows would be suppressed")?;
                match largest_k {
                    Some(k) => write!(f, "; within the same limit k = {k} is possible"),
                    None => Ok(()),
                }
            }
            Self::FewerRowsThanK { rows, k } => {
                write!(f, "the table has {rows} rows, fewer than the {k} that every class must have")
            }
            Self::AverageRiskOfPartition => write!(
                f,
                "a limit on the average risk judges all classes together, and partitioning takes only models of single \
                 classes"
            ),
            Self::NotFinite { attribute } => {
                write!(f, "column {attribute} holds an infinity or something that is not a number")
            }
            Self::TooMuchToCluster { rows, limit } => write!(
                f,
                "clustering {rows} rows would take much longer than a minute: at this k and these columns at most \
                 {limit} rows are possible; partitioning has no such limit"
            ),
            Self::InvalidGrid => {
                write!(
                    f,
                    "bounds must be two finite numbers in order, at most 2^31 steps of the grid from its origin"
                )
            }
            Self::InvalidEdges => write!(f, "bins need two edges or more, finite and ascending"),
            Self::InvalidScale => {
                write!(f, "the scale of noise must be a positive fraction whose draws fit 128 bits")
            }
            Self::InvalidUtilities => {
                write!(f, "utilities must be one or more finite numbers, and their scale a positive one")
            }
            Self::NoEntropy => write!(f, "the operating system gives no random bytes"),
            Self::InvalidStream => write!(
                f,
                "a window must have 1 to {} steps and a horizon 1 to {}",
                crate::streams::LONGEST_WINDOW,
                crate::streams::LONGEST_HORIZON
            ),
            Self::NoiseCount { expected, found } => {
                write!(f, "a step of a stream takes {expected} draws of noise, {found} were given")
            }
            Self::StreamExhausted => {
                write!(f, "the steps that the stream's noise was laid out for are used up")
            }
            Self::StreamOverflow => write!(f, "the stream's numbers do not fit 128 bits"),
            Self::DamagedStream => write!(f, "the bytes are not the state of a stream"),
            Self::Cancelled => write!(f, "the work was cancelled"),
            Self::InvalidModel { model, problem } => write!(f, "privacy model {model}: {problem}"),
            Self::InvalidSensitive { column, problem } => write!(f, "sensitive column {column}: {problem}"),
        }
    }
}

impl std::error::Error for Error {}
