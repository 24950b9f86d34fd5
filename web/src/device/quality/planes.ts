import type { Rgb, TakesRows } from '../resize.ts';

export interface Grey {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** One picture at the sizes that the measures look at (libs/image's planes.hpp). */
export interface Planes {
  detail: Grey; ///< luma; shorter side 224 to 447 pixels, or the source's where that is smaller
  small: Rgb; ///< at a quarter of detail's size
}

const detailSide = 224;

/** OpenCV's fixed-point luma (ITU-R BT.601). */
export function luma(red: number, green: number, blue: number): number {
  return (9798 * red + 19235 * green + 3735 * blue + 16384) >> 15;
}

/** To the nearest whole number, halves to the even one, as OpenCV rounds. */
export function roundEven(value: number): number {
  const up = Math.floor(value + 0.5);
  return up - value === 0.5 && up % 2 !== 0 ? up - 1 : up;
}

/** The mean of a block from the sum over it, as OpenCV's INTER_AREA rounds it. */
function meanOf(sum: number, across: number, down: number): number {
  if (across === 2 && down === 2) return (sum + 2) >> 2;
  return roundEven(Math.fround(sum * Math.fround(1 / (across * down))));
}

/** Means of 2 x 2 pixels; a remainder is left out, and a side of one pixel stays. */
function halved(source: Rgb): Rgb {
  const across = Math.min(2, source.width);
  const down = Math.min(2, source.height);
  const width = Math.floor(source.width / across);
  const height = Math.floor(source.height / down);
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < 3 * width; ++x) {
      const column = across * x - (across - 1) * (x % 3);
      let sum = 0;
      for (let i = 0; i < down; ++i)
        for (let j = 0; j < across; ++j)
          sum += source.pixels[3 * source.width * (down * y + i) + column + 3 * j] as number;
      pixels[3 * width * y + x] = meanOf(sum, across, down);
    }
  return { width, height, pixels };
}

function greyOf({ width, height, pixels }: Rgb): Grey {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; ++i)
    grey[i] = luma(pixels[3 * i] as number, pixels[3 * i + 1] as number, pixels[3 * i + 2] as number);
  return { width, height, pixels: grey };
}

/** Makes the planes of a picture whose rows come in their order. */
export class PlaneMaker implements TakesRows {
  private readonly factor: number;
  private readonly full: Rgb; ///< at detail's size
  private readonly sums: Uint32Array;

  constructor(width: number, height: number) {
    this.factor = Math.max(1, Math.floor(Math.min(width, height) / detailSide));
    const reduced = { width: Math.floor(width / this.factor), height: Math.floor(height / this.factor) };
    this.full = { ...reduced, pixels: new Uint8Array(3 * reduced.width * reduced.height) };
    this.sums = new Uint32Array(3 * reduced.width);
  }

  row(y: number, pixels: Uint8ClampedArray, at: number): void {
    const { factor, full, sums } = this;
    const out = Math.floor(y / factor);
    if (out >= full.height) return;
    for (let x = 0, from = at; x < sums.length; x += 3)
      for (let end = from + 4 * factor; from < end; from += 4) {
        sums[x] = (sums[x] as number) + (pixels[from] as number);
        sums[x + 1] = (sums[x + 1] as number) + (pixels[from + 1] as number);
        sums[x + 2] = (sums[x + 2] as number) + (pixels[from + 2] as number);
      }
    if (y % factor !== factor - 1) return;
    for (let x = 0; x < sums.length; ++x)
      full.pixels[sums.length * out + x] = meanOf(sums[x] as number, factor, factor);
    sums.fill(0);
  }

  planes(): Planes {
    return { detail: greyOf(this.full), small: halved(halved(this.full)) };
  }
}
