import { blurred, lightness, shrunk } from './grey.ts';
import type { Colour, Grey } from './grey.ts';
import { laidOn } from './register.ts';
import { median, solved } from './solve.ts';
import type { Alignment } from './register.ts';

/** How much a lesion is larger (0.1: by a tenth) or darker, at the likeliest border and between what others give. */
export interface Measured {
  value: number;
  low: number;
  high: number;
}

export interface Changes {
  width: number;
  height: number;
  changed: Uint8Array; ///< 1 where the second picture differs, by pixels of the first (shrunk)
  share: number; ///< of what both show
  overlap: number; ///< share of the first picture that both show
  grown?: Measured; ///< the lesion's area; left out where its border is not plain in both
  darker?: Measured; ///< the lesion's brightness, against the skin's
}

const side = 256;
const plain = 0.075; ///< of full brightness: differences below are light, noise and the camera's colours
const reach = 2; ///< pixels by which an edge may be displaced without being a change

/** Gain and offset, the latter as a plane, that bring one channel's light to another's; what has changed counts less. */
function equalised(first: Grey, second: Grey): Grey {
  let coefficients = [1, 0, 0, 0];
  let limit = Infinity;
  const row = (value: number, x: number, y: number) => [value, 1, x / first.width - 0.5, y / first.height - 0.5];
  const told = (at: number) => {
    const terms = row(second.values[at]!, at % first.width, Math.floor(at / first.width));
    return terms.reduce((sum, term, which) => sum + term * coefficients[which]!, 0);
  };
  for (let step = 0; step < 8; ++step) {
    const matrix = Array.from({ length: 4 }, () => new Array<number>(4).fill(0));
    const right = new Array<number>(4).fill(0);
    const residuals: number[] = [];
    for (let at = 0; at < first.values.length; ++at) {
      if (Number.isNaN(second.values[at])) continue;
      const residual = Math.abs(first.values[at]! - told(at));
      residuals.push(residual);
      const weight = residual <= limit ? 1 : limit / residual;
      const terms = row(second.values[at]!, at % first.width, Math.floor(at / first.width));
      for (let a = 0; a < 4; ++a) {
        for (let b = 0; b < 4; ++b) matrix[a]![b]! += weight * terms[a]! * terms[b]!;
        right[a]! += weight * terms[a]! * first.values[at]!;
      }
    }
    const found = solved(matrix, right);
    if (!found || found[0]! < 0.4 || found[0]! > 2.5) break; // another picture, or next to nothing on it
    coefficients = found;
    limit = 1.345 * 1.4826 * Math.max(median(residuals), 2e-3);
  }
  return { ...second, values: second.values.map((value, at) => (Number.isNaN(value) ? NaN : told(at))) };
}

/** How far a pixel's colour is from the nearest of its neighbours in the other picture. */
function distance(one: Colour, other: Colour, x: number, y: number): number {
  const { width, height } = one[0];
  const at = y * width + x;
  let least = Infinity;
  for (let down = Math.max(0, y - reach); down <= Math.min(height - 1, y + reach); ++down)
    for (let across = Math.max(0, x - reach); across <= Math.min(width - 1, x + reach); ++across) {
      const there = down * width + across;
      let sum = 0;
      for (let channel = 0; channel < 3; ++channel)
        sum += (one[channel]!.values[at]! - other[channel]!.values[there]!) ** 2;
      if (sum < least) least = sum; // never where it is NaN
    }
  return Math.sqrt(least / 3);
}

/** Keeps a pixel where all (or any) of those around it are set. */
function morphed(mask: Uint8Array, width: number, radius: number, how: 'all' | 'any'): Uint8Array {
  const height = mask.length / width;
  const wanted = how === 'all' ? 0 : 1; // the value that decides
  return mask.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let down = Math.max(0, y - radius); down <= Math.min(height - 1, y + radius); ++down)
      for (let across = Math.max(0, x - radius); across <= Math.min(width - 1, x + radius); ++across)
        if (mask[down * width + across] === wanted) return wanted;
    return 1 - wanted;
  });
}

/** Pixels that touch each other, as lists of places. */
export function pieces(mask: Uint8Array, width: number): number[][] {
  const left = Uint8Array.from(mask);
  const found: number[][] = [];
  for (let begin = 0; begin < left.length; ++begin) {
    if (!left[begin]) continue;
    const piece = [begin];
    left[begin] = 0;
    for (let next = 0; next < piece.length; ++next) {
      const at = piece[next]!;
      const x = at % width;
      for (const to of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width])
        if (left[to]) {
          left[to] = 0;
          piece.push(to);
        }
    }
    found.push(piece);
  }
  return found;
}

/** The grey value that best parts dark from light (Otsu 1979), with the means of both sides. */
function parted(values: number[]): { limit: number; dark: number; light: number } {
  const bins = new Float64Array(128);
  for (const value of values) bins[Math.min(127, Math.max(0, Math.floor(value * 128)))]!++;
  const total = values.length;
  const sum = bins.reduce((all, count, bin) => all + count * bin, 0);
  let [below, sumBelow, best] = [0, 0, -1];
  let result = { limit: 0, dark: 0, light: 0 };
  for (let bin = 0; bin < 127; ++bin) {
    below += bins[bin]!;
    sumBelow += bins[bin]! * bin;
    if (!below || below === total) continue;
    const [dark, light] = [sumBelow / below, (sum - sumBelow) / (total - below)];
    const between = below * (total - below) * (dark - light) ** 2;
    if (between <= best) continue;
    best = between;
    result = { limit: (bin + 1) / 128, dark: (dark + 0.5) / 128, light: (light + 0.5) / 128 };
  }
  return result;
}

