import type { TakesRows } from '../resize.ts';
import { Blockiness } from './blockiness.ts';
import { surroundOf } from './field.ts';
import { lesionOf } from './lesion.ts';
import type { Lesion } from './lesion.ts';
import { PlaneMaker } from './planes.ts';
import type { Grey } from './planes.ts';
import { sharpnessOf } from './sharpness.ts';

/** What a picture is worth to look at: the measures of libs/image's quality.hpp, which says what each means. */
export interface Quality {
  sharpness: number;
  luma_5: number;
  luma_50: number;
  luma_95: number;
  clipped_bright: number;
  contrast: number;
  entropy: number;
  blockiness: number;
  lesion: Lesion | undefined;
}

const brightLimit = 251;

/** Every second pixel of every second row, inside the field of view. */
class Luma {
  private readonly count = new Int32Array(256);
  total = 0;

  constructor(detail: Grey, surround: Grey | undefined) {
    const { width, height, pixels } = detail;
    for (let y = 0; y < height; y += 2)
      for (let x = 0; x < width; x += 2) {
        if (surround) {
          const row = Math.min(y >> 2, surround.height - 1);
          if (surround.pixels[row * surround.width + Math.min(x >> 2, surround.width - 1)]) continue;
        }
        const level = pixels[y * width + x] as number;
        this.count[level] = (this.count[level] as number) + 1;
        ++this.total;
      }
  }

  /** In [0, 1]. */
  quantile(share: number): number {
    let seen = 0;
    for (const [level, count] of this.count.entries()) {
      seen += count;
      if (seen > share * this.total) return level / 255;
    }
    return 1;
  }

  shareAbove(level: number): number {
    return this.count.subarray(level + 1).reduce((sum, count) => sum + count, 0) / this.total;
  }

  entropy(): number {
    let sum = 0;
    for (const count of this.count) if (count > 0) sum += count * Math.log2(this.total / count);
    return sum / this.total;
  }
}

/** Measures a picture whose rows come in their order. */
export class Judge implements TakesRows {
  private readonly maker: PlaneMaker;
  private readonly blocks: Blockiness;

  constructor(width: number, height: number) {
    this.maker = new PlaneMaker(width, height);
    this.blocks = new Blockiness(width, height);
  }

  row(y: number, pixels: Uint8ClampedArray, at: number): void {
    this.maker.row(y, pixels, at);
    this.blocks.row(y, pixels, at);
  }

  quality(): Quality {
    const { detail, small } = this.maker.planes();
    const surround = surroundOf(small);
    let luma = new Luma(detail, surround);
    if (luma.total === 0) luma = new Luma(detail, undefined); // all surround: judged as it is
    const luma5 = luma.quantile(0.05);
    const luma95 = luma.quantile(0.95);
    return {
      sharpness: sharpnessOf(detail, surround),
      luma_5: luma5,
      luma_50: luma.quantile(0.5),
      luma_95: luma95,
      clipped_bright: luma.shareAbove(brightLimit),
      contrast: luma95 - luma5,
      entropy: luma.entropy(),
      blockiness: this.blocks.value(),
      lesion: lesionOf(small),
    };
  }
}
