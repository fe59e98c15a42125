//! What a program's file says: how large it is, and who calls whom.

use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// A program that can't allocate, and in which no function calls itself, through others or not. Calls through pointers are not
/// followed.
#[derive(Debug)]
pub(crate) struct Image {
    /// Bytes of flash: code, constants, and what static variables begin with.
    pub(crate) flash: u64,
    /// Bytes of static variables.
    pub(crate) ram: u64,
}

impl Image {
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = std::fs::read(path)?;
        let file = object::File::parse(&*bytes)?;
        let size = |names: &[&str]| -> u64 {
            file.sections()
                .filter(|section| section.name().is_ok_and(|name| names.contains(&name)))
                .map(|s| s.size())
                .sum()
        };
        if let Some(symbol) =
            file.symbols().find(|symbol| symbol.name().is_ok_and(|name| name.contains("__rust_alloc")))
        {
            return Err(format!("it can allocate: {}", symbol.name()?).into());
        }
        let calls = calls(&file)?;
        let mark = calls.iter().find(|(_, (name, _))| name == "count_begin").map(|(at, _)| *at);
        if !calls.values().any(|(_, targets)| targets.iter().any(|target| Some(*target) == mark)) {
            return Err("nobody calls `count_begin`: the code was not understood".into());
        }
        if let Some(circle) = circle(&calls) {
            return Err(format!("it can call itself: {}", circle.join(" -> ")).into());
        }
        Ok(Self {
            flash: size(&[".vector_table", ".text", ".rodata", ".data", ".gnu.sgstubs"]),
            ram: size(&[".data", ".bss", ".uninit"]),
        })
    }
}

/// The functions, by address: the name, and what it calls or, outside of itself, jumps to.
type Calls = BTreeMap<u64, (String, Vec<u64>)>;

fn calls(file: &object::File<'_>) -> Result<Calls, Box<dyn Error>> {
    let text = file.section_by_name(".text").ok_or("it has no code")?;
    let (code, base) = (text.data()?, text.address());
    // Where code (`$t`) and where data (`$d`) begins (Arm's ELF specification, 5.5.5 mapping symbols).
    let mut marks: Vec<_> = file
        .symbols()
        .filter(|s| s.name().is_ok_and(|name| name.starts_with("$")))
        .map(|s| (s.address(), s.name()))
        .collect();
    marks.sort_by_key(|(address, _)| *address);
    let is_data = |address: u64| {
        let next = marks.partition_point(|(mark, _)| *mark <= address);
        next.checked_sub(1).is_some_and(|at| marks[at].1.is_ok_and(|name| name.starts_with("$d")))
    };
    let mut calls = Calls::new();
    for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0) {
        let start = symbol.address() & !1;
        let inside = start..start + symbol.size();
        let (mut at, mut targets) = (start, Vec::new());
        while inside.contains(&at) {
            let half = |at: u64| {
                let at = (at - base) as usize;
                code.get(at..at + 2).map_or(0, |bytes| u32::from(u16::from_le_bytes([bytes[0], bytes[1]])))
            };
            let (first, second) = (half(at), half(at + 2));
            if is_data(at) {
                at += 2;
            } else if first >> 11 >= 0b11101 {
                if let Some(by) = far(first, second) {
                    let (target, is_call) = (at.wrapping_add_signed(4 + by), second & 0xd000 == 0xd000);
                    targets.extend((is_call || !inside.contains(&target)).then_some(target));
                }
                at += 4;
            } else {
                let target = near(first).map(|by| at.wrapping_add_signed(4 + by));
                targets.extend(target.filter(|target| !inside.contains(target)));
                at += 2;
            }
        }
        calls.insert(start, (symbol.name()?.to_string(), targets));
    }
    Ok(calls)
}

/// By how much `BL`, a call, and `B.W` jump, with a condition or without (Arm v7-M Architecture Reference Manual, A7.7.12 T3
/// and T4, A7.7.18).
fn far(first: u32, second: u32) -> Option<i64> {
    let bit = |of: u32, at: u32| i64::from(of >> at & 1);
    let sign = bit(first, 10);
    let high = |at| 1 ^ bit(second, at) ^ sign;
    let by = high(13) << 23 | high(11) << 22 | i64::from(first & 0x3ff) << 12 | i64::from(second & 0x7ff) << 1;
    match second & 0xd000 {
        _ if first & 0xf800 != 0xf000 => None,
        0x8000 if first >> 6 & 0xf < 14 => {
            let by = bit(second, 11) << 19 | bit(second, 13) << 18 | i64::from(first & 0x3f) << 12;
            Some((by | i64::from(second & 0x7ff) << 1) - (sign << 20))
        }
        0x9000 | 0xd000 => Some(by - (sign << 24)),
        _ => None,
    }
}

/// By how much `B` jumps, with a condition or without (A7.7.12 T1 and T2).
fn near(half: u32) -> Option<i64> {
    match half >> 11 {
        0b11100 => Some((i64::from(half & 0x7ff) << 1) - (i64::from(half & 0x400) << 2)),
        0b11010 | 0b11011 if half >> 8 & 0xf < 14 => Some(i64::from(half as u8 as i8) * 2),
        _ => None,
    }
}

/// The names of functions that call one another in a circle.
fn circle(calls: &Calls) -> Option<Vec<String>> {
    fn visit(at: u64, calls: &Calls, path: &mut Vec<u64>, done: &mut Vec<u64>) -> Option<Vec<String>> {
        if let Some(from) = path.iter().position(|before| *before == at) {
            return Some(path[from..].iter().chain([&at]).map(|at| calls[at].0.clone()).collect());
        }
        if done.contains(&at) {
            return None;
        }
        path.push(at);
        for target in calls.get(&at).map_or(&[][..], |(_, targets)| targets) {
            if calls.contains_key(target)
                && let Some(circle) = visit(*target, calls, path, done)
            {
                return Some(circle);
            }
        }
        path.pop();
        done.push(at);
        None
    }
    calls.keys().find_map(|start| visit(*start, calls, &mut Vec::new(), &mut Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a disassembler reads them.
    #[test]
    fn branches_are_decoded() {
        assert_eq!(far(0xf7ff, 0xfff8), Some(0x4de - 0x4ee));
        assert_eq!(far(0xf002, 0xfa72), Some(0x2a28 - 0x544));
        assert_eq!(far(0xe92d, 0x0f00), None); // stmdb
        assert_eq!(near(0xe7fe), Some(-4)); // to itself
        assert_eq!(far(0xf47f, 0xaf7c), Some(-0x108)); // bne.w
        assert_eq!(near(0xd1ee), Some(0xa66 - 0xa8a)); // bne
        assert_eq!(near(0xdf00), None); // svc
        assert_eq!(near(0x4770), None); // bx lr
    }

    #[test]
    fn circles_are_found() {
        let graph = |edges: &[(u64, &[u64])]| -> Calls {
            edges.iter().map(|(at, targets)| (*at, (at.to_string(), targets.to_vec()))).collect()
        };
        assert_eq!(circle(&graph(&[(1, &[2, 3]), (2, &[3]), (3, &[])])), None);
        assert_eq!(circle(&graph(&[(1, &[2]), (2, &[2])])), Some(vec!["2".into(), "2".into()]));
        assert_eq!(circle(&graph(&[(1, &[2]), (2, &[3]), (3, &[1])])).map(|circle| circle.len()), Some(4));
    }
}
