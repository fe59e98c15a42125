//! Schedules of the learning rate.

use crate::kernel::Scalar;
use crate::setting::Setting;
use core::f64::consts::FRAC_PI_2;

/// The learning rate of each step, counted from 0.
///
/// [`Trainer::scheduled`](crate::train::Trainer::scheduled) sets the optimiser's rate by it, step by step. One that is meant
/// in epochs has as many steps to each as there are batches.
///
/// ```
/// use nn_core::optimizer::Schedule;
///
/// let schedule = Schedule::cosine(0.1, 0.0, 100).after_warm_up(10);
/// assert!((schedule.rate(0) - 0.01_f64).abs() < 1e-15); // a tenth
/// assert!((schedule.rate(10) - 0.1).abs() < 1e-15); // all
/// assert!((schedule.rate(60) - 0.05).abs() < 1e-15); // half way down
/// assert_eq!(schedule.rate(500), 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule<T> {
    rate: T,
    warm_up: u64,
    curve: Curve<T>,
}

/// What happens to the rate after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Curve<T> {
    Constant,
    Step { every: u64, factor: T },
    Exponential { factor: T },
    Cosine { least: T, steps: u64 },
}

impl<T: Scalar> Schedule<T> {
    const fn of(rate: T, curve: Curve<T>) -> Self {
        Self { rate, warm_up: 0, curve }
    }

    /// Always `rate`. PyTorch's `ConstantLR(factor=1)`.
    pub const fn constant(rate: T) -> Self {
        Self::of(rate, Curve::Constant)
    }

    /// `rate`, multiplied by `factor` after `every` so many steps. PyTorch's `StepLR`.
    pub const fn step(rate: T, every: u64, factor: T) -> Self {
        Self::of(rate, Curve::Step { every, factor })
    }

    /// `rate`, multiplied by `factor` after each step. PyTorch's `ExponentialLR`. In `f32`, after `n` steps the rate is within
    /// `n · 1e-7` of itself.
    pub const fn exponential(rate: T, factor: T) -> Self {
        Self::of(rate, Curve::Exponential { factor })
    }

    /// From `rate` down to `least` in `steps` steps along half a cosine (Loshchilov, Hutter 2017), and `least` from then
    /// on. PyTorch's `CosineAnnealingLR`, up to its end.
    pub const fn cosine(rate: T, least: T, steps: u64) -> Self {
        Self::of(rate, Curve::Cosine { least, steps })
    }

    /// First so many steps in which the rate grows evenly: of ten, the first has a tenth of it. PyTorch's `LinearLR`
    /// and then the schedule, in a `SequentialLR`.
    pub const fn after_warm_up(self, steps: u64) -> Self {
        Self { warm_up: steps, ..self }
    }

    /// The rate of a step.
    pub fn rate(&self, step: u64) -> T {
        let rate = self.rate;
        let Some(step) = step.checked_sub(self.warm_up) else {
            return rate * T::from_u64(step + 1) / T::from_u64(self.warm_up);
        };
        match self.curve {
            Curve::Constant => rate,
            Curve::Step { every, factor } => rate * factor.power(step.checked_div(every).unwrap_or(0)),
            Curve::Exponential { factor } => rate * factor.power(step),
            Curve::Cosine { least, steps } if step < steps => {
                // (1 + cos 2t) / 2 is the square of cos t.
                let cosine = cosine(T::from_f64(FRAC_PI_2) * T::from_u64(step) / T::from_u64(steps));
                least + (rate - least) * (cosine * cosine)
            }
            Curve::Cosine { least, .. } => least,
        }
    }

    /// The rate of a step, if it can be one.
    pub(crate) fn checked_rate(&self, step: u64) -> Result<T, Setting> {
        self.check()?;
        let rate = self.rate(step);
        Setting::not_negative("rate", rate)?;
        Ok(rate)
    }

    /// Whether its numbers can be rates.
    ///
    /// # Errors
    /// The number that is not finite and above zero.
    pub fn check(&self) -> Result<(), Setting> {
        Setting::positive("rate", self.rate)?;
        match self.curve {
            Curve::Constant => Ok(()),
            Curve::Step { every: 0, .. } => Err(Setting { name: "every", expected: "at least 1" }),
            Curve::Step { factor, .. } | Curve::Exponential { factor } => Setting::positive("factor", factor),
            Curve::Cosine { least, .. } => Setting::not_negative("least", least),
        }
    }
}

/// The cosine from 0 to a quarter of a turn, by its series, whose rest is 1e-16: small.
fn cosine<T: Scalar>(angle: T) -> T {
    let (mut sum, mut term) = (T::ONE, T::ONE);
    for k in 1..12 {
        term *= -angle * angle / T::from_u64(2 * k * (2 * k - 1));
        sum += term;
    }
    sum
}

/// By how much a loss must be lower than another to be better. PyTorch's `threshold` and `threshold_mode`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// By this share of the other's magnitude, which may be below zero.
    Relative(f64),
    /// By this.
    Absolute(f64),
}

/// Makes the learning rate smaller when the loss no longer falls. PyTorch's `ReduceLROnPlateau`.
///
/// It is told the loss of each epoch, best that of validation, in the callback of
/// [`Trainer::fit`](crate::train::Trainer::fit), of a trainer without a [`Schedule`]:
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
            })
        } else {
            Err(Setting { name: "factor", expected: "above 0 and below 1" })
        }
    }

    /// Takes the loss of an epoch, and makes the rate smaller if that is due. A NaN is not better.
    pub fn see<T: Scalar>(&mut self, loss: T, rate: &mut T) {
        let loss = loss.to_f64();
        let enough = match self.threshold {
            Threshold::Relative(share) => self.best - share * self.best.abs(),
            Threshold::Absolute(margin) => self.best - margin,
        };
        // Of no loss yet, the share is infinite too, and nothing is enough.
        if loss < self.best && (loss < enough || self.best == f64::INFINITY) {
            (self.best, self.waited) = (loss, 0);
            return;
        }
        self.waited = self.waited.saturating_add(1);
        if self.waited > self.patience {
            let reduced = T::from_f64((rate.to_f64() * self.factor).max(self.least));
            // A rate that is at the least already stays.
            if reduced < *rate && reduced > T::ZERO {
                *rate = reduced;
            }
            self.waited = 0;
        }
    }
}
