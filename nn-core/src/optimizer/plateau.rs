//! The reduction of the learning rate on a plateau.

use crate::kernel::Scalar;
use crate::setting::Setting;

/// By how much a loss must be lower than another to be better, or a measure that grows higher. PyTorch's `threshold` and `threshold_mode`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// By this share of the other's magnitude, which may be below zero.
    Relative(f64),
    /// By this.
    Absolute(f64),
}

impl Threshold {
    /// Whether a loss, or a measure that grows, is better than the best one by so much.
    pub(crate) fn is_passed(self, seen: f64, best: f64, grows: bool) -> bool {
        let (seen, best) = if grows { (-seen, -best) } else { (seen, best) };
        let enough = match self {
            Self::Relative(share) => best - share * best.abs(),
            Self::Absolute(margin) => best - margin,
        };
        // Of no loss yet, the share is infinite too, and nothing is enough.
        seen < best && (seen < enough || best == f64::INFINITY)
    }
}

/// Makes the learning rate smaller when the loss no longer falls. PyTorch's `ReduceLROnPlateau`.
///
/// It is told the loss of each epoch, best that of validation, in the callback of
/// [`Trainer::fit`](crate::train::Trainer::fit), of a trainer without a [`Schedule`](super::Schedule):
///
/// ```
/// use nn_core::optimizer::ReduceOnPlateau;
///
/// let (mut rate, mut plateau) = (0.1, ReduceOnPlateau::new(0.5, 2)?);
/// for loss in [1.0, 0.8, 0.9, 0.8, 0.8, 0.7] {
///     plateau.see(loss, &mut rate);
/// }
/// assert_eq!(rate, 0.05); // at the third loss in a row that was not better
/// # Ok::<(), nn_core::setting::Setting>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    /// What the rate is multiplied by.
    pub factor: f64,
    /// How many losses in a row may be no better.
    pub patience: usize,
    /// By how much a loss must be lower than the best one to be better; a share of 1e-4 of it.
    pub threshold: Threshold,
    /// The least rate; 0.
    pub least: f64,
    /// The best loss so far.
    pub best: f64,
    /// How many were no better since.
    pub waited: usize,
    /// After a rate became smaller, so many are not counted; 0.
    pub cooldown: usize,
    /// How many of those are left.
    pub cooling: usize,
    /// Whether what it sees is better the larger it is; not so.
    grows: bool,
}

impl ReduceOnPlateau {
    /// With that factor and patience.
    ///
    /// # Errors
    /// If the factor is not above 0 and below 1.
    pub const fn new(factor: f64, patience: usize) -> Result<Self, Setting> {
        if factor > 0.0 && factor < 1.0 {
            Ok(Self {
                factor,
                patience,
                threshold: Threshold::Relative(1e-4),
                least: 0.0,
                best: f64::INFINITY,
                waited: 0,
                cooldown: 0,
                cooling: 0,
                grows: false,
            })
        } else {
            Err(Setting { name: "factor", expected: "above 0 and below 1" })
        }
    }

    /// The same for what is better the larger it is, as an accuracy. PyTorch's `mode="max"`.
    ///
    /// # Errors
    /// If the factor is not above 0 and below 1.
    pub const fn growing(factor: f64, patience: usize) -> Result<Self, Setting> {
        match Self::new(factor, patience) {
            Ok(plateau) => Ok(Self { grows: true, best: f64::NEG_INFINITY, ..plateau }),
            error => error,
        }
    }

    /// Takes the loss of an epoch, and makes the rate smaller if that is due. A NaN is not better.
    pub fn see<T: Scalar>(&mut self, loss: T, rate: &mut T) {
        let loss = loss.to_f64();
        if self.threshold.is_passed(loss, self.best, self.grows) {
            (self.best, self.waited) = (loss, 0);
        } else {
            self.waited = self.waited.saturating_add(1);
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.waited = 0;
        }
        if self.waited > self.patience {
            let reduced = T::from_f64((rate.to_f64() * self.factor).max(self.least));
            // A rate that is at the least already stays.
            if reduced < *rate && reduced > T::ZERO {
                *rate = reduced;
            }
            (self.waited, self.cooling) = (0, self.cooldown);
        }
    }
}
