/** Complex numbers of a square grid whose side is a power of two. */
export interface Spectrum {
  size: number;
  real: Float64Array;
  imaginary: Float64Array;
}

/** Cooley and Tukey (1965), radix 2, in place, on every `step`-th number from `begin`. */
function transformLine(it: Spectrum, begin: number, step: number, sign: 1 | -1): void {
  const { size, real, imaginary } = it;
  for (let at = 1, other = 0; at < size; ++at) {
    let bit = size >> 1;
    for (; other & bit; bit >>= 1) other ^= bit;
    other ^= bit;
    if (at >= other) continue;
    const a = begin + at * step;
    const b = begin + other * step;
    [real[a], real[b]] = [real[b]!, real[a]!];
    [imaginary[a], imaginary[b]] = [imaginary[b]!, imaginary[a]!];
  }
  for (let length = 2; length <= size; length <<= 1) {
    const half = length >> 1;
    for (let offset = 0; offset < half; ++offset) {
      const angle = (sign * -2 * Math.PI * offset) / length;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      for (let at = offset; at < size; at += length) {
        const a = begin + at * step;
        const b = a + half * step;
        const re = real[b]! * cosine - imaginary[b]! * sine;
        const im = real[b]! * sine + imaginary[b]! * cosine;
        real[b] = real[a]! - re;
        imaginary[b] = imaginary[a]! - im;
        real[a]! += re;
        imaginary[a]! += im;
      }
    }
  }
}

function transform(it: Spectrum, sign: 1 | -1): void {
  for (let line = 0; line < it.size; ++line) transformLine(it, line * it.size, 1, sign);
  for (let line = 0; line < it.size; ++line) transformLine(it, line, it.size, sign);
}

export function spectrum(values: Float32Array, size: number): Spectrum {
  const it = { size, real: Float64Array.from(values), imaginary: new Float64Array(size * size) };
  transform(it, 1);
  return it;
}

/** The shift, within half a side, by which the second grid lies best on the first, and how well (their inner product). */
export function bestShift(first: Spectrum, second: Spectrum): { x: number; y: number; product: number } {
  const { size } = first;
  const product: Spectrum = { size, real: new Float64Array(size * size), imaginary: new Float64Array(size * size) };
  for (let at = 0; at < size * size; ++at) {
    const [a, b, c, d] = [first.real[at]!, first.imaginary[at]!, second.real[at]!, second.imaginary[at]!];
    product.real[at] = a * c + b * d;
    product.imaginary[at] = b * c - a * d;
  }
  transform(product, -1);
  let best = 0;
  for (let at = 1; at < size * size; ++at) if (product.real[at]! > product.real[best]!) best = at;
  const signed = (place: number) => (place >= size / 2 ? place - size : place);
  return {
    x: signed(best % size),
    y: signed(Math.floor(best / size)),
    product: product.real[best]! / (size * size),
  };
}
