//! Random numbers: the generator trait of [`rand_core`], and a small seeded generator.
//!
//! [`ChaCha8Rng`] gives the same numbers on every machine. Its state can be saved: it is `get_seed()`, `get_stream()` and
//! `get_word_pos()`.
//!
//! ```
//! use nn_core::random::{ChaCha8Rng, Rng, SeedableRng};
//!
//! let mut rng = ChaCha8Rng::seed_from_u64(7);
//! rng.next_u64();
//! let (seed, stream, position) = (rng.get_seed(), rng.get_stream(), rng.get_word_pos());
//!
//! let mut again = ChaCha8Rng::from_seed(seed);
//! again.set_stream(stream);
//! again.set_word_pos(position);
//! assert_eq!(again.next_u64(), rng.next_u64());
//! ```

pub use rand_chacha::ChaCha8Rng;
pub use rand_core::{Rng, SeedableRng};
