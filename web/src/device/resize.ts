export type Filter = 'triangle' | 'area' | 'lanczos';
export const filters: readonly Filter[] = ['triangle', 'area', 'lanczos'];

/** Takes a picture row by row, so that one of any size needs little memory. */
export interface TakesRows {
  /** @param pixels  of which the row's begin `at`, as RGBA */
  row(y: number, pixels: Uint8ClampedArray, at: number): void;
}

/** Pixels as red, green, blue. */
export interface Rgb {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** A part of a picture. */
export interface View {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The weighted inputs of each output along one axis. */
interface Taps {
  first: Int32Array;
  count: Int32Array;
  weights: Float32Array; ///< `most` per output
  most: number;
}

interface Kernel {
  support: number;
  weight: (distance: number) => number;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kernelOf(filter: Filter, scale: number): Kernel {
  const stretch = Math.max(scale, 1);
  switch (filter) {
    case 'triangle':
      return { support: stretch, weight: (distance) => 1 - distance / stretch };
    case 'area': {
      const support = (scale + 1) / 2;
      return { support, weight: (distance) => Math.min(scale, 1, support - distance) };
    }
    case 'lanczos':
      return { support: 3 * stretch, weight: (distance) => sinc(distance / stretch) * sinc(distance / stretch / 3) };
  }
}

function tapsOf(inputs: number, outputs: number, filter: Filter): Taps {
  const scale = inputs / outputs;
  const { support, weight } = kernelOf(filter, scale);
  const most = Math.ceil(2 * support) + 1;
  const taps: Taps = {
    first: new Int32Array(outputs),
    count: new Int32Array(outputs),
    weights: new Float32Array(outputs * most),
    most,
  };
  for (let i = 0; i < outputs; ++i) {
    const centre = (i + 0.5) * scale;
    const found: number[] = [];
    let first = -1;
    for (let j = Math.max(0, Math.floor(centre - support - 0.5)); j < inputs && j + 0.5 < centre + support; ++j) {
      const distance = Math.abs(j + 0.5 - centre);
      if (distance >= support) continue;
      if (first < 0) first = j;
      found.push(weight(distance));
    }
    const sum = found.reduce((total, value) => total + value, 0);
    taps.first[i] = first;
    taps.count[i] = found.length;
    for (const [k, value] of found.entries()) taps.weights[i * most + k] = value / sum;
  }
  return taps;
}

/**
 * Separable resize by the formula of libs/image's prepare.hpp: horizontal pass first, then vertical, float32 between
 * the passes, at the end rounded half up and limited to 0 … 255.
 */
export class Resizer implements TakesRows {
  readonly out: Rgb;
  private readonly view: View;
  private readonly across: Taps;
  private readonly down: Taps;
  /** Rows that were filtered across, as many as the widest support down. */
  private readonly ring: Float32Array[];
  private ready = 0; ///< rows of the view that have come
  private next = 0; ///< row of the output that is still to be made

  constructor(view: View, width: number, height: number, filter: Filter) {
    this.view = view;
    this.out = { width, height, pixels: new Uint8Array(3 * width * height) };
    this.across = tapsOf(view.width, width, filter);
    this.down = tapsOf(view.height, height, filter);
    this.ring = Array.from({ length: this.down.most }, () => new Float32Array(3 * width));
  }

  row(y: number, pixels: Uint8ClampedArray, at: number): void {
    if (y !== this.view.top + this.ready || this.ready >= this.view.height) return;
    this.filter(pixels, at + 4 * this.view.left, this.slot(this.ready));
    ++this.ready;
    while (this.next < this.out.height && this.last(this.next) <= this.ready) this.finish(this.next++);
  }

  private last(i: number): number {
    return (this.down.first[i] as number) + (this.down.count[i] as number);
  }

  private slot(y: number): Float32Array {
    return this.ring[y % this.ring.length] as Float32Array;
  }

  private filter(pixels: Uint8ClampedArray, at: number, out: Float32Array): void {
    const { first, count, weights, most } = this.across;
    for (let i = 0; i < this.out.width; ++i) {
      let from = at + 4 * (first[i] as number);
      let red = 0;
      let green = 0;
      let blue = 0;
      const end = i * most + (count[i] as number);
      for (let k = i * most; k < end; ++k, from += 4) {
        const weight = weights[k] as number;
        red += weight * (pixels[from] as number);
        green += weight * (pixels[from + 1] as number);
        blue += weight * (pixels[from + 2] as number);
      }
      out[3 * i] = red;
      out[3 * i + 1] = green;
      out[3 * i + 2] = blue;
    }
  }

  private finish(i: number): void {
    const { first, count, weights, most } = this.down;
    const sum = new Float32Array(3 * this.out.width);
    for (let k = 0; k < (count[i] as number); ++k) {
      const row = this.slot((first[i] as number) + k);
      const weight = weights[i * most + k] as number;
      for (let x = 0; x < sum.length; ++x) sum[x] = (sum[x] as number) + weight * (row[x] as number);
    }
    const to = 3 * this.out.width * i;
    for (let x = 0; x < sum.length; ++x)
      this.out.pixels[to + x] = Math.floor(Math.min(255, Math.max(0, (sum[x] as number) + 0.5)));
  }
}
