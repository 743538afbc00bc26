//! The grid that values are laid on.

use crate::Error;

/// Steps from the origin that a clipped value may be away: 2^31.
const MOST_STEPS: f64 = (1u64 << 31) as f64;

/// Added to a number below 2^51 in size, it leaves in the lowest bits of the sum the number rounded to a whole one, half
/// to even: the sum's last bit stands for 1.
const ROUNDER: f64 = (3u64 << 51) as f64;

/// Bounds that values are clipped to, and the grid that they are laid on: steps of 2^`exponent` around an origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    lower: f64,
    upper: f64,
    origin: f64,
    scale: f64,
}

impl Grid {
    /// A grid; refuses bounds that are not two finite numbers in order, or more than 2^31 steps from the origin.
    pub fn new(lower: f64, upper: f64, origin: f64, exponent: i32) -> Result<Self, Error> {
        let grid = Self { lower, upper, origin, scale: 2f64.powi(-exponent) };
        let fits = |value: f64| ((value - origin) * grid.scale).abs() <= MOST_STEPS;
        let ordered = lower < upper && lower.is_finite() && upper.is_finite() && origin.is_finite();
        if ordered && grid.scale.is_normal() && fits(lower) && fits(upper) {
            Ok(grid)
        } else {
            Err(Error::InvalidGrid)
        }
    }

    /// The bounds in steps. Rounding is monotone, so every value's steps are between these two.
    pub fn ends(&self) -> (i64, i64) {
        (self.steps(self.lower), self.steps(self.upper))
    }

    /// How many steps a value is from the origin, once it is clipped. Of NaN the answer means nothing.
    #[inline]
    pub fn steps(&self, value: f64) -> i64 {
        // `max` and `min` give a number also for NaN, which the caller leaves out, and compile to one instruction each.
        let clipped = value.max(self.lower).min(self.upper);
        let rounded = (clipped - self.origin) * self.scale + ROUNDER;
        rounded.to_bits().cast_signed().wrapping_sub(ROUNDER.to_bits().cast_signed())
    }
}
