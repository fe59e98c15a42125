//! A short course: each lesson is a sentence, and the numbers that show it.
//!
//! The program of the same name prints and draws them, and a test asserts them.
//!
//! * [`linear_regression`]: a network without a hidden layer is linear regression.
//! * [`xor`]: hidden nodes are new features.
//! * [`detail`]: width is detail.
//! * [`depth`]: depth is worth nothing without a non-linearity.
//! * [`vanishing_gradient`]: the gradient vanishes through many sigmoids, and not through ReLU.
//! * [`overfitting`]: a network that is too large learns the noise too.
//! * [`decision_boundary`]: learning bends the boundary between the classes.
//! * [`cart_pole`]: nobody has to say what would have been right.
//! * [`vowels`]: what was heard before tells who is speaking.

pub mod cart_pole;
pub mod decision_boundary;
pub mod depth;
pub mod detail;
pub mod linear_regression;
pub mod overfitting;
pub mod vanishing_gradient;
pub mod vowels;
pub mod xor;
