import type { TakesRows } from '../resize.ts';
import { luma } from './planes.ts';

const grid = 8;
/** Steps of the grid are small; those of edges in the picture count no more than this. */
const mostStep = 12;
const mostSide = 1024;
/** Steps of a mean below this, in grey levels, are rounding. */
const leastStep = 0.25;

/** The mean of the phase that stands out over the median of the eight, minus 1. */
function excess(profile: Uint32Array, lines: number): number {
  if (profile.length < 4 * grid) return 0;
  const sum = new Float64Array(grid);
  const count = new Float64Array(grid);
  for (const [i, steps] of profile.entries()) {
    sum[i % grid] = (sum[i % grid] as number) + steps;
    count[i % grid] = (count[i % grid] as number) + 1;
  }
  const mean = sum.map((steps, i) => steps / (lines * (count[i] as number))).sort();
  const usual = ((mean[grid / 2 - 1] as number) + (mean[grid / 2] as number)) / 2;
  return ((mean[grid - 1] as number) - usual) / Math.max(usual, leastStep);
}

/** The traces of JPEG's 8-pixel grid in the middle of a picture at its own size (libs/image's blockiness.cpp). */
export class Blockiness implements TakesRows {
  private readonly left: number;
  private readonly top: number;
  private readonly width: number;
  private readonly height: number;
  private readonly columns: Uint32Array;
  private readonly rows: Uint32Array;
  private above: Uint8Array;
  private here: Uint8Array;

  constructor(width: number, height: number) {
    this.width = Math.min(width, mostSide);
    this.height = Math.min(height, mostSide);
    this.left = Math.floor((width - this.width) / 2);
    this.top = Math.floor((height - this.height) / 2);
    this.columns = new Uint32Array(this.width - 1);
    this.rows = new Uint32Array(this.height - 1);
    this.above = new Uint8Array(this.width);
    this.here = new Uint8Array(this.width);
  }

  row(y: number, pixels: Uint8ClampedArray, at: number): void {
    const line = y - this.top;
    if (line < 0 || line >= this.height) return;
    const { here, above, columns } = this;
    for (let x = 0, from = at + 4 * this.left; x < this.width; ++x, from += 4)
      here[x] = luma(pixels[from] as number, pixels[from + 1] as number, pixels[from + 2] as number);
    for (let x = 0; x < columns.length; ++x) {
      const step = Math.abs((here[x] as number) - (here[x + 1] as number));
      columns[x] = (columns[x] as number) + Math.min(step, mostStep);
    }
    if (line > 0) {
      let sum = 0;
      for (let x = 0; x < this.width; ++x)
        sum += Math.min(Math.abs((here[x] as number) - (above[x] as number)), mostStep);
      this.rows[line - 1] = sum;
    }
    [this.above, this.here] = [here, above];
  }

  /** 0 and more; lower is better. */
  value(): number {
    return Math.max(0, (excess(this.columns, this.height) + excess(this.rows, this.width)) / 2);
  }
}
