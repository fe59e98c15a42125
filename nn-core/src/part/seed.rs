//! Where randomness comes from.

/// Where the randomness of one training step comes from; each part gets its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// That of a pass as in use: nothing is left out, and norms take what they have learnt.
    pub const USE: Self = Self(0x7573_6564_2061_7320);

    /// Whether it is.
    pub const fn is_use(self) -> bool {
        self.0 == Self::USE.0
    }
}

/// By how much the state of SplitMix64 grows.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Seed {
    /// Two seeds of one, both unlike it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn halves(self) -> (Self, Self) {
        if self.is_use() { (self, self) } else { (self.next(1), self.next(2)) }
    }

    /// The seed of so many-th of several equal things.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn at(self, index: u64) -> Self {
        if self.is_use() { self } else { Self(self.next(1).0 ^ index).next(1) }
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
