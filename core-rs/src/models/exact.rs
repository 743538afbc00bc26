//! Exact comparison of products that are wider than 128 bits.

/// `a × b`, most significant part first: compares as the number does.
pub(super) fn product(a: u128, b: u64) -> (u128, u64) {
    let low = (a & u128::from(u64::MAX)) * u128::from(b);
    // Cannot overflow: (2^64 - 1)^2 + 2^64 - 1 < 2^128.
    let high = (a >> 64) * u128::from(b) + (low >> 64);
    (high, low as u64)
}

/// Bits after the point of [`scaled`].
pub(super) const BITS: u32 = 62;

/// ⌊2^62 × above / below⌋ for above < below < 2^127.
pub(super) fn scaled(above: u128, below: u128) -> u64 {
    if above >> (127 - BITS) == 0 {
        return ((above << BITS) / below) as u64;
    }
    let (mut rest, mut quotient) = (above, 0);
    for _ in 0..BITS {
        rest <<= 1;
        quotient <<= 1;
        if rest >= below {
            rest -= below;
            quotient |= 1;
        }
    }
    quotient
}

/// The greatest common divisor; that of 0 and x is x.
pub(super) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_carry() {
        assert_eq!(product(7, 6), (0, 42));
        assert_eq!(product(u128::MAX, u64::MAX), (u128::MAX - (1 << 64), 1));
        assert_eq!(product(1 << 64, 1 << 63), (1 << 63, 0));
    }

    #[test]
    fn both_ways_to_divide_agree() {
        let shift = 60;
        for (above, below) in [(1u128, 2u128), (3, 4), (1, 3), (2, 7), (99, 100), (0, 5), (12_345, 678_901)] {
            assert_eq!(scaled(above, below), scaled(above << shift << 5, below << shift << 5));
        }
        assert_eq!(scaled(1, 2), 1 << 61);
    }

    #[test]
    fn divisors() {
        assert_eq!((gcd(12, 18), gcd(0, 5), gcd(5, 0), gcd(7, 9)), (6, 5, 5, 1));
    }
}