/** The dark thing near the middle; nothing where it is not whole, or too small or large to be one. */
function lesion(grey: Grey, limit: number, seen: Uint8Array): number[] | undefined {
  const dark = grey.values.map((value, at) => (seen[at] && value < limit ? 1 : 0));
  const found = pieces(Uint8Array.from(dark), grey.width).sort((a, b) => b.length - a.length)[0];
  const all = seen.reduce((sum, one) => sum + one, 0);
  if (!found || found.length < 0.01 * all || found.length > 0.7 * all) return undefined;
  const { width, height } = grey;
  const atEdge = found.filter((at) => {
    const x = at % width;
    return x === 0 || x === width - 1 || at < width || at >= width * (height - 1) || !seen[at - 1] || !seen[at + 1];
  });
  return atEdge.length > 0.02 * found.length ? undefined : found;
}

function mean(grey: Grey, places: number[]): number {
  return places.reduce((sum, at) => sum + grey.values[at]!, 0) / places.length;
}

/** Area and brightness, with the border drawn between skin and lesion at the middle and a little to both sides. */
function measured(first: Grey, second: Grey, seen: Uint8Array): { grown?: Measured; darker?: Measured } {
  const values = [first, second].flatMap((grey) => [...grey.values].filter((_, at) => seen[at]));
  const { dark, light } = parted(values);
  if (light - dark < 0.1) return {}; // no plain border
  const grown: number[] = [];
  const darker: number[] = [];
  for (const share of [0.5, 0.4, 0.6]) {
    const limit = dark + share * (light - dark);
    const [before, after] = [lesion(first, limit, seen), lesion(second, limit, seen)];
    if (!before || !after) return {};
    grown.push(after.length / before.length - 1);
    darker.push(1 - mean(second, after) / mean(first, before));
  }
  const span = ([value, ...others]: number[]): Measured => ({
    value: value!,
    low: Math.min(value!, ...others),
    high: Math.max(value!, ...others),
  });
  return { grown: span(grown), darker: span(darker) };
}

/**
 * What is different in the second picture, laid on the first, after its light was made equal.
 * Both may be of any size; they are compared at 256 pixels.
 */
export function changes(first: Colour, second: Colour, by: Alignment): Changes {
  const small = (colour: Colour) => colour.map((grey) => blurred(shrunk(grey, side), 1)) as unknown as Colour;
  const [one, raw] = [small(first), small(second)];
  const other = raw.map((grey, at) => equalised(one[at]!, laidOn(one[at]!, grey, by))) as unknown as Colour;
  const { width, height } = one[0];
  const covered = Uint8Array.from(other[0].values, (value) => (Number.isNaN(value) ? 0 : 1));
  const seen = morphed(covered, width, reach + 1, 'all');
  const differs = new Uint8Array(width * height);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      const at = y * width + x;
      if (!seen[at]) continue;
      if (distance(one, other, x, y) > plain || distance(other, one, x, y) > plain) differs[at] = 1;
    }
  const changed = morphed(morphed(differs, width, 2, 'all'), width, 2, 'any'); // hairs and dust are thinner
  const all = seen.reduce((sum, value) => sum + value, 0);
  for (const piece of pieces(changed, width)) if (piece.length < 0.002 * all) for (const at of piece) changed[at] = 0;
  const share = all ? changed.reduce((sum, value) => sum + value, 0) / all : 0;
  const rest = all ? measured(blurred(lightness(one), 1), blurred(lightness(other), 1), seen) : {};
  return { width, height, changed, share, overlap: all / (width * height), ...rest };
}

/** The borders of what is set, along the pixels' edges, as an SVG path in pixels. */
export function outline(mask: Uint8Array, width: number): string {
  const height = mask.length / width;
  const is = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  const next = new Map<number, number[]>(); // from a corner to corners, the set pixel to the right
  const stride = width + 1;
  const edge = (x: number, y: number, toX: number, toY: number) => {
    const from = y * stride + x;
    next.set(from, [...(next.get(from) ?? []), toY * stride + toX]);
  };
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      if (!is(x, y)) continue;
      if (!is(x, y - 1)) edge(x, y, x + 1, y);
      if (!is(x + 1, y)) edge(x + 1, y, x + 1, y + 1);
      if (!is(x, y + 1)) edge(x + 1, y + 1, x, y + 1);
      if (!is(x - 1, y)) edge(x, y + 1, x, y);
    }
  let path = '';
  for (const begin of next.keys()) {
    let at = begin;
    let loop = '';
    for (let to = next.get(at)?.pop(); to !== undefined; to = next.get(at)?.pop()) {
      loop += `${loop ? 'L' : 'M'}${at % stride} ${Math.floor(at / stride)}`;
      at = to;
    }
    if (loop) path += `${loop}Z`;
  }
  return path;
}
