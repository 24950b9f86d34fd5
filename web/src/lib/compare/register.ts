import { bestShift, spectrum } from './fft.ts';
import { blank, blurred, sampled, shrunk } from './grey.ts';
import type { Grey } from './grey.ts';
import { median, solved } from './solve.ts';

/** Where a point of the first picture is in the second. Both are measured from the picture's middle, in its longer side:
    there = scale · turned(here) + (x, y). */
export interface Alignment {
  scale: number;
  turn: number; ///< radians, clockwise on the screen
  x: number;
  y: number;
}

export const unmoved: Alignment = { scale: 1, turn: 0, x: 0, y: 0 };

export interface Registered extends Alignment {
  match: number; ///< correlation of what is finer than the lesion's outline, where the two overlap: 1 the same, 0 nothing
  overlap: number; ///< share of the first picture that the second covers
}

/** Below this the second picture was not found in the first. Unrelated pictures mostly stay below 0.5; that one is found is
    no proof that it shows the same lesion. */
const leastMatch = 0.6;
const leastOverlap = 0.35;

/** A function from pixels of the first picture to pixels of the second. */
export function mapping(from: Grey, to: Grey, by: Alignment): (x: number, y: number) => readonly [number, number] {
  const here = Math.max(from.width, from.height);
  const there = Math.max(to.width, to.height);
  const cosine = (by.scale * Math.cos(by.turn) * there) / here;
  const sine = (by.scale * Math.sin(by.turn) * there) / here;
  return (x, y) => {
    const across = x + 0.5 - from.width / 2;
    const down = y + 0.5 - from.height / 2;
    return [
      cosine * across - sine * down + by.x * there + to.width / 2 - 0.5,
      sine * across + cosine * down + by.y * there + to.height / 2 - 0.5,
    ];
  };
}

/** The second picture as it lies on the first; NaN where it does not reach. */
export function laidOn(first: Grey, second: Grey, by: Alignment): Grey {
  const map = mapping(first, second, by);
  const made = blank(first.width, first.height);
  for (let y = 0; y < made.height; ++y)
    for (let x = 0; x < made.width; ++x) {
      const [across, down] = map(x, y);
      made.values[y * made.width + x] = sampled(second, across, down);
    }
  return made;
}

/** Pearson's correlation where both are numbers, and the share of such places. */
function correlation(first: Grey, second: Grey): { match: number; overlap: number } {
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < first.values.length; ++at) {
    const [x, y] = [first.values[at]!, second.values[at]!];
    if (Number.isNaN(y)) continue;
    n++;
    a += x;
    b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const spread = (aa - (a * a) / n) * (bb - (b * b) / n);
  return { match: spread > 1e-12 ? (ab - (a * b) / n) / Math.sqrt(spread) : 0, overlap: n / first.values.length };
}

/** What is left without what is coarser than sigma. */
function fine(grey: Grey, sigma: number): Grey {
  const coarse = blurred(grey, sigma);
  return { ...grey, values: grey.values.map((value, at) => value - coarse.values[at]!) };
}

const frame = 64;
const inFrame = 44; ///< the longer side within it: the rest is room for shifts

/** A picture turned and scaled about its middle in a square, fading out to its edge, without a mean, of length 1. */
function framed(grey: Grey, scale: number, turn: number): Float32Array {
  const square = blank(frame, frame);
  const map = mapping(square, grey, { scale: (scale * frame) / inFrame, turn, x: 0, y: 0 });
  const weights = new Float32Array(frame * frame);
  let sum = 0;
  let weight = 0;
  for (let y = 0; y < frame; ++y)
    for (let x = 0; x < frame; ++x) {
      const [across, down] = map(x, y);
      const value = sampled(grey, across, down);
      if (Number.isNaN(value)) continue;
      const toEdge = Math.min(across, down, grey.width - 1 - across, grey.height - 1 - down);
      const at = y * frame + x;
      weights[at] = Math.min(1, toEdge / (0.12 * inFrame));
      square.values[at] = value;
      sum += weights[at]! * value;
      weight += weights[at]!;
    }
  let length = 0;
  const made = square.values.map((value, at) => weights[at]! * (value - sum / weight));
  for (const value of made) length += value * value;
  return made.map((value) => value / Math.sqrt(length || 1));
}

