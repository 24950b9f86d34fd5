import type { Rgb } from '../resize.ts';
import { componentsOf, paint } from './components.ts';
import { roundEven } from './planes.ts';
import type { Grey } from './planes.ts';

/** The surround is black: darker than this in every channel, and than this share of the middle's luma. */
const mostLuma = 60;
const mostOfMiddle = 0.45;

function lumaOfMiddle({ width, height, pixels }: Rgb): number {
  const left = Math.floor(width / 4);
  const top = Math.floor(height / 4);
  const right = left + Math.max(1, Math.floor(width / 2));
  const bottom = top + Math.max(1, Math.floor(height / 2));
  const sum = [0, 0, 0];
  for (let y = top; y < bottom; ++y)
    for (let x = left; x < right; ++x)
      for (let c = 0; c < 3; ++c) sum[c] = (sum[c] as number) + (pixels[3 * (y * width + x) + c] as number);
  const [red = 0, green = 0, blue = 0] = sum;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / ((right - left) * (bottom - top));
}

/**
 * The black surround of a round field of view, from the dark corners inwards (libs/image's field.cpp).
 * @returns set where it is, of the picture's size; nothing where no corner is dark
 */
export function surroundOf(rgb: Rgb): Grey | undefined {
  const { width, height, pixels } = rgb;
  const limit = roundEven(Math.min(mostLuma, mostOfMiddle * lumaOfMiddle(rgb)));
  const dark: Grey = { width, height, pixels: new Uint8Array(width * height) };
  for (let i = 0; i < dark.pixels.length; ++i)
    if (Math.max(pixels[3 * i] as number, pixels[3 * i + 1] as number, pixels[3 * i + 2] as number) <= limit)
      dark.pixels[i] = 255;
  const corners = [0, width - 1, (height - 1) * width, height * width - 1];
  if (!corners.some((at) => dark.pixels[at] !== 0)) return undefined;

  const surround: Grey = { width, height, pixels: new Uint8Array(width * height) };
  const { runs, parts } = componentsOf(dark);
  for (const run of runs) {
    const part = parts[run.component];
    if (!part) continue;
    const sideways = part.left === 0 || part.right === width - 1;
    const upright = part.top === 0 || part.bottom === height - 1;
    if (sideways && upright) paint(surround, run);
  }
  return surround;
}
