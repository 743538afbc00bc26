//! k-anonymity: nobody is alone in fewer than k.
//!
//! Samarati and Sweeney, "Protecting privacy when disclosing information: k-anonymity and its enforcement through
//! generalization and suppression", SRI-CSL-98-04 (1998).

use super::{Class, Model};
use crate::Error;

/// Every released class has at least k rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KAnonymity {
    k: u64,
}

impl KAnonymity {
    /// k must be at least 1.
    pub fn new(k: u64) -> Result<Self, Error> {
        if k == 0 { Err(Error::KIsZero) } else { Ok(Self { k }) }
    }
}

impl Model for KAnonymity {
    fn holds(&self, class: Class) -> bool {
        u64::from(class.size) >= self.k
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_k_itself() {
        let model = KAnonymity::new(5).unwrap();
        assert!(model.holds(Class { size: 5 }));
        assert!(!model.holds(Class { size: 4 }));
        assert_eq!(KAnonymity::new(0), Err(Error::KIsZero));
    }

    #[test]
    fn every_part_of_a_failing_class_fails() {
        for k in 1..20 {
            let model = KAnonymity::new(k).unwrap();
            for size in 1..30 {
                let part_holds = (1..=size).any(|part| model.holds(Class { size: part }));
                assert!(model.holds(Class { size }) || !part_holds, "k {k}, size {size}");
            }
        }
    }
}
