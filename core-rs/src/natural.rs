//! Natural numbers of any size: just enough arithmetic to compare two losses exactly.

use std::cmp::Ordering;

/// A natural number, least significant word first, without leading zero words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Natural(Vec<u64>);

impl From<u64> for Natural {
    fn from(value: u64) -> Self {
        Self(if value == 0 { Vec::new() } else { vec![value] })
    }
}

impl Natural {
    /// `self × 2^bits`.
    pub(crate) fn shifted(&self, bits: usize) -> Self {
        let (words, bits) = (bits / 64, bits % 64);
        let mut out = vec![0; words];
        out.extend_from_slice(&self.0);
        Self(out).times(&Self::from(1u64 << bits))
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() < other.0.len() { (other, self) } else { (self, other) };
        let mut out = long.0.clone();
        let mut carry = false;
        for (place, word) in out.iter_mut().enumerate() {
            let (sum, first) = word.overflowing_add(short.0.get(place).copied().unwrap_or(0));
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            (*word, carry) = (sum, first || second);
        }
        if carry {
            out.push(1);
        }
        Self(out)
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut out = vec![0u64; self.0.len() + other.0.len()];
        for (place, &a) in self.0.iter().enumerate() {
            let mut carry = 0u128;
            for (sum, &b) in out[place..].iter_mut().zip(other.0.iter().chain(std::iter::once(&0))) {
                // Cannot overflow: (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
                let value = u128::from(a) * u128::from(b) + u128::from(*sum) + carry;
                *sum = value as u64;
                carry = value >> 64;
            }
        }
        while out.last() == Some(&0) {
            out.pop();
        }
        Self(out)
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(base: u64, exponent: u32) -> Natural {
        (0..exponent).fold(Natural::from(1), |product, _| product.times(&Natural::from(base)))
    }

    #[test]
    fn arithmetic_carries_across_words() {
        let most = Natural::from(u64::MAX);
        assert_eq!(most.plus(&Natural::from(1)), Natural(vec![0, 1]));
        assert_eq!(most.times(&most), Natural(vec![1, u64::MAX - 1]));
        assert_eq!(most.times(&most).times(&most), Natural(vec![u64::MAX, 2, u64::MAX - 2]));
        assert_eq!(Natural::from(0).times(&most), Natural::from(0));
        assert_eq!(Natural::from(0).plus(&Natural::from(0)), Natural::from(0));
    }

    #[test]
    fn powers_agree_whichever_way_they_are_made() {
        assert_eq!(power(2, 1000), Natural::from(1).shifted(1000));
        assert_eq!(power(6, 100), power(2, 100).times(&power(3, 100)));
        assert_eq!(power(12, 40), power(3, 40).shifted(80));
    }

    #[test]
    fn order_is_by_value() {
        assert!(power(3, 41) > power(2, 64));
        assert!(power(10, 30) < power(10, 30).plus(&Natural::from(1)));
        assert!(Natural::from(0) < Natural::from(1));
    }
}