/** Turns and scales that may be right, the likeliest first. */
function guesses(first: Grey, second: Grey, scales: readonly number[]): Alignment[] {
  const small = [shrunk(first, inFrame), shrunk(second, inFrame)].map((grey) => fine(blurred(grey, 0.8), 7));
  const reference = spectrum(framed(small[0]!, 1, 0), frame);
  const found: (Alignment & { product: number })[] = [];
  for (let step = 0; step < 30; ++step)
    for (const scale of scales) {
      const turn = (step * 2 * Math.PI) / 30;
      const { x, y, product } = bestShift(reference, spectrum(framed(small[1]!, scale, turn), frame));
      // here = there + (x, y) within the frame, where there was turned and scaled about its own middle
      const [left, up] = [(-x * scale) / inFrame, (-y * scale) / inFrame];
      const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
      found.push({ scale, turn, x: cosine * left - sine * up, y: sine * left + cosine * up, product });
    }
  return found.sort((a, b) => b.product - a.product).slice(0, 10);
}

/** Gauss and Newton's steps on turn, shift and (where it is free) scale, with gain and offset of the brightness (Lucas and
    Kanade 1981); what has changed counts less (Huber 1964). */
function refined(first: Grey, second: Grey, from: Alignment, freeScale: boolean, steps: number): Alignment {
  const by = { ...from };
  const side = Math.max(second.width, second.height);
  let [gain, offset, limit] = [1, 0, Infinity];
  for (let step = 0; step < steps; ++step) {
    const map = mapping(first, second, by);
    const [middleX, middleY] = [by.x * side + second.width / 2 - 0.5, by.y * side + second.height / 2 - 0.5];
    const matrix = Array.from({ length: 6 }, () => new Array<number>(6).fill(0));
    const right = new Array<number>(6).fill(0);
    const residuals: number[] = [];
    for (let y = 0; y < first.height; ++y)
      for (let x = 0; x < first.width; ++x) {
        const [across, down] = map(x, y);
        const value = sampled(second, across, down);
        const slopeX = (sampled(second, across + 1, down) - sampled(second, across - 1, down)) / 2;
        const slopeY = (sampled(second, across, down + 1) - sampled(second, across, down - 1)) / 2;
        if (Number.isNaN(value + slopeX + slopeY)) continue;
        const [armX, armY] = [across - middleX, down - middleY];
        const residual = first.values[y * first.width + x]! - gain * value - offset;
        const weight = Math.abs(residual) <= limit ? 1 : limit / Math.abs(residual);
        residuals.push(Math.abs(residual));
        const grown = freeScale ? gain * (slopeX * armX + slopeY * armY) : 0;
        const row = [grown, gain * (slopeY * armX - slopeX * armY), gain * slopeX, gain * slopeY, value, 1];
        for (let a = 0; a < 6; ++a) {
          right[a]! += weight * row[a]! * residual;
          for (let b = a; b < 6; ++b) matrix[a]![b]! += weight * row[a]! * row[b]!;
        }
      }
    if (residuals.length < 0.2 * first.values.length) break;
    for (let a = 0; a < 6; ++a) {
      for (let b = 0; b < a; ++b) matrix[a]![b] = matrix[b]![a]!;
      matrix[a]![a]! *= 1.001;
    }
    if (!freeScale) matrix[0]![0] = 1;
    const change = solved(matrix, right);
    if (!change) break;
    const [grow, turn, moveX, moveY, lighter, raised] = change as [number, number, number, number, number, number];
    by.scale *= Math.exp(Math.min(Math.max(grow, -0.1), 0.1));
    by.turn += Math.min(Math.max(turn, -0.15), 0.15);
    by.x += moveX / side;
    by.y += moveY / side;
    gain += lighter;
    offset += raised;
    limit = 1.345 * 1.4826 * Math.max(median(residuals), 1e-3);
    if (Math.abs(turn) * side + Math.abs(grow) * side + Math.abs(moveX) + Math.abs(moveY) < 0.01) break;
  }
  return by;
}

