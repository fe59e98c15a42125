//! Files of weights that tests write, and damage.

use nn_core::prelude::*;

/// An array for an archive: the name of its member, `descr`, `fortran_order` and `shape` as Python writes them, and its bytes.
pub struct Array<'a>(pub &'a str, pub &'a str, pub bool, pub &'a str, pub Vec<u8>);

/// An archive of arrays, as `np.savez` writes it.
pub fn npz(arrays: &[Array<'_>]) -> Vec<u8> {
    let members = arrays.iter().map(|Array(name, descr, fortran, shape, data)| {
        let fortran = if *fortran { "True" } else { "False" };
        let header = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}");
        let header = format!("{header:<117}\n");
        let start = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
        (*name, [start.as_slice(), data].concat())
    });
    archive(&members.collect::<Vec<_>>())
}

/// An archive of stored files.
pub fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let (len, start) = (data.len() as u32, bytes.len() as u32);
        // Version, flags, method, time and date; check sum, both sizes, the length of the name.
        let fields =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &crc(data).to_le_bytes()[..], &len.to_le_bytes(), &len.to_le_bytes()];
        let fields = [&fields.concat()[..], &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
        list.extend([b"PK\x01\x02\x14\x00", &fields[..], &[0; 10], &start.to_le_bytes(), name.as_bytes()].concat());
        bytes.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), data].concat());
    }
    let count = (members.len() as u16).to_le_bytes();
    let (len, start) = ((list.len() as u32).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
    bytes.extend(list);
    bytes.extend([b"PK\x05\x06", &[0; 4][..], &count, &count, &len, &start, &[0; 2]].concat());
    bytes
}

fn crc(data: &[u8]) -> u32 {
    let bit = |crc: u32, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
    !data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

/// A safetensors file with that header.
pub fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// A safetensors file of these tensors in single precision.
pub fn tensors(all: &[(&str, &[usize], &[f32])]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, shape, numbers) in all {
        let start = data.len();
        data.extend(singles(numbers));
        entries
            .push(format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{start},{}]}}"#, data.len()));
    }
    safetensors(&format!("{{{}}}", entries.join(",")), &data)
}

/// Numbers as a file has them.
pub fn singles(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Changes, removes, inserts and doubles bytes, most of them in the header, and changes numbers in it.
pub fn mutate(bytes: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut file = bytes.to_vec();
    let mut below = |most: usize| (rng.next_u64() % most.max(1) as u64) as usize;
    for _ in 0..1 + below(4) {
        let reach = if below(4) == 0 { file.len() } else { file.len().min(400) };
        let at = below(reach);
        match below(8) {
            0 => file.truncate(at),
            1 => drop(file.drain(at..(at + 1 + below(8)).min(file.len()))),
            2 => file.insert(at, below(256) as u8),
            3 => {
                let piece = file[at..(at + below(40)).min(file.len())].to_vec();
                let to = below(file.len() + 1);
                file.splice(to..to, piece);
            }
            4 => {
                // A digit becomes another one: shapes and offsets that are wrong in themselves.
                let digits: Vec<_> = (0..file.len().min(400)).filter(|at| file[*at].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    file[digits[below(digits.len())]] = b'0' + below(10) as u8;
                }
            }
            5 => {
                const PIECES: &[&[u8]] =
                    &[b"\"", b"{", b"}", b"[", b"]", b",", b":", b"\\u0030", b"F64", b"99999999999999999999", b"  "];
                let piece = PIECES[below(PIECES.len())];
                file.splice(at..at, piece.iter().copied());
            }
            6 => {
                // What is right in itself, but not for this network.
                const CHANGES: &[(&[u8], &[u8])] =
                    &[(b"[16,4]", b"[4,16]"), (b"F32", b"I32"), (b"0.w", b"1.w"), (b"[3]", b"[1,3]")];
                let (from, to) = CHANGES[below(CHANGES.len())];
                if let Some(at) = file.windows(from.len()).position(|window| window == from) {
                    file.splice(at..at + from.len(), to.iter().copied());
                }
            }
            _ if at < file.len() => file[at] ^= 1 << below(8),
            _ => {}
        }
    }
    // Half of the files have a header as long as it says, so that what is inside is read.
    if file.len() > 8 && !bytes.starts_with(b"PK") && below(2) == 0 {
        let [before, after] = [bytes, &file].map(|file| u64::from_le_bytes(file[..8].try_into().expect("eight bytes")));
        let header = (before.saturating_add(file.len() as u64)).saturating_sub(bytes.len() as u64);
        file[..8].copy_from_slice(&if header > 0 { header } else { after }.to_le_bytes());
    }
    file
}

/// An archive one of whose files is damaged, with check sums that are right.
pub fn mutate_inside(members: &[(&str, Vec<u8>)], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut members = members.to_vec();
    let at = rng.next_u64() as usize % members.len();
    members[at].1 = mutate(&members[at].1, rng);
    archive(&members)
}

/// The files of an archive that [`archive`] wrote, or NumPy.
pub fn members(bytes: &[u8]) -> Vec<(&str, Vec<u8>)> {
    let number =
        |at: usize, len: usize| bytes[at..at + len].iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte));
    let end = bytes.len() - 22;
    let mut at = number(end + 16, 4);
    let members = (0..number(end + 10, 2)).map(|_| {
        let (size, name_len, local) = (number(at + 20, 4), number(at + 28, 2), number(at + 42, 4));
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let name = std::str::from_utf8(&bytes[at + 46..at + 46 + name_len]).expect("a name");
        at += 46 + name_len + number(at + 30, 2) + number(at + 32, 2);
        (name, bytes[start..start + size].to_vec())
    });
    members.collect()
}
