//! What the files of a declaration have.

/// What the files of a declaration have.
#[derive(Default)]
pub struct Files {
    /// The parameters.
    pub trained: Option<Trained>,
    /// Samples with their outputs.
    pub golden: Option<Samples>,
}

/// Parameters in the order of the network's memory.
pub struct Trained {
    /// The numbers, least significant byte first.
    pub bytes: Vec<u8>,
    /// The file that was read.
    pub path: String,
    /// Tensors that the network does not have.
    pub extra: Vec<String>,
}

/// Inputs and outputs of a network.
pub struct Samples {
    /// The file that was read.
    pub path: String,
    /// The inputs, one after another.
    pub inputs: Vec<u8>,
    /// The outputs.
    pub outputs: Vec<u8>,
    /// How many there are.
    pub rows: usize,
    /// How far an output may be off.
    pub tolerance: f64,
}
