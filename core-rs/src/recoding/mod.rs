//! Local recoding: classes that need not follow one level per column.
//!
//! A full-domain search generalises a whole column to one level. Here the table is cut into classes first, and each class
//! then tells what its rows must look like: [`mondrian`](fn@mondrian) cuts along attributes for as long as the privacy
//! models allow, [`mdav`](fn@mdav) clusters numbers around each other. Both are heuristics: quick, deterministic, and
//! without a proof that nothing better exists.

mod mdav;
mod points;

pub use mdav::mdav;

/// The same classes, numbered in the order in which the records first show them. Numbers are below `classes`.
fn numbered_by_appearance(mut class_of_record: Vec<u32>, classes: usize) -> Vec<u32> {
    let mut numbers = vec![u32::MAX; classes];
    let mut next = 0;
    for class in &mut class_of_record {
        let number = &mut numbers[*class as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        *class = *number;
    }
    class_of_record
}
