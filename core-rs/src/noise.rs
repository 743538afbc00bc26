//! Noise, drawn exactly: whole numbers of the discrete Laplace and the discrete Gaussian distribution, and choices.
//!
//! The samplers are those of the OpenDP library, which come with proofs: Canonne, Kamath and Steinke, "The discrete Gaussian
//! for differential privacy" (2020), over fractions of any size, without a rounding anywhere; for McSherry and Talwar's
//! exponential mechanism its numbers that are drawn only as far as they must be known to be compared, to which we add the
//! quantile function of the Gumbel distribution. Random bytes are the operating system's, through OpenSSL's private
//! generator. There is no seed.

use dashu::base::BitTest;
use dashu::float::FBig;
use dashu::float::round::ErrorBounds;
use dashu::float::round::mode::{Down, Up};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use opendp::traits::samplers::{
    InverseCDF, ODPRound, PartialSample, sample_discrete_gaussian, sample_discrete_laplace,
};

use crate::{Error, Monitor};

/// A scale parameter: a positive fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// What is divided.
    pub numerator: u128,
    /// What it is divided by.
    pub denominator: u128,
}

impl Scale {
    fn exactly(self) -> Result<RBig, Error> {
        if self.numerator == 0 || self.denominator == 0 {
            return Err(Error::InvalidScale);
        }
        Ok(RBig::from_parts(IBig::from(self.numerator), UBig::from(self.denominator)))
    }
}

/// Independent draws of the discrete Laplace distribution: P(x) is proportional to exp(−|x| / scale).
pub fn discrete_laplace(scale: Scale, count: usize, monitor: &Monitor) -> Result<Vec<i128>, Error> {
    let scale = scale.exactly()?;
    draw(count, monitor, || sample_discrete_laplace(scale.clone()))
}

/// Independent draws of the discrete Gaussian distribution: P(x) is proportional to exp(−x² / (2 scale²)).
pub fn discrete_gaussian(scale: Scale, count: usize, monitor: &Monitor) -> Result<Vec<i128>, Error> {
    let scale = scale.exactly()?;
    draw(count, monitor, || sample_discrete_gaussian(scale.clone()))
}

fn draw(
    count: usize,
    monitor: &Monitor,
    sample: impl Fn() -> opendp::error::Fallible<IBig>,
) -> Result<Vec<i128>, Error> {
    (0..count)
        .map(|_| {
            monitor.check()?;
            let drawn = sample().map_err(|_| Error::NoEntropy)?;
            i128::try_from(drawn).map_err(|_| Error::InvalidScale)
        })
        .collect()
}

/// The exponential mechanism: the place of a utility, each with a probability proportional to exp(utility / scale).
///
/// The place of the greatest of the utilities, each with Gumbel noise of that scale, has this distribution (Yellott, "The
/// relationship between Luce's choice axiom...", J. Math. Psych. 15, 1977). Every utility is looked at once, so that
/// the time does not tell how they lie: sampling by rejection takes long where all but one are unlikely.
pub fn choose(utilities: &[f64], scale: f64) -> Result<usize, Error> {
    let positive = scale.is_normal() && scale > 0.0;
    if utilities.is_empty() || !positive || !utilities.iter().all(|each| each.is_finite()) {
        return Err(Error::InvalidUtilities);
    }
    let scale = RBig::try_from(scale).map_err(|_| Error::InvalidUtilities)?;
    let mut best: Option<(usize, PartialSample<Gumbel<'_>>)> = None;
    for (place, &utility) in utilities.iter().enumerate() {
        let shift = RBig::try_from(utility).map_err(|_| Error::InvalidUtilities)?;
        let mut noisy = PartialSample::new(Gumbel { shift, scale: &scale });
        let greater = match &mut best {
            Some((_, best)) => noisy.greater_than(best).map_err(|_| Error::NoEntropy)?,
            None => true,
        };
        if greater {
            best = Some((place, noisy));
        }
    }
    best.map(|(place, _)| place).ok_or(Error::InvalidUtilities)
}

/// shift + scale · G, where G has the standard Gumbel distribution: P(G ≤ x) = exp(−exp(−x)).
struct Gumbel<'a> {
    shift: RBig,
    scale: &'a RBig,
}

