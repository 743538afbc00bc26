//! What can be wrong with a model's parameters or with a sensitive column.

use std::fmt;

/// Why a [`super::Spec`] was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelProblem {
    /// A parameter that counts is below 1.
    BelowOne {
        /// Its name.
        parameter: &'static str,
    },
    /// A parameter is not above 0.
    NotPositive {
        /// Its name.
        parameter: &'static str,
    },
    /// A float is infinite or not a number.
    NotFinite {
        /// Its name.
        parameter: &'static str,
    },
    /// A fraction's denominator is 0, or one of its numbers is 2^63 or more.
    BadRatio,
    /// The lower bound of delta-presence is above the upper one.
    BoundsCross,
    /// There is no sensitive column of this number.
    NoColumn {
        /// The number given.
        column: usize,
    },
    /// The model compares with a population, and none was given.
    NoPopulation,
    /// The column has no positions.
    NoPositions,
    /// Reference rows × length of the scale do not fit the exact arithmetic.
    TooLarge,
}

impl fmt::Display for ModelProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BelowOne { parameter } => write!(f, "{parameter} must be at least 1"),
            Self::NotPositive { parameter } => write!(f, "{parameter} must be above 0"),
            Self::NotFinite { parameter } => write!(f, "{parameter} must be a finite number"),
            Self::BadRatio => {
                write!(f, "a fraction must have a denominator above 0 and both numbers below 2^63")
            }
            Self::BoundsCross => write!(f, "the lower bound is above the upper one"),
            Self::NoColumn { column } => write!(f, "there is no sensitive column {column}"),
            Self::NoPopulation => write!(f, "it compares with a population, and none was given"),
            Self::NoPositions => write!(f, "the Wasserstein distance needs the place of every value"),
            Self::TooLarge => {
                write!(f, "the rows of the reference times the length of the scale must be below 2^95")
            }
        }
    }
}

/// Why a [`super::Sensitive`] was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SensitiveProblem {
    /// Not one reference count per value.
    ReferenceLength,
    /// The reference has no rows, or 2^63 or more.
    ReferenceRows,
    /// Not one position per value.
    PositionsLength,
    /// The positions do not ascend.
    PositionsOrder,
    /// A level does not map every value to a code below the number of values.
    Map {
        /// The level, counted from 1.
        level: usize,
    },
    /// Two values are one at the level before but not at this one.
    NotNested {
        /// The level.
        level: usize,
    },
    /// More levels than a level number can hold.
    TooManyLevels,
}

impl fmt::Display for SensitiveProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReferenceLength => write!(f, "the reference must have one count per value"),
            Self::ReferenceRows => write!(f, "the reference must have at least one row and fewer than 2^63"),
            Self::PositionsLength => write!(f, "there must be one position per value"),
            Self::PositionsOrder => write!(f, "the positions must ascend"),
            Self::Map { level } => {
                write!(f, "level {level} must map every value to a code below the number of values")
            }
            Self::NotNested { level } => {
                write!(
                    f,
                    "the hierarchy is not nested: values that are one at level {} are not at level {level}",
                    level.saturating_sub(1)
                )
            }
            Self::TooManyLevels => write!(f, "at most {} levels are possible", u16::MAX),
        }
    }
}
