//! What the files of a declaration have.

/// What the files of a declaration have.
#[derive(Default)]
pub struct Files {
    /// The parameters.
    pub trained: Option<Trained>,
    /// Samples with their outputs.
    pub golden: Option<Samples>,
}

/// Parameters of a network.
pub struct Trained {
    /// The numbers.
    pub numbers: Numbers,
    /// The file that was read.
    pub path: String,
    /// Tensors that the network does not have.
    pub extra: Vec<String>,
}

/// The numbers of a network, as the target has them in memory.
#[cfg_attr(not(feature = "weights"), allow(dead_code, reason = "nobody reads files"))]
pub enum Numbers {
    /// All of them, in the order of its memory.
    Whole(Vec<u8>),
    /// Those of each tensor that it may have, if only the compiler knows which these are.
    Tensors(Vec<Named>),
}

/// A tensor by its name in the network.
pub struct Named {
    /// The name.
    pub name: String,
    /// Its shape in a file.
    pub shape: Vec<u64>,
    /// Its numbers, those of a matrix column by column; or why the network can't have them.
    pub numbers: Result<Vec<u8>, String>,
}

/// Inputs and outputs of a network.
pub struct Samples {
    /// The file that was read.
    pub path: String,
    /// The inputs, one after another, the least significant byte of each number first.
    pub inputs: Vec<u8>,
    /// The outputs.
    pub outputs: Vec<u8>,
    /// How many there are.
    pub rows: usize,
    /// How far an output may be off.
    pub tolerance: f64,
}
