//! Where randomness comes from.

/// Where the randomness of one training step comes from; each part gets its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// By how much the state of SplitMix64 grows.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Seed {
    /// Two seeds of one, both unlike it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn halves(self) -> (Self, Self) {
        (self.next(1), self.next(2))
    }

    /// The seed of so many-th of several equal things.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn at(self, index: u64) -> Self {
        Self(self.next(1).0 ^ index).next(1)
    }

    /// The next number of the generator that the seed begins (SplitMix64).
    pub const fn draw(&mut self) -> u64 {
        let number = self.next(1).0;
        self.0 = self.0.wrapping_add(GAMMA);
        number
    }

    /// The output of SplitMix64 (Steele, Lea, Flood 2014), so many steps on.
    pub const fn next(self, steps: u64) -> Self {
        let x = self.0.wrapping_add(GAMMA.wrapping_mul(steps));
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(x ^ (x >> 31))
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn every_part_of_a_nested_chain_has_its_own_seed() {
        let (left, right) = Seed(7).halves();
        let ((a, b), (c, d)) = (left.halves(), right.halves());
        let all = [Seed(7), left, right, a, b, c, d];
        assert!(all.iter().enumerate().all(|(at, seed)| !all[..at].contains(seed)));
        // The first output of the reference implementation for the seed 1234567.
        assert_eq!(Seed(1_234_567).halves().0, Seed(6_457_827_717_110_365_317));
    }
}
