//! Jumps in code of RISC-V with compressed instructions.

use super::Jump;

/// The size of the first instruction, or of the first two if they are a jump together, and the jump (The RISC-V Instruction Set
/// Manual, volume I: `JAL`, `AUIPC`, `JALR`; `C.J` and `C.JAL`).
pub(super) fn jump([first, second, third, fourth]: [u16; 4]) -> (u64, Option<Jump>) {
    if first & 3 != 3 {
        let is_call = first >> 13 == 1;
        let jumps = first & 3 == 1 && (is_call || first >> 13 == 5);
        return (2, jumps.then(|| Jump { by: near(first.into()), is_call }));
    }
    let word = |low: u16, high: u16| u32::from(high) << 16 | u32::from(low);
    let (one, two) = (word(first, second), word(third, fourth));
    let register = |word: u32| word >> 7 & 31;
    match one & 127 {
        0x6f => (4, Some(Jump { by: far(one), is_call: register(one) != 0 })),
        0x17 if two & 127 == 0x67 && two >> 15 & 31 == register(one) => {
            let by = (one & !0xfff).wrapping_add_signed(two as i32 >> 20);
            (8, Some(Jump { by: (by as i32).into(), is_call: register(two) != 0 }))
        }
        _ => (4, None),
    }
}

/// By how much `JAL` jumps.
fn far(word: u32) -> i64 {
    let bits = (word >> 21 & 0x3ff) << 1 | (word >> 20 & 1) << 11 | (word >> 12 & 0xff) << 12 | (word >> 31) << 20;
    i64::from((bits << 11) as i32 >> 11)
}

/// By how much `C.J` and `C.JAL` jump: the places of bits 1 to 11 in the instruction.
fn near(half: u32) -> i64 {
    const PLACES: [u32; 11] = [3, 4, 5, 11, 2, 7, 6, 9, 10, 8, 12];
    let bits = PLACES.iter().enumerate().fold(0, |bits, (bit, place)| bits | (half >> place & 1) << (bit + 1));
    i64::from((bits << 20) as i32 >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a disassembler reads them.
    #[test]
    fn jumps_are_decoded() {
        let of = |code: u64| jump([0, 16, 32, 48].map(|by| (code >> by) as u16));
        let call = |by| Some(Jump { by, is_call: true });
        let jumps = |by| Some(Jump { by, is_call: false });
        assert_eq!(of(0x78a0_80e7_0000_0097), (8, call(0x2040_081e - 0x2040_0094)));
        assert_eq!(of(0x0083_0067_0000_0317), (8, jumps(0x2040_0e82 - 0x2040_0e7a)));
        assert_eq!(of(0x0083_0067_0000_0297), (4, None)); // of another register
        assert_eq!(of(0x0100_00ef), (4, call(16)));
        assert_eq!(of(0xffdf_f06f), (4, jumps(-4)));
        assert_eq!(of(0xa021), (2, jumps(0x2040_0250 - 0x2040_0248)));
        assert_eq!(of(0xaa05), (2, jumps(0x2040_07c2 - 0x2040_0692)));
        assert_eq!(of(0xbd5d), (2, jumps(0x2040_067c - 0x2040_07c6)));
        assert_eq!(of(0x2021), (2, call(8)));
        assert_eq!(of(0x8082), (2, None)); // ret
        assert_eq!(of(0xc939), (2, None)); // beqz
    }
}
