/** One channel of a picture, row by row. */
export interface Grey {
  width: number;
  height: number;
  values: Float32Array; ///< 0 (black) to 1
}

/** Three channels of equal size: red, green, blue. */
export type Colour = readonly [Grey, Grey, Grey];

export function blank(width: number, height: number): Grey {
  return { width, height, values: new Float32Array(width * height) };
}

/** The channels of what a canvas holds (RGBA, 8 bits). */
export function channels(pixels: { width: number; height: number; data: ArrayLike<number> }): Colour {
  const made = [0, 1, 2].map((channel) => {
    const grey = blank(pixels.width, pixels.height);
    for (let at = 0; at < grey.values.length; ++at) grey.values[at] = (pixels.data[4 * at + channel] ?? 0) / 255;
    return grey;
  });
  return made as unknown as Colour;
}

/** How light it looks (ITU-R BT.601). */
export function lightness([red, green, blue]: Colour): Grey {
  const grey = blank(red.width, red.height);
  for (let at = 0; at < grey.values.length; ++at)
    grey.values[at] = 0.299 * red.values[at]! + 0.587 * green.values[at]! + 0.114 * blue.values[at]!;
  return grey;
}

/** Rows shrunk by the mean of what each new pixel covers. */
function narrowed(grey: Grey, width: number): Grey {
  const made = blank(width, grey.height);
  const step = grey.width / width;
  for (let x = 0; x < width; ++x) {
    const begin = x * step;
    const end = Math.min(begin + step, grey.width);
    for (let y = 0; y < grey.height; ++y) {
      let sum = 0;
      for (let from = Math.floor(begin); from < end; ++from)
        sum += grey.values[y * grey.width + from]! * (Math.min(from + 1, end) - Math.max(from, begin));
      made.values[y * width + x] = sum / (end - begin);
    }
  }
  return made;
}

function turned(grey: Grey): Grey {
  const made = blank(grey.height, grey.width);
  for (let y = 0; y < grey.height; ++y)
    for (let x = 0; x < grey.width; ++x) made.values[x * grey.height + y] = grey.values[y * grey.width + x]!;
  return made;
}

/** With a longer side of so many pixels; never enlarged. */
export function shrunk(grey: Grey, longest: number): Grey {
  const share = longest / Math.max(grey.width, grey.height);
  if (share >= 1) return grey;
  const width = Math.max(1, Math.round(grey.width * share));
  const height = Math.max(1, Math.round(grey.height * share));
  return turned(narrowed(turned(narrowed(grey, width)), height));
}

/** Gaussian blur; the picture goes on beyond its edge as it is at the edge. */
export function blurred(grey: Grey, sigma: number): Grey {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-((at - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const along = (from: Grey): Grey => {
    const made = blank(from.width, from.height);
    for (let y = 0; y < from.height; ++y)
      for (let x = 0; x < from.width; ++x) {
        let sum = 0;
        for (let at = -radius; at <= radius; ++at) {
          const there = Math.min(Math.max(x + at, 0), from.width - 1);
          sum += kernel[at + radius]! * from.values[y * from.width + there]!;
        }
        made.values[y * from.width + x] = sum / total;
      }
    return made;
  };
  return turned(along(turned(along(grey))));
}

/** Between four pixels; x and y from the middle of the first pixel; NaN outside. */
export function sampled(grey: Grey, x: number, y: number): number {
  if (!(x >= 0 && y >= 0 && x <= grey.width - 1 && y <= grey.height - 1)) return NaN;
  const left = Math.min(Math.floor(x), grey.width - 2);
  const top = Math.min(Math.floor(y), grey.height - 2);
  const at = top * grey.width + left;
  const across = x - left;
  const down = y - top;
  const { values, width } = grey;
  const above = values[at]! + across * (values[at + 1]! - values[at]!);
  const below = values[at + width]! + across * (values[at + width + 1]! - values[at + width]!);
  return above + down * (below - above);
}
