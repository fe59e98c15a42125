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
#[derive(Clone, Copy, Debug)]
pub struct Schedule<T> {
    rate: T,
    warm_up: u64,
    curve: Curve<T>,
    /// The rate of a step after the warm-up. A function of each curve, so that a program has the code of those that it uses.
    of: fn(T, Curve<T>, u64) -> T,
}

/// What happens to the rate after the warm-up.
#[derive(Clone, Copy, Debug)]
enum Curve<T> {
    Constant,
    Step { every: u64, factor: T },
    Exponential { factor: T },
    Cosine { least: T, steps: u64 },
    Restarts { least: T, steps: u64, times: u64 },
    Milestones { steps: &'static [u64], factor: T },
    Linear { last: T, steps: u64 },
    Polynomial { power: T, steps: u64 },
    OneCycle { steps: u64 },
    Function(fn(u64) -> T),
}

impl<T: Scalar> Schedule<T> {
    const fn of(rate: T, curve: Curve<T>, of: fn(T, Curve<T>, u64) -> T) -> Self {
        Self { rate, warm_up: 0, curve, of }
    }

    /// Always `rate`. PyTorch's `ConstantLR(factor=1)`.
    pub const fn constant(rate: T) -> Self {
        Self::of(rate, Curve::Constant, |rate, _, _| rate)
    }

    /// `rate`, multiplied by `factor` after `every` so many steps. PyTorch's `StepLR`.
    pub const fn step(rate: T, every: u64, factor: T) -> Self {
        Self::of(rate, Curve::Step { every, factor }, |rate, curve, step| match curve {
            Curve::Step { every, factor } => rate * factor.power(step.checked_div(every).unwrap_or(0)),
            _ => rate,
        })
    }

    /// `rate`, multiplied by `factor` after each step. PyTorch's `ExponentialLR`. In `f32`, after `n` steps the rate is within
    /// `n · 1e-7` of itself.
    pub const fn exponential(rate: T, factor: T) -> Self {
        Self::of(rate, Curve::Exponential { factor }, |rate, curve, step| match curve {
            Curve::Exponential { factor } => rate * factor.power(step),
            _ => rate,
        })
    }

    /// From `rate` down to `least` in `steps` steps along half a cosine (Loshchilov, Hutter 2017), and `least` from then
    /// on. PyTorch's `CosineAnnealingLR`, up to its end.
    pub const fn cosine(rate: T, least: T, steps: u64) -> Self {
        Self::of(rate, Curve::Cosine { least, steps }, |rate, curve, step| match curve {
            Curve::Cosine { least, steps } if step < steps => {
                anneal(rate, least, [T::from_u64(step), T::from_u64(steps)])
            }
            Curve::Cosine { least, .. } => least,
            _ => rate,
        })
    }

    /// [`cosine`](Self::cosine), which begins again at `rate` each time it ends and is then `times` as long (Loshchilov, Hutter 2017). PyTorch's
    /// `CosineAnnealingWarmRestarts`.
    pub const fn cosine_with_restarts(rate: T, least: T, steps: u64, times: u64) -> Self {
        Self::of(rate, Curve::Restarts { least, steps, times }, |rate, curve, step| match curve {
            Curve::Restarts { least, steps, times } => {
                let [step, steps] = cycle(step, steps, times);
                anneal(rate, least, [T::from_u64(step), T::from_u64(steps)])
            }
            _ => rate,
        })
    }

    /// `rate`, multiplied by `factor` from each of these steps on. PyTorch's `MultiStepLR`.
    ///
    /// ```
    /// use nn_core::optimizer::Schedule;
    ///
    /// let schedule = Schedule::milestones(1.0, &[10, 15], 0.5);
    /// assert_eq!([9, 10, 14, 15, 99].map(|step| schedule.rate(step)), [1.0, 0.5, 0.5, 0.25, 0.25]);
    /// ```
    #[doc(alias = "MultiStepLR")]
    pub const fn milestones(rate: T, steps: &'static [u64], factor: T) -> Self {
        Self::of(rate, Curve::Milestones { steps, factor }, |rate, curve, step| match curve {
            Curve::Milestones { steps, factor } => {
                rate * factor.power(steps.iter().filter(|from| **from <= step).count() as u64)
            }
            _ => rate,
        })
    }

