//! Kernels by hand for one stream each, in blocks of 64 samples: sizes known, frames in the lanes, and longer rings than are needed, so that
//! a block never wraps: a layer writes into the ring of the next, and the first block of a ring stands behind its end once more.

use super::memory::{Array, Layer, Ring, WaveNet};
use super::{BLOCK, Net};
use std::arch::x86_64::*;

macro_rules! kernels {
    (
        $name:ident, $features:literal, $V:ident, $LEN:literal;
        $load:ident $store:ident $splat:ident $fma:ident $add:ident $sub:ident $mul:ident $max:ident;
        scale($p:ident, $n:ident) $scale:expr;
        round($r:ident) $round:expr;
        reciprocal($y:ident) $reciprocal:expr;
    ) => {
        pub mod $name {
            use super::*;

            const VECTORS: usize = BLOCK / $LEN;

            /// `2^t`, for `t` from -126 to 126.
            #[target_feature(enable = $features)]
            #[inline]
            fn exp2(t: $V) -> $V {
                let $r = t;
                let $n = $round;
                let f = $sub(t, $n);
                let c = crate::yardstick::EXP2.map(|c| $splat(c));
                let f2 = $mul(f, f);
                let (low, middle, high) = ($fma(c[1], f, c[0]), $fma(c[3], f, c[2]), $fma(c[5], f, c[4]));
                let $p = $fma($fma(high, f2, middle), f2, low);
                $scale
            }

            /// `1 - 2 / (e^2x + 1)`.
            #[target_feature(enable = $features)]
            #[inline]
            pub fn tanh(x: $V) -> $V {
                let t = $mul(x, $splat(2.0 * std::f32::consts::LOG2_E));
                let t = clamp(t, 30.0);
                let $y = $add(exp2(t), $splat(1.0));
                $fma($reciprocal, $splat(-2.0), $splat(1.0))
            }

            #[target_feature(enable = $features)]
            #[inline]
            pub fn sigmoid(x: $V) -> $V {
                let t = clamp($mul(x, $splat(-std::f32::consts::LOG2_E)), 120.0);
                let $y = $add(exp2(t), $splat(1.0));
                $reciprocal
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn clamp(t: $V, most: f32) -> $V {
                let low = $max(t, $splat(-most));
                $sub($splat(0.0), $max($sub($splat(0.0), low), $splat(-most)))
            }

            /// `R` outputs of `Q` vectors of frames.
            ///
            /// # Safety
            /// There are those numbers.
            #[target_feature(enable = $features)]
            #[inline]
            unsafe fn tile<const R: usize, const Q: usize, const C: usize, const K: usize>(
                mut sums: [[$V; Q]; R],
                taps: [*const f32; K],
                step: usize,
                mut w: *const f32,
                outputs: usize,
            ) -> [[$V; Q]; R] {
                // SAFETY: the caller's promise.
                unsafe {
                    for tap in taps {
                        for i in 0..C {
                            let x: [$V; Q] = std::array::from_fn(|q| $load(tap.add(i * step + q * $LEN)));
                            for r in 0..R {
                                let weight = $splat(*w.add(r));
                                for q in 0..Q {
                                    sums[r][q] = $fma(x[q], weight, sums[r][q]);
                                }
                            }
                            w = w.add(outputs);
                        }
                    }
                }
                sums
            }

            /// # Safety
            /// There are those numbers.
            #[target_feature(enable = $features)]
            #[inline]
            unsafe fn outputs<const R: usize, const Q: usize, const C: usize, const K: usize, const TANH: bool>(
                layer: &mut Layer,
                (next, next_step, again): (*mut f32, usize, usize),
                condition: *const f32,
                (head, head_step): (*mut f32, usize),
                z: *mut f32,
            ) {
                // SAFETY: the caller's promise.
                unsafe {
                    let (len, at) = (layer.ring.len, layer.ring.at);
                    let (step, ring) = (len + BLOCK, layer.ring.numbers.at().cast_const());
                    let taps: [*const f32; K] = std::array::from_fn(|tap| {
                        let place = at + len - (K - 1 - tap) * layer.dilation;
                        ring.add(if place >= len { place - len } else { place })
                    });
                    let (b, m) = (layer.conv_bias.at(), layer.mixer.at());
                    let mut t = 0;
                    while t < BLOCK {
                        for o in (0..C).step_by(R) {
                            let start = std::array::from_fn(|r| {
                                let (b, m) = ($splat(*b.add(o + r)), $splat(*m.add(o + r)));
                                std::array::from_fn(|q| $fma($load(condition.add(t + q * $LEN)), m, b))
                            });
                            let taps = taps.map(|tap| tap.add(t));
                            let sums = tile::<R, Q, C, K>(start, taps, step, layer.conv.at().add(o), C);
                            for r in 0..R {
                                for q in 0..Q {
                                    let y = sums[r][q];
                                    let y = if TANH { tanh(y) } else { $max(y, $mul(y, $splat(0.01))) };
                                    $store(z.add((o + r) * BLOCK + t + q * $LEN), y);
                                    let sum = head.add((o + r) * head_step + t + q * $LEN);
                                    $store(sum, $add($load(sum), y));
                                }
                            }
                        }
                        t += Q * $LEN;
                    }
                    layer.ring.at = if at + BLOCK == len { 0 } else { at + BLOCK };
                    if next.is_null() {
                        return;
                    }
                    let x = taps[K - 1];
                    let b = layer.out_bias.at();
                    let mut t = 0;
                    while t < BLOCK {
                        for o in (0..C).step_by(R) {
                            let start = std::array::from_fn(|r| {
                                let b = $splat(*b.add(o + r));
                                std::array::from_fn(|q| $add($load(x.add((o + r) * step + t + q * $LEN)), b))
                            });
                            let sums = tile::<R, Q, C, 1>(start, [z.add(t)], BLOCK, layer.out.at().add(o), C);
                            for r in 0..R {
                                for q in 0..Q {
                                    let to = next.add((o + r) * next_step + t + q * $LEN);
                                    $store(to, sums[r][q]);
                                    if again > 0 {
                                        $store(to.add(again), sums[r][q]);
                                    }
                                }
                            }
                        }
                        t += Q * $LEN;
                    }
                }
            }

            /// All layers of an array; `x` goes to `after` in the end.
            ///
            /// # Safety
            /// There are those numbers.
            #[target_feature(enable = $features)]
            unsafe fn layer<const R: usize, const Q: usize, const C: usize, const K: usize, const TANH: bool>(
                layer: &mut Layer,
                next: (*mut f32, usize, usize),
                condition: *const f32,
                head: (*mut f32, usize),
                z: *mut f32,
            ) {
                // SAFETY: the caller's promise.
                unsafe { outputs::<R, Q, C, K, TANH>(layer, next, condition, head, z) }
            }

            /// # Safety
            /// The processor has the instructions, and the network is of that shape.
            #[target_feature(enable = $features)]
            unsafe fn array<const R: usize, const Q: usize, const C: usize, const TANH: bool>(
                array: &mut Array,
                condition: *const f32,
                after: *mut f32,
                z: *mut f32,
            ) {
                // SAFETY: the caller's promise.
                unsafe {
                    let count = array.layers.len();
                    for at in 0..count {
                        let (now, later) = array.layers.split_at_mut(at + 1);
                        let next = match later.first_mut() {
                            Some(next) => place(&mut next.ring),
                            None => (after, BLOCK, 0),
                        };
                        let head = (array.sums.numbers.at().add(array.sums.at), array.sums.len + BLOCK);
                        let now = &mut now[at];
                        match now.conv.0.len() * 16 / (C * C) {
                            3..6 => layer::<R, Q, C, 3, TANH>(now, next, condition, head, z),
                            6..15 => layer::<R, Q, C, 6, TANH>(now, next, condition, head, z),
                            _ => layer::<R, Q, C, 15, TANH>(now, next, condition, head, z),
                        }
                    }
                }
            }

            /// A sum of channels for every output.
            ///
            /// # Safety
            /// There are those numbers.
            #[target_feature(enable = $features)]
            unsafe fn channels(
                x: (*const f32, usize, usize),
                w: *const f32,
                (y, y_step, again, outputs): (*mut f32, usize, usize, usize),
            ) {
                // SAFETY: the caller's promise.
                unsafe {
                    for o in 0..outputs {
                        let mut sums = [$splat(0.0); VECTORS];
                        for i in 0..x.2 {
                            let w = $splat(*w.add(i * outputs + o));
                            for (q, sum) in sums.iter_mut().enumerate() {
                                *sum = $fma($load(x.0.add(i * x.1 + q * $LEN)), w, *sum);
                            }
                        }
                        for (q, sum) in sums.into_iter().enumerate() {
                            let to = y.add(o * y_step + q * $LEN);
                            $store(to, sum);
                            if again > 0 {
                                $store(to.add(again), sum);
                            }
                        }
                    }
                }
            }

            /// Where a block of a ring goes, and how far behind it once more.
            fn place(ring: &mut Ring) -> (*mut f32, usize, usize) {
                let (len, at) = (ring.len, ring.at);
                // SAFETY: the place is in the ring.
                (unsafe { ring.numbers.at().add(at) }, len + BLOCK, if at == 0 { len } else { 0 })
            }

            /// A block.
            ///
            /// # Safety
            /// The processor has the instructions.
            #[target_feature(enable = $features)]
            pub unsafe fn wavenet(net: Net, of: &mut WaveNet, x: &[f32; BLOCK], y: &mut [f32; BLOCK]) {
                // SAFETY: all planes have 64 frames of as many channels as the network has.
                unsafe {
                    let z = of.z.at();
                    let [first, rest @ ..] = &mut of.arrays[..] else { return };
                    let after = of.after.at();
                    let (to, step, again) = place(&mut first.layers[0].ring);
                    channels((x.as_ptr(), BLOCK, 1), first.rechannel.at(), (to, step, again, net.shape().arrays[0].0));
                    let sums = first.sums.numbers.at().add(first.sums.at);
                    let width = first.sums.len + BLOCK;
                    for channel in 0..net.shape().arrays[0].0 {
                        std::ptr::write_bytes(sums.add(channel * width), 0, BLOCK);
                    }
                    let xs = x.as_ptr();
                    match (net, rest) {
                        (Net::A1Standard, [second]) => {
                            array::<4, { if $LEN == 16 { 4 } else { 2 } }, 16, true>(first, xs, after, z);
                            between(first, second, (16, 8), after);
                            array::<4, { if $LEN == 16 { 4 } else { 2 } }, 8, true>(
                                second,
                                xs,
                                std::ptr::null_mut(),
                                z,
                            );
                            end::<8, 1>(second, y);
                        }
                        (Net::A1Nano, [second]) => {
                            array::<4, { if $LEN == 16 { 4 } else { 2 } }, 4, true>(first, xs, after, z);
                            between(first, second, (4, 2), after);
                            array::<2, 4, 2, true>(second, xs, std::ptr::null_mut(), z);
                            end::<2, 1>(second, y);
                        }
                        (Net::A2Full, []) => {
                            array::<4, { if $LEN == 16 { 4 } else { 2 } }, 8, false>(
                                first,
                                xs,
                                std::ptr::null_mut(),
                                z,
                            );
                            end::<8, 16>(first, y);
                        }
                        (Net::A2Lite, []) => {
                            array::<3, 4, 3, false>(first, xs, std::ptr::null_mut(), z);
                            end::<3, 16>(first, y);
                        }
                        _ => {}
                    }
                }
            }

            /// # Safety
            /// There are those numbers.
            #[target_feature(enable = $features)]
            unsafe fn between(first: &mut Array, second: &mut Array, (c, d): (usize, usize), x: *const f32) {
                // SAFETY: the caller's promise.
                unsafe {
                    let (to, step, again) = place(&mut second.layers[0].ring);
                    channels((x, BLOCK, c), second.rechannel.at(), (to, step, again, d));
                    let (from, to) =
                        (first.sums.numbers.at().add(first.sums.at), second.sums.numbers.at().add(second.sums.at));
                    channels((from, first.sums.len + BLOCK, c), first.head.at(), (to, second.sums.len + BLOCK, 0, d));
                }
            }

            /// # Safety
            /// There are those numbers.
            #[target_feature(enable = $features)]
            unsafe fn end<const C: usize, const K: usize>(array: &mut Array, y: &mut [f32; BLOCK]) {
                // SAFETY: the caller's promise.
                unsafe {
                    let Ring { ref mut numbers, len, at } = array.sums;
                    let (step, ring) = (len + BLOCK, numbers.at());
                    if at == 0 && K > 1 {
                        for channel in 0..C {
                            let from = ring.add(channel * step);
                            std::ptr::copy_nonoverlapping(from, from.add(len), BLOCK);
                        }
                    }
                    let taps: [*const f32; K] = std::array::from_fn(|tap| {
                        let place = at + len - (K - 1 - tap);
                        ring.cast_const().add(if place >= len { place - len } else { place })
                    });
                    let bias = $splat(*array.head_bias.at());
                    let sums = tile::<1, VECTORS, C, K>([[bias; VECTORS]], taps, step, array.head.at(), 1);
                    for (q, sum) in sums[0].into_iter().enumerate() {
                        $store(y.as_mut_ptr().add(q * $LEN), sum);
                    }
                    array.sums.at = if at + BLOCK == len { 0 } else { at + BLOCK };
                }
            }
        }
    };
}

kernels! {
    avx2, "avx2,fma", __m256, 8;
    _mm256_loadu_ps _mm256_storeu_ps _mm256_set1_ps _mm256_fmadd_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_max_ps;
    scale(p, n) _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32::<23>(_mm256_cvtps_epi32(n))));
    round(t) _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(t);
    reciprocal(y) _mm256_div_ps(_mm256_set1_ps(1.0), y);
}

kernels! {
    avx512, "avx512f,avx512dq,avx2,fma", __m512, 16;
    _mm512_loadu_ps _mm512_storeu_ps _mm512_set1_ps _mm512_fmadd_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_max_ps;
    scale(p, n) _mm512_scalef_ps(p, n);
    round(t) _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(t);
    // One step of Newton's from fourteen bits.
    reciprocal(y) {
        let r = _mm512_rcp14_ps(y);
        _mm512_fmadd_ps(_mm512_fnmadd_ps(r, y, _mm512_set1_ps(1.0)), r, r)
    };
}
