//! What a program's file says: how large it is, and who calls whom.

mod arm;
mod riscv;

use object::{Architecture, Object, ObjectSection, ObjectSymbol, SymbolKind};
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
    let jump = match file.architecture() {
        Architecture::Arm => arm::jump,
        Architecture::Riscv32 => riscv::jump,
        other => return Err(format!("nobody reads code for {other:?}").into()),
    };
    // Where code (`$t`, `$x`) and where data (`$d`) begins (Arm's ELF specification, 5.5.5 mapping symbols; that of RISC-V is alike).
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
    let half = |at: u64| {
        let at = (at - base) as usize;
        code.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    };
    let mut calls = Calls::new();
    for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0) {
        let start = symbol.address() & !1;
        let inside = start..start + symbol.size();
        let (mut at, mut targets) = (start, Vec::new());
        while inside.contains(&at) {
            if is_data(at) {
                at += 2;
                continue;
            }
            let (size, jump) = jump([0, 2, 4, 6].map(|by| half(at + by)));
            if let Some(Jump { by, is_call }) = jump {
                let target = at.wrapping_add_signed(by);
                targets.extend((is_call || !inside.contains(&target)).then_some(target));
            }
            at += size;
        }
        calls.insert(start, (symbol.name()?.to_string(), targets));
    }
    Ok(calls)
}

/// What an instruction calls or jumps to: so many bytes on from where it is.
#[derive(Debug, PartialEq)]
struct Jump {
    by: i64,
    is_call: bool,
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
