import type { Rgb } from '../resize.ts';
import { componentsOf, paint } from './components.ts';
import type { Components } from './components.ts';
import type { Grey } from './planes.ts';

/** The main lesion, as far as the verdict on a picture needs it (libs/image's lesion.cpp). */
export interface Lesion {
  area: number; ///< share of the picture
  border: number; ///< share of the picture's edge that it covers
}

// Weights of the score, as in lesion.cpp.
const redWeight = 22;
const greenWeight = -15;
const blueWeight = -13;
const thresholdWeight = -5;
const distanceWeight = -11;
const thresholdReach = 0.25;
const leastContrast = 0.025;
const leastArea = 0.001;

const float = Math.fround;

function histogramOf({ pixels }: Rgb, channel: number): Int32Array {
  const histogram = new Int32Array(256);
  for (let i = channel; i < pixels.length; i += 3) {
    const level = pixels[i] as number;
    histogram[level] = (histogram[level] as number) + 1;
  }
  return histogram;
}

function quantile(histogram: Int32Array, count: number, share: number): number {
  let seen = 0;
  for (let v = 0; v < 256; ++v) {
    seen += histogram[v] as number;
    if (seen > share * count) return v;
  }
  return 255;
}

function otsuThreshold(histogram: Int32Array, count: number): number {
  let total = 0;
  for (let v = 0; v < 256; ++v) total += v * (histogram[v] as number);
  let best = -1;
  let below = 0;
  let belowSum = 0;
  let threshold = 0;
  for (let v = 0; v < 255; ++v) {
    below += histogram[v] as number;
    belowSum += v * (histogram[v] as number);
    const above = count - below;
    if (below === 0 || above === 0) continue;
    const gap = belowSum / below - (total - belowSum) / above;
    const between = below * above * gap * gap;
    if (between > best) {
      best = between;
      threshold = v;
    }
  }
  return threshold;
}

/** What each level of a channel adds to a pixel's score. */
function partsOf(rgb: Rgb): [Float32Array, Float32Array, Float32Array] {
  const count = rgb.width * rgb.height;
  const histograms = [0, 1, 2].map((channel) => histogramOf(rgb, channel)) as [Int32Array, Int32Array, Int32Array];
  const blue = histograms[2];
  const skin = histograms.map((histogram) => float(quantile(histogram, count, 0.9) / 255)) as [number, number, number];
  const low = float(quantile(blue, count, 0.1) / 255);
  const range = Math.max(float(skin[2] - low), float(0.06));
  const threshold = float(otsuThreshold(blue, count) / 255);
  const parts: [Float32Array, Float32Array, Float32Array] = [
    new Float32Array(256),
    new Float32Array(256),
    new Float32Array(256),
  ];
  for (let v = 0; v < 256; ++v) {
    const level = float(v / 255);
    const beyond = Math.min(Math.max((level - threshold) / range, -thresholdReach), thresholdReach);
    parts[0][v] = redWeight * (level - skin[0]);
    parts[1][v] = greenWeight * (level - skin[1]);
    parts[2][v] = blueWeight * (level - skin[2]) + thresholdWeight * beyond;
  }
  return parts;
}

/** Set where the score is positive. */
function candidates(rgb: Rgb): Grey {
  const { width, height, pixels } = rgb;
  const [red, green, blue] = partsOf(rgb);
  const out: Grey = { width, height, pixels: new Uint8Array(width * height) };
  for (let y = 0, i = 0; y < height; ++y) {
    const dy = (y + 0.5) / height - 0.5;
    for (let x = 0; x < width; ++x, ++i) {
      const dx = (x + 0.5) / width - 0.5;
      const score =
        (red[pixels[3 * i] as number] as number) +
        (green[pixels[3 * i + 1] as number] as number) +
        (blue[pixels[3 * i + 2] as number] as number) +
        distanceWeight * (dx * dx + dy * dy);
      if (score > 0) out.pixels[i] = 255;
    }
  }
  return out;
}

/** The largest part, with a preference for the middle; -1 where there is none. */
function mainPart({ parts }: Components, width: number, height: number): number {
  let best = -1;
  let most = 0;
  for (const [i, part] of parts.entries()) {
    const dx = (part.x / part.area + 0.5) / width - 0.5;
    const dy = (part.y / part.area + 0.5) / height - 0.5;
    const score = part.area * Math.exp(-8 * (dx * dx + dy * dy));
    if (score > most) {
      most = score;
      best = i;
    }
  }
  return best;
}

/** Sets what the mask encloses. */
function fillHoles(mask: Grey): void {
  const ground = componentsOf({ ...mask, pixels: mask.pixels.map((set) => 255 - set) });
  for (const run of ground.runs) {
    const part = ground.parts[run.component];
    if (!part) continue;
    const open = part.left === 0 || part.top === 0 || part.right === mask.width - 1 || part.bottom === mask.height - 1;
    if (!open) paint(mask, run);
  }
}

function borderShare({ width, height, pixels }: Grey): number {
  let set = 0;
  for (const y of [0, height - 1]) for (let x = 0; x < width; ++x) set += pixels[y * width + x] ? 1 : 0;
  for (const x of [0, width - 1]) for (let y = 0; y < height; ++y) set += pixels[y * width + x] ? 1 : 0;
  return set / (2 * (width + height));
}

/** The mask grown by `reach` pixels in every direction, corners too. */
function grown({ width, height, pixels }: Grey, reach: number): Uint8Array {
  const across = new Uint8Array(pixels.length);
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      if (!pixels[y * width + x]) continue;
      across.fill(255, y * width + Math.max(0, x - reach), y * width + Math.min(width, x + reach + 1));
    }
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      if (!across[y * width + x]) continue;
      for (let to = Math.max(0, y - reach); to <= Math.min(height - 1, y + reach); ++to) out[to * width + x] = 255;
    }
  return out;
}

function contrastToSkin(rgb: Rgb, mask: Grey): number {
  const wide = grown(mask, 4);
  const inside = [0, 0, 0, 0];
  const outside = [0, 0, 0, 0];
  for (let i = 0; i < wide.length; ++i) {
    if (!wide[i]) continue;
    const sums = mask.pixels[i] ? inside : outside;
    for (let c = 0; c < 3; ++c) sums[c] = (sums[c] as number) + (rgb.pixels[3 * i + c] as number);
    sums[3] = (sums[3] as number) + 1;
  }
  const [within = 0, around = 0] = [inside[3], outside[3]];
  if (around === 0) return 0;
  let sum = 0;
  for (let c = 0; c < 3; ++c) sum += Math.abs((inside[c] as number) / within - (outside[c] as number) / around);
  return sum / (3 * 255);
}

export function lesionOf(rgb: Rgb): Lesion | undefined {
  const { width, height } = rgb;
  const found = componentsOf(candidates(rgb));
  const chosen = mainPart(found, width, height);
  if (chosen < 0) return undefined;
  const mask: Grey = { width, height, pixels: new Uint8Array(width * height) };
  for (const run of found.runs) if (run.component === chosen) paint(mask, run);
  fillHoles(mask);
  const area = mask.pixels.reduce((count, set) => count + (set ? 1 : 0), 0) / mask.pixels.length;
  if (area < leastArea || contrastToSkin(rgb, mask) < leastContrast) return undefined;
  return { area, border: borderShare(mask) };
}