    /// From `rate` to `last` in `steps` even steps, and `last` from then on. PyTorch's `LinearLR`.
    pub const fn linear(rate: T, last: T, steps: u64) -> Self {
        Self::of(rate, Curve::Linear { last, steps }, |rate, curve, step| match curve {
            Curve::Linear { last, steps } if step < steps => {
                rate + (last - rate) * (T::from_u64(step) / T::from_u64(steps))
            }
            Curve::Linear { last, .. } => last,
            _ => rate,
        })
    }

    /// `rate · (1 - step / steps)^power`, and 0 from `steps` on. PyTorch's `PolynomialLR`.
    pub const fn polynomial(rate: T, steps: u64, power: T) -> Self {
        Self::of(rate, Curve::Polynomial { power, steps }, |rate, curve, step| match curve {
            Curve::Polynomial { power, steps } if step < steps => {
                rate * (power * (T::from_u64(steps - step) / T::from_u64(steps)).ln()).exp()
            }
            Curve::Polynomial { .. } => T::ZERO,
            _ => rate,
        })
    }

    /// Of so many steps, up to `rate` in the first three tenths, from a 25th of it, and then down to a 250,000th, both along half a cosine
    /// (Smith, Topin 2018). PyTorch's `OneCycleLR` with its defaults; it leaves a momentum as it is (`cycle_momentum=False`).
    pub const fn one_cycle(rate: T, steps: u64) -> Self {
        Self::of(rate, Curve::OneCycle { steps }, |rate, curve, step| match curve {
            Curve::OneCycle { steps } => one_cycle(rate, step, steps),
            _ => rate,
        })
    }

    /// Any function of the step. PyTorch's `LambdaLR`, whose function gives a factor.
    ///
    /// ```
    /// use nn_core::optimizer::Schedule;
    ///
    /// let schedule = Schedule::function(|step| 0.1 / (1.0 + step as f32));
    /// assert_eq!(schedule.rate(4), 0.02);
    /// ```
    #[doc(alias = "LambdaLR")]
    pub const fn function(rate: fn(u64) -> T) -> Self {
        Self::of(T::ONE, Curve::Function(rate), |one, curve, step| match curve {
            Curve::Function(rate) => rate(step),
            _ => one,
        })
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
        (self.of)(rate, self.curve, step)
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
            Curve::Constant | Curve::OneCycle { .. } | Curve::Function(_) => Ok(()),
            Curve::Step { every: 0, .. } => Err(Setting { name: "every", expected: "at least 1" }),
            Curve::Restarts { steps: 0, .. } => Err(Setting { name: "steps", expected: "at least 1" }),
            Curve::Restarts { times: 0, .. } => Err(Setting { name: "times", expected: "at least 1" }),
            Curve::Step { factor, .. } | Curve::Exponential { factor } | Curve::Milestones { factor, .. } => {
                Setting::positive("factor", factor)
            }
            Curve::Cosine { least, .. } | Curve::Restarts { least, .. } => Setting::not_negative("least", least),
            Curve::Linear { last, .. } => Setting::not_negative("last", last),
            Curve::Polynomial { power, .. } => Setting::positive("power", power),
        }
    }
}

/// From one number to another along half a cosine, of which so much is done of so much.
fn anneal<T: Scalar>(from: T, to: T, [done, of]: [T; 2]) -> T {
    // (1 + cos 2t) / 2 is the square of cos t.
    let cosine = cosine(T::from_f64(FRAC_PI_2) * done / of);
    to + (from - to) * (cosine * cosine)
}

/// The step within its cycle, and the length of that: the first is so many steps, each later one `times` as many as the one before.
fn cycle(mut step: u64, mut steps: u64, times: u64) -> [u64; 2] {
    if times < 2 || steps == 0 {
        return [step.checked_rem(steps).unwrap_or(0), steps.max(1)];
    }
    while step >= steps {
        step -= steps;
        steps = steps.saturating_mul(times);
    }
    [step, steps]
}

fn one_cycle<T: Scalar>(rate: T, step: u64, steps: u64) -> T {
    let first = rate / T::from_f64(25.0);
    let least = first / T::from_f64(1e4);
    let turn = T::from_f64(0.3) * T::from_u64(steps) - T::ONE;
    let at = T::from_u64(step);
    if step >= steps {
        least
    } else if at <= turn {
        anneal(first, rate, [at, turn])
    } else {
        anneal(rate, least, [at - turn, T::from_u64(steps) - T::ONE - turn])
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
