//! Local recoding: classes that need not follow one level per column.
//!
//! A full-domain search generalises a whole column to one level. Here the table is cut into classes first, and each class
//! then tells what its rows must look like: [`mondrian`](fn@mondrian) cuts along attributes for as long as the privacy
//! models allow, [`mdav`](fn@mdav) clusters numbers around each other. Both are heuristics: quick, deterministic, and
//! without a proof that nothing better exists.

mod cut;
mod equal;
mod judge;
mod mdav;
mod mondrian;
mod outline;
mod points;
mod rows;
mod tree;

pub use mdav::mdav;
pub use mondrian::{Dimension, Partitioning, mondrian};
pub use outline::Partition;

/// Numbers classes in the order in which the records first show them. The numbers before are below `numbers`; gives the
/// new number of each, `u32::MAX` for one that no record has.
fn number_by_appearance(class_of_record: &mut [u32], numbers: usize) -> Vec<u32> {
    let mut new = vec![u32::MAX; numbers];
    let mut next = 0;
    for class in class_of_record {
        let number = &mut new[*class as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        *class = *number;
    }
    new
}
