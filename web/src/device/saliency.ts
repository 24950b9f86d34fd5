import type { PooledHead } from './model_file.ts';
import type { Rgb } from './resize.ts';

/** Where an output position falls between two of `size` inputs. */
interface Between {
  low: number;
  high: number;
  share: number; ///< of high
}

function positions(outputs: number, size: number): Between[] {
  return Array.from({ length: outputs }, (_, i) => {
    const inside = Math.min(Math.max(((i + 0.5) * size) / outputs - 0.5, 0), size - 1);
    const low = Math.floor(inside);
    return { low, high: Math.min(low + 1, size - 1), share: inside - low };
  });
}

/**
 * Class activation map (Zhou et al. 2016), enlarged bilinearly, as libs/infer makes it: what speaks against the class
 * is 0, the strongest place 1.
 * @param features  the network's last map, [channels, mapHeight, mapWidth]
 */
export function saliencyOf(
  head: PooledHead,
  features: Float32Array,
  [mapWidth, mapHeight]: readonly [number, number],
  classIndex: number,
  [width, height]: readonly [number, number],
): Float32Array {
  const places = mapWidth * mapHeight;
  const map = new Float32Array(places);
  for (let channel = 0; channel < head.channels; ++channel) {
    const weight = head.weight[classIndex * head.channels + channel] as number;
    for (let i = 0; i < places; ++i) map[i] = (map[i] as number) + weight * (features[channel * places + i] as number);
  }
  const columns = positions(width, mapWidth);
  const value = (y: number, x: Between) => {
    const low = map[y * mapWidth + x.low] as number;
    return low + x.share * ((map[y * mapWidth + x.high] as number) - low);
  };
  const out = new Float32Array(width * height);
  for (const [y, row] of positions(height, mapHeight).entries())
    for (const [x, column] of columns.entries()) {
      const low = value(row.low, column);
      out[y * width + x] = low + row.share * (value(row.high, column) - low);
    }
  const top = out.reduce((most, one) => Math.max(most, one), 0);
  return out.map((one) => (top > 0 ? Math.max(one, 0) / top : 0));
}

/** Over the picture lies a colour from red (weak) to yellow (strong), the stronger the less transparent: as RGBA. */
export function glowOver(picture: Rgb, strength: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * strength.length);
  for (const [i, strong] of strength.entries()) {
    const share = 0.65 * strong;
    const glow = [255, 255 * strong, 0];
    for (const [c, colour] of glow.entries())
      out[4 * i + c] = Math.round((1 - share) * (picture.pixels[3 * i + c] as number) + share * colour);
    out[4 * i + 3] = 255;
  }
  return out;
}
