//! Privacy models: what a class must satisfy to be released.
//!
//! A class that fails its model is suppressed whole. Models look at one class at a time; which node to try, what the
//! suppressed rows cost and how many there may be is the search's business.

mod k_anonymity;

pub use k_anonymity::KAnonymity;

/// One equivalence class, as a model sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// Rows in the class.
    pub size: u32,
}

/// A condition on every released class.
///
/// # Law
///
/// When a class fails, every part of it fails: models are *monotone*. Generalising merges whole classes, so a row that
/// is suppressed at a node is suppressed at every more specific node too. The search relies on this to rule out the
/// nodes below a failing one and to raise its lower bounds.
pub trait Model {
    /// Whether the class may be released.
    fn holds(&self, class: Class) -> bool;
}