/// Bits of a uniform number for which floats are precise enough to decide nearly always.
const QUICK_BITS: usize = 64;

/// More than a thousand times what the logarithms of a float are wrong by, relative to the larger of them and 1.
const QUICK_ERROR: f64 = 1e-12;

/// Bits beyond those drawn with which logarithms are computed otherwise.
const GUARD_BITS: usize = 32;

impl InverseCDF for Gumbel<'_> {
    type Edge = RBig;

    fn inverse_cdf<R: ODPRound>(&self, uniform: RBig, refinements: usize) -> Option<RBig> {
        let down = R::UBIG.is_zero();
        let gumbel = match refinements {
            0..=QUICK_BITS => quick(&uniform, down),
            _ if down => exact::<Down, Up>(uniform, refinements + GUARD_BITS),
            _ => exact::<Up, Down>(uniform, refinements + GUARD_BITS),
        };
        Some(gumbel? * self.scale + &self.shift)
    }
}

/// A bound of −ln(−ln u), for a fraction of 2^QUICK_BITS. None where it is infinite, at 0 and 1.
fn quick(uniform: &RBig, down: bool) -> Option<RBig> {
    let one = 1u128 << QUICK_BITS;
    let parts =
        u128::try_from(uniform.numerator()).ok()? * (one / u128::try_from(uniform.denominator()).ok()?);
    if parts == 0 || parts >= one {
        return None;
    }
    // From the nearer end of the range, so that what is converted is precise relative to its distance from there.
    let unit = (-(QUICK_BITS as f64)).exp2();
    let inner =
        if parts < one / 2 { -(parts as f64 * unit).ln() } else { -(-((one - parts) as f64 * unit)).ln_1p() };
    let outer = -inner.ln();
    let error = QUICK_ERROR * outer.abs().max(1.0);
    RBig::try_from(if down { outer - error } else { outer + error }).ok()
}

/// −ln(−ln u), rounded towards R; what is subtracted is rounded towards the other side. None at 0 and 1.
fn exact<R: ErrorBounds, Other: ErrorBounds>(uniform: RBig, precision: usize) -> Option<RBig> {
    let (numerator, denominator) = uniform.into_parts();
    if numerator.is_zero() || denominator.is_one() {
        return None;
    }
    // The denominator is a power of two, and the numerator has no more bits than have been drawn: nothing is rounded yet.
    let exponent = 1 - denominator.bit_len() as isize;
    let uniform = FBig::<R>::from_parts(numerator, exponent).with_precision(precision).value();
    let inner = -uniform.ln();
    let outer = -inner.with_rounding::<Other>().ln();
    RBig::try_from(outer).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_bounds_enclose_the_exact_ones_by_little() {
        let mut parts: Vec<u64> =
            (0..64).flat_map(|bit| [1 << bit, (1 << bit) - 1, u64::MAX - (1 << bit), !(1 << bit)]).collect();
        parts.retain(|&each| each != 0);
        let mut state = 1u64;
        for _ in 0..1000 {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            parts.push(state | 1);
        }
        for each in parts {
            let uniform = RBig::from_parts(IBig::from(each), UBig::ONE << QUICK_BITS);
            let low = exact::<Down, Up>(uniform.clone(), 160).unwrap();
            let high = exact::<Up, Down>(uniform.clone(), 160).unwrap();
            let (below, above) = (quick(&uniform, true).unwrap(), quick(&uniform, false).unwrap());
            assert!(below < low && low <= high && high < above, "{each}");
            let width = (above - below).to_f64_fast();
            assert!(width < 1e-10, "{each}: {width}");
        }
        assert_eq!(quick(&RBig::ZERO, true), None);
        assert_eq!(quick(&RBig::ONE, false), None);
    }
}
