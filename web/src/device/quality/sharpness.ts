import type { Grey } from './planes.ts';

// 1 minus the blur effect of Crete et al. 2007 by blocks, as libs/image's sharpness.cpp: a mean filter of nine pixels
// makes of a step between neighbours the difference of two pixels nine apart, divided by nine.
const reach = 9;
const before = 4;
const block = 16;
/** A block's steps count up to this many grey levels per pixel, along each direction. */
const mostStep = 3;
/** Grey levels per pixel that noise alone may make. */
const floorStep = 0.05;

class Tally {
  lost = 0;
  weight = 0;
  pixels = 0;

  add(step: number, lost: number, count: number): void {
    this.pixels += count;
    if (step <= 0) return;
    const weight = Math.min(step, mostStep * count);
    this.lost += (lost / (9 * step)) * weight;
    this.weight += weight;
  }
}

/** Whether a block lies in the black surround or on its rim. */
function inSurround(surround: Grey | undefined, left: number, top: number, width: number, height: number): boolean {
  if (!surround) return false;
  const scale = 4;
  const margin = 1;
  const x = Math.floor(left / scale) - margin;
  const y = Math.floor(top / scale) - margin;
  const right = Math.min(surround.width, x + Math.floor(width / scale) + 2 * margin + 1);
  const bottom = Math.min(surround.height, y + Math.floor(height / scale) + 2 * margin + 1);
  for (let row = Math.max(0, y); row < bottom; ++row)
    for (let column = Math.max(0, x); column < right; ++column)
      if (surround.pixels[row * surround.width + column]) return true;
  return false;
}

/**
 * Adds the blocks of the pixels whose steps along a direction can be measured.
 * @param along  from a pixel to the next in that direction, as places in the array
 */
function addBlocks(luma: Grey, surround: Grey | undefined, tally: Tally, along: number): void {
  const sideways = along === 1;
  const width = luma.width - (sideways ? reach : 0);
  const height = luma.height - (sideways ? 0 : reach);
  const { pixels } = luma;
  for (let top = 0; top < height; top += block)
    for (let left = 0; left < width; left += block) {
      const right = Math.min(width, left + block);
      const bottom = Math.min(height, top + block);
      const x = left + (sideways ? before : 0);
      const y = top + (sideways ? 0 : before);
      if (inSurround(surround, x, y, right - left, bottom - top)) continue;
      let step = 0;
      let lost = 0;
      for (let row = top; row < bottom; ++row)
        for (let at = row * luma.width + left, end = at + right - left; at < end; ++at) {
          const near = at + before * along;
          const d = Math.abs((pixels[near] as number) - (pixels[near + along] as number));
          const later = Math.abs((pixels[at] as number) - (pixels[at + reach * along] as number));
          step += d;
          lost += Math.max(9 * d - later, 0);
        }
      tally.add(step, lost, (right - left) * (bottom - top));
    }
}

/** In [0, 1], higher is sharper. */
export function sharpnessOf(luma: Grey, surround: Grey | undefined): number {
  const tally = new Tally();
  addBlocks(luma, surround, tally, 1);
  addBlocks(luma, surround, tally, luma.width);
  return tally.pixels === 0 ? 0 : tally.lost / (tally.weight + floorStep * tally.pixels);
}
