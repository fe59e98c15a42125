//! Weights in and out: [`Network::load`](crate::network::Network::load) and [`Network::save`](crate::network::Network::save), from and
//! to bytes, without a heap.
//!
//! Files are [safetensors](https://huggingface.co/docs/safetensors), as PyTorch's `save_file(net.state_dict(), path)` writes
//! and `load_state_dict(load_file(path))` reads them; NumPy's `.npz` is read too, if it is not compressed. The tensors of a
//! network have the names that they have in a PyTorch `Sequential`: `0.weight` is `[outputs, inputs]` of its first
//! [dense layer](crate::layer::Dense), `0.bias` its bias, an activation or dropout counts as a module, a residual block and
//! each branch is a `Sequential` of its own, and a named layer has its name instead of its number.
//!
//! The rules are the same at run time and for `#[weights]`, which has one reader with it:
//!
//! * Every tensor of the network must be there, of its shape, once, of finite floating-point numbers that have no more bits than
//!   the network's. Numbers in double precision are not rounded silently: write them as single precision
//!   (`{name: tensor.float() for …}`), or declare the network in `f64`. Whatever else the file has is left alone;
//!   but not what changes a layer that the network has, as `weight_ih_l1` of two layers in one `LSTM`, or the bias of a layer that has
//!   none here: that is an error at run time, as what `#[weights]` leaves is a warning.
//! * The words that all names of a file begin with may be left out: `module.0.weight`, as `DataParallel` makes it, or
//!   `_orig_mod.0.weight` of `torch.compile`, is `0.weight`, if all other names begin so too.
//! * A dense layer's `weight` may be called `kernel`, as Keras and flax call it, and is then `[inputs, outputs]`. Only the name
//!   says so: a square matrix that is called `weight` and is the other way round has the right shape, and nobody can notice.
//! * The arrays of an `.npz` may be in the order of rows or of columns, and of either byte order. As in NumPy, a member of the
//!   archive is an array if it begins as one, whether its name ends in `.npy` or not. Check sums are checked.
//! * A safetensors file is in the order of rows. `safetensors.numpy.save_file` 0.8 writes a transposed view in the order of its
//!   memory, which no reader can notice: give it `np.ascontiguousarray(tensor.T)`.
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

pub use crate::file::{TensorName, WeightsError};
pub use golden::Mismatch;
#[doc(hidden)]
pub use golden::agrees;
#[doc(inline)]
pub use nn_files::{Dims, Dtype};

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
