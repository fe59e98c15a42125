//! Jumps in Thumb code.

use super::Jump;

/// The size of the first instruction, and its jump.
pub(super) fn jump([first, second, ..]: [u16; 4]) -> (u64, Option<Jump>) {
    let (first, second) = (u32::from(first), u32::from(second));
    // They count from the instruction after the next.
    if first >> 11 >= 0b11101 {
        let jump = far(first, second).map(|by| Jump { by: by + 4, is_call: second & 0xd000 == 0xd000 });
        (4, jump)
    } else {
        (2, near(first).map(|by| Jump { by: by + 4, is_call: false }))
    }
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
}
