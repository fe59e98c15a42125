//! Weights in and out: [`Network::load`](crate::network::Network::load) and [`Network::save`](crate::network::Network::save), from and
//! to bytes, without a heap.
//!
//! Files are [safetensors](https://huggingface.co/docs/safetensors), as PyTorch's `save_file(net.state_dict(), path)` writes
//! and `load_state_dict(load_file(path))` reads them; NumPy's `.npz` is read too, if it is not compressed. The tensors of a
//! network have the names that they have in a PyTorch `Sequential`: `0.weight` is `[outputs, inputs]` of its first
//! [dense layer](crate::layer::Dense), `0.bias` its bias, an activation or dropout counts as a module, a residual block and
//! each branch is a `Sequential` of its own, and a named layer has its name instead of its number.
//!
//! ```
//! use nn_core::prelude::*;
//! network! { struct Net: 2 => features: 8 relu => 1; }
//!
//! let mut net = Net::ZERO;
//! net.init(&mut ChaCha8Rng::seed_from_u64(1));
//! let mut file = [0; Net::SAVED_LEN];
//! let len = net.save(&mut file)?; // features.weight, features.bias, 2.weight, 2.bias
//!
//! let mut again = Net::ZERO;
//! again.load(&file[..len])?;
//! assert_eq!(again.forward(&[0.1, 0.2]), net.forward(&[0.1, 0.2]));
//! # Ok::<(), nn_core::weights::WeightsError>(())
//! ```

mod golden;

pub use crate::file::{Dims, Dtype, TensorName, WeightsError};
pub use golden::Mismatch;
#[doc(hidden)]
pub use golden::agrees;

#[cfg(feature = "std")]
use crate::network::Trainable;
use crate::part::run::Part;

/// Reads the parameters of a network from a file.
///
/// # Errors
/// Those of reading, and a [`WeightsError`] as one of invalid data.
#[cfg(feature = "std")]
pub fn load_file<N: Trainable>(network: &mut N, path: impl AsRef<std::path::Path>) -> std::io::Result<()> {
    let bytes = std::fs::read(path)?;
    network.load(&bytes).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
}

/// Writes the parameters of a network to a safetensors file.
///
/// # Errors
/// Those of writing.
#[cfg(feature = "std")]
pub fn save_file<N: Trainable>(network: &N, path: impl AsRef<std::path::Path>) -> std::io::Result<()> {
    let mut bytes = std::vec![0; N::SAVED_LEN];
    let len = network.save(&mut bytes).map_err(std::io::Error::other)?;
    std::fs::write(path, bytes.get(..len).unwrap_or_default())
}

/// The part whose numbers have these bytes, for a network that `#[weights]` gives its parameters.
#[doc(hidden)]
pub const fn trained<P: Part, const LEN: usize>(bytes: &[u8; LEN]) -> P {
    match &P::NUMBERS {
        Some(numbers) => numbers.read(*bytes),
        None => panic!("this network has a layer that is not numbers only"),
    }
}