function judged(first: Grey, second: Grey, by: Alignment): Registered {
  const { match, overlap } = correlation(first, laidOn(first, second, by));
  return { ...by, match, overlap };
}

/**
 * Lays the second picture on the first: every turn, tried by phase at 64 pixels, then ever finer.
 * @param keepScale  both show the same width of skin; else the second may be 0.7 to 1.4 times as large
 */
export function registered(first: Grey, second: Grey, keepScale: boolean): Registered {
  const level = (side: number) => {
    const pair = [shrunk(first, side), shrunk(second, side)].map((grey) => blurred(grey, 1));
    return [pair[0]!, pair[1]!] as const;
  };
  const texture = (side: number) => {
    const [a, b] = level(side);
    return [fine(a, side / 16), fine(b, side / 16)] as const;
  };
  const scales = keepScale ? [1] : [0.7, 0.79, 0.89, 1, 1.12, 1.26, 1.41];
  const coarse = level(64);
  const coarseTexture = texture(64);
  let best: Registered | undefined;
  for (const guess of guesses(first, second, scales)) {
    const found = judged(...coarseTexture, refined(...coarse, guess, !keepScale, 15));
    const worse = found.overlap < leastOverlap || found.scale < 0.5 || found.scale > 2;
    if (!worse && (!best || found.match > best.match)) best = found;
  }
  if (!best) return { ...unmoved, match: 0, overlap: 0 };
  for (const side of [128, 256]) best = judged(...texture(side), refined(...level(side), best, !keepScale, 15));
  const turn = Math.atan2(Math.sin(best.turn), Math.cos(best.turn));
  return { ...best, turn };
}

/** Whether the second picture was found in the first. */
export function isFound({ match, overlap }: Registered): boolean {
  return match >= leastMatch && overlap >= leastOverlap;
}

/** A small step by which the second picture is moved on the first by hand. */
export type Nudge = 'left' | 'right' | 'up' | 'down' | 'clockwise' | 'anticlockwise' | 'larger' | 'smaller';

/** The second picture shifted on the first, in the first's longer side. */
export function shifted(by: Alignment, x: number, y: number): Alignment {
  const [cosine, sine] = [by.scale * Math.cos(by.turn), by.scale * Math.sin(by.turn)];
  return { ...by, x: by.x - cosine * x + sine * y, y: by.y - sine * x - cosine * y };
}

/** The second picture turned and scaled on the first, about the first's middle. */
function reshaped(by: Alignment, turn: number, scale: number): Alignment {
  return { ...by, turn: by.turn - turn, scale: Math.min(4, Math.max(0.25, by.scale / scale)) };
}

export function nudged(by: Alignment, nudge: Nudge, times = 1): Alignment {
  const step = 0.004 * times;
  const turn = (Math.PI / 360) * times;
  switch (nudge) {
    case 'left':
      return shifted(by, -step, 0);
    case 'right':
      return shifted(by, step, 0);
    case 'up':
      return shifted(by, 0, -step);
    case 'down':
      return shifted(by, 0, step);
    case 'clockwise':
      return reshaped(by, turn, 1);
    case 'anticlockwise':
      return reshaped(by, -turn, 1);
    case 'larger':
      return reshaped(by, 0, 1.01 ** times);
    case 'smaller':
      return reshaped(by, 0, 0.99 ** times);
  }
}

const keys: Record<string, Nudge> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  '.': 'clockwise',
  '>': 'clockwise',
  ',': 'anticlockwise',
  '<': 'anticlockwise',
  '+': 'larger',
  '=': 'larger',
  '-': 'smaller',
  _: 'smaller',
};

export function nudgeOf(key: string): Nudge | undefined {
  return keys[key];
}
