//! Finding the tensors of a network in a file.

use crate::name::{Name, Spoken};
use crate::npz;
use crate::problem::Problem;
use crate::safetensors;
use crate::tensor::{Numbers, Tensor};

/// A file of one of the formats, whose structure was found to be right.
#[derive(Clone, Copy)]
pub struct File<'a> {
    source: Source<'a>,
    /// Characters of the words that all its names begin with.
    shared: usize,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Safetensors(safetensors::File<'a>),
    Npz(npz::File<'a>),
}

impl<'a> Source<'a> {
    /// Calls `each` with the name of every tensor.
    fn names(&self, each: &mut dyn FnMut(Name<'a>)) {
        let _ = match self {
            Self::Safetensors(file) => file.tensors(&mut |tensor| {
                each(tensor.name);
                Ok(())
            }),
            Self::Npz(file) => file.members(&mut |member| {
                each(member.name);
                Ok(())
            }),
        };
    }
}

/// A tensor that a network wants.
pub struct Wanted<'w> {
    /// The name of its layer.
    pub layer: Spoken<'w>,
    /// Its own, which follows that after a dot.
    pub name: &'w str,
    /// Its shape.
    pub shape: &'w [usize],
    /// Whether its dimensions are the other way round in memory: a matrix that is stored column by column.
    pub is_transposed: bool,
    /// The most bytes that a number may have.
    pub bytes: usize,
}

impl<'a> File<'a> {
    /// Looks at the structure of a file.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        if let Some(what) = other_file(bytes) {
            return Err(Problem::Other { what });
        }
        let source = if bytes.starts_with(npz::MAGIC) {
            Source::Npz(npz::File::open(bytes)?)
        } else {
            Source::Safetensors(safetensors::File::open(bytes)?)
        };
        let (mut first, mut shared) = (None, usize::MAX);
        source.names(&mut |name| shared = name.common(*first.get_or_insert(name), shared));
        Ok(Self { source, shared })
    }

    /// The ends of words that all names begin with and that may be left out of them, in characters.
    pub const fn shared(&self) -> usize {
        self.shared
    }

    /// Calls `each` with every tensor of the file and its name.
    pub fn each(&self, each: &mut dyn FnMut(Name<'a>, Result<Tensor<'a>, Problem>)) {
        // What could be wrong was found when it was opened.
        let _ = match &self.source {
            Source::Safetensors(file) => file.tensors(&mut |tensor| {
                each(tensor.name, Ok(tensor));
                Ok(())
            }),
            Source::Npz(file) => file.members(&mut |member| {
                each(member.name, member.array());
                Ok(())
            }),
        };
    }

    /// The tensor of that name. The words that all names of the file begin with may be left out of it.
    pub fn find(&self, wanted: Spoken<'_>) -> Result<Tensor<'a>, Problem> {
        match &self.source {
            Source::Safetensors(file) => {
                let mut search = Search::new(self.shared);
                file.tensors(&mut |tensor| search.see(tensor.name, wanted, tensor))?;
                search.found.map(|(_, tensor)| tensor).ok_or(Problem::Missing)
            }
            Source::Npz(file) => {
                let mut search = Search::new(self.shared);
                file.members(&mut |member| search.see(member.name, wanted, member))?;
                search.found.ok_or(Problem::Missing)?.1.checked()
            }
        }
    }

    /// The numbers of a tensor of a network in the order of its memory, if they are there and fit. A `weight` of a dense layer,
    /// `[outputs, inputs]`, may be called `kernel`, and is then `[inputs, outputs]`; that of a convolution, `[outputs, inputs, taps]`,
    /// is then `[taps, inputs, outputs]`.
    pub fn numbers(&self, wanted: &Wanted<'_>) -> Result<Numbers<'a>, Problem> {
        let find = |name: &str| {
            self.find(&|each: &mut dyn FnMut(&str)| {
                (wanted.layer)(each);
                each(".");
                each(name);
            })
        };
        let tensor = match find(wanted.name) {
            Err(Problem::Missing) if wanted.is_transposed && wanted.name == "weight" => {
                find("kernel").map(Tensor::turned)
            }
            found => found,
        };
        tensor?.numbers(wanted.shape, wanted.bytes, wanted.is_transposed)
    }
}

/// What was found of a name.
struct Search<F> {
    shared: usize,
    /// The characters before the name, and what has it.
    found: Option<(usize, F)>,
}

impl<F> Search<F> {
    const fn new(shared: usize) -> Self {
        Self { shared, found: None }
    }

    /// Looks whether this is it. What has the name as it is comes before what has words before it.
    fn see(&mut self, name: Name<'_>, wanted: Spoken<'_>, this: F) -> Result<(), Problem> {
        let Some(before) = name.before(wanted).filter(|before| *before <= self.shared) else { return Ok(()) };
        match &self.found {
            Some((found, _)) if *found < before => {}
            Some((found, _)) if *found == before => return Err(Problem::Repeated),
            _ => self.found = Some((before, this)),
        }
        Ok(())
    }
}

/// What a file is that is often taken for one of weights.
fn other_file(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"version https://git-lfs") {
        return Some("a Git LFS pointer, not the file itself; run `git lfs pull`");
    }
    if [".safetensors", ".npz"].iter().any(|end| bytes.ends_with(end.as_bytes()))
        && !bytes.iter().any(u8::is_ascii_control)
    {
        return Some("a path, not the bytes of a file; `weights::load_file` takes a path");
    }
    // An archive whose first file is a pickle, or, before PyTorch 1.6, pickles of which the first is a magic number.
    let head = bytes.get(..100).unwrap_or(bytes);
    let is_archive = head.starts_with(npz::MAGIC) && head.windows(9).any(|name| name == b"/data.pkl");
    (is_archive || head.starts_with(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9"))
        .then_some("written by `torch.save`; write it with safetensors' `save_file`")
}
