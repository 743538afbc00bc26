#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod classes;
mod codes;
mod costs;
mod error;
mod grouping;
mod hash;
pub mod hierarchy;
mod index;
mod ladder;
pub mod lattice;
mod loss;
pub mod models;
mod monitor;
mod natural;
#[cfg(feature = "noise")]
pub mod noise;
mod objective;
pub mod recoding;
mod release;
mod sensitive;
pub mod statistics;
pub mod streams;
mod table;
mod values;

#[cfg(feature = "python")]
mod python;

pub use classes::{ClassHistogram, class_histogram};
pub use codes::Column;
pub use error::Error;
pub use hierarchy::Hierarchy;
pub use lattice::{Found, LimitKind, Limits, Task};
pub use monitor::Monitor;
pub use objective::{Aggregate, Measure, Objective};
pub use release::{Evaluation, Release};
pub use table::{Attribute, Population, SensitiveColumn, Table};

/// The most attributes that one search or grouping takes.
pub const MAX_ATTRIBUTES: usize = 64;

/// The most rows that one search or grouping takes: class sizes and row numbers are 32 bits wide.
pub const MAX_ROWS: usize = u32::MAX as usize - 1;
