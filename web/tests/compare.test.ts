// Two pictures of a lesion are laid on each other and compared: against pictures whose turn, shift, scale and change are known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, outline, pieces } from '../src/lib/compare/changes.ts';
import { blank, blurred, lightness, sampled, shrunk } from '../src/lib/compare/grey.ts';
import type { Colour, Grey } from '../src/lib/compare/grey.ts';
import { isFound, laidOn, mapping, registered, unmoved } from '../src/lib/compare/register.ts';
import type { Alignment } from '../src/lib/compare/register.ts';

/** Numbers from 0 to 1, the same for the same seed (Park and Miller 1988). */
function random(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

interface Drawn {
  seed: number;
  radius?: number; ///< of the lesion, in the picture's longer side
  spot?: { x: number; y: number; radius: number }; ///< a dark spot besides, from the middle
}

/** Skin with a grain of its own and a lesion without symmetry, three times as fine as it will be looked at. */
function drawn({ seed, radius = 0.2, spot }: Drawn): Colour {
  const [width, height] = [600, 450];
  const next = random(seed);
  const grain = blank(width, height);
  for (let at = 0; at < grain.values.length; ++at) grain.values[at] = next() - 0.5;
  const [rough, fine] = [blurred(grain, 9), blurred(grain, 3)];
  const waves = Array.from({ length: 4 }, (_, at) => ({
    size: (0.16 * next()) / (at + 1),
    phase: 2 * Math.PI * next(),
  }));
  const tones = [
    [0.86, 0.45],
    [0.68, 0.3],
    [0.6, 0.24],
  ] as const;
  return tones.map(([skin, dark]) => {
    const made = blank(width, height);
    for (let y = 0; y < height; ++y)
      for (let x = 0; x < width; ++x) {
        const [across, down] = [(x + 0.5 - width / 2) / width, (y + 0.5 - height / 2) / width];
        const angle = Math.atan2(down, across);
        const border = waves.reduce((sum, wave, at) => sum + wave.size * Math.cos((at + 1) * angle + wave.phase), 1);
        const inside = 1 / (1 + Math.exp((Math.hypot(across, down) - radius * border) / 0.006));
        const at = y * width + x;
        let value = skin + inside * (dark - skin) + 2.5 * rough.values[at]! + 0.8 * fine.values[at]! * (1 + 2 * inside);
        if (spot && Math.hypot(across - spot.x, down - spot.y) < spot.radius) value -= 0.25;
        made.values[at] = value;
      }
    return made;
  }) as unknown as Colour;
}

/** The picture as a camera sees it that was moved: `registered` should find `by`. Beyond the edge, skin. */
function moved(picture: Colour, by: Alignment, light = { gain: 1, tint: 0, slope: 0, noise: 0 }): Colour {
  const next = random(99);
  return picture.map((grey, channel) => {
    const { width, height } = grey;
    const side = Math.max(width, height);
    const made = blank(width, height);
    for (let y = 0; y < height; ++y)
      for (let x = 0; x < width; ++x) {
        const across = (x + 0.5 - width / 2) / side - by.x;
        const down = (y + 0.5 - height / 2) / side - by.y;
        const [cosine, sine] = [Math.cos(by.turn) / by.scale, Math.sin(by.turn) / by.scale];
        const from = [cosine * across + sine * down, cosine * down - sine * across].map((place) => place * side);
        const value = sampled(grey, from[0]! + width / 2 - 0.5, from[1]! + height / 2 - 0.5);
        const seen = Number.isNaN(value) ? 0.75 : value;
        made.values[y * width + x] =
          light.gain * seen + light.tint * channel + light.slope * (x / width - 0.5) + light.noise * (next() - 0.5);
      }
    return made;
  }) as unknown as Colour;
}

/** The largest distance between where two alignments put four points, in the longer side. */
function apart(grey: Grey, one: Alignment, other: Alignment): number {
  const [a, b] = [mapping(grey, grey, one), mapping(grey, grey, other)];
  const distances = [0.25, 0.75].flatMap((x) =>
    [0.25, 0.75].map((y) => {
      const [p, q] = [a(x * grey.width, y * grey.height), b(x * grey.width, y * grey.height)];
      return Math.hypot(p[0] - q[0], p[1] - q[1]);
    }),
  );
  return Math.max(...distances) / Math.max(grey.width, grey.height);
}

const otherLight = { gain: 0.85, tint: 0.02, slope: 0.06, noise: 0.03 };

test('a picture that was turned, shifted and scaled is laid back to within half a percent of its side', () => {
  const next = random(5);
  for (let seed = 1; seed <= 8; ++seed) {
    const by = {
      scale: 0.8 + 0.5 * next(),
      turn: (2 * next() - 1) * Math.PI,
      x: 0.2 * (next() - 0.5),
      y: 0.2 * (next() - 0.5),
    };
    const first = drawn({ seed });
    const found = registered(lightness(first), lightness(moved(first, by, otherLight)), false);
    assert(apart(first[0], by, found) < 0.005, `${JSON.stringify(by)} was found as ${JSON.stringify(found)}`);
    assert(isFound(found));
  }
});

test('where both show the same width of skin, the scale stays one', () => {
  const first = drawn({ seed: 11 });
  const by = { scale: 1, turn: -0.6, x: 0.08, y: -0.05 };
  const found = registered(lightness(first), lightness(moved(first, by, otherLight)), true);
  assert.equal(found.scale, 1);
  assert(apart(first[0], by, found) < 0.005, JSON.stringify(found));
});

test('a larger file of the same picture is laid on it as well', () => {
  const first = drawn({ seed: 4 });
  const small = lightness(first.map((grey) => shrunk(grey, 300)) as unknown as Colour);
  const found = registered(lightness(first), small, false);
  assert(apart(first[0], unmoved, found) < 0.005, JSON.stringify(found));
});

test('pictures without anything in common are not found', () => {
  const grey = (seed: number) => {
    const next = random(seed);
    const made = blank(256, 192);
    for (let at = 0; at < made.values.length; ++at) made.values[at] = next();
    return blurred(made, 3);
  };
  assert(!isFound(registered(grey(1), grey(2), false)));
  assert(!isFound(registered(blank(200, 150), blank(200, 150), false)));
});

test('of identical pictures nothing is marked, and the lesion is as large and as dark as it was', () => {
  const first = drawn({ seed: 3 });
  const same = changes(first, first, unmoved);
  assert.equal(same.share, 0);
  assert(!same.changed.includes(1));
  assert.deepEqual(same.grown, { value: 0, low: 0, high: 0 });
  assert(Math.abs(same.darker?.value ?? 1) < 1e-6);
});

test('other light, another angle and noise are no change', () => {
  for (let seed = 20; seed < 24; ++seed) {
    const first = drawn({ seed });
    const second = moved(first, { scale: 1.1, turn: 0.4, x: 0.05, y: 0.04 }, otherLight);
    const found = changes(first, second, registered(lightness(first), lightness(second), false));
    assert.equal(found.share, 0, `seed ${seed}`);
    assert(Math.abs(found.darker?.value ?? 1) < 0.04, JSON.stringify(found.darker));
  }
});

test('a new dark spot is marked where it is, and nothing else', () => {
  const spot = { x: -0.3, y: 0.2, radius: 0.04 };
  const first = drawn({ seed: 6 });
  const second = moved(drawn({ seed: 6, spot }), { scale: 1, turn: 0.3, x: 0.02, y: 0.03 }, otherLight);
  const found = changes(first, second, registered(lightness(first), lightness(second), true));
  const marked = pieces(found.changed, found.width);
  assert.equal(marked.length, 1);
  const places = marked[0] ?? [];
  const middle = (of: (at: number) => number) => places.reduce((sum, at) => sum + of(at), 0) / places.length;
  const x = middle((at) => at % found.width) / found.width - 0.5;
  const y = (middle((at) => Math.floor(at / found.width)) - found.height / 2) / found.width;
  assert(Math.hypot(x - spot.x, y - spot.y) < 0.015, `it is marked at ${x}, ${y}`);
  const area = places.length / found.width ** 2;
  assert(Math.abs(area / (Math.PI * spot.radius ** 2) - 1) < 0.25, `its area is ${area}`);
});

test('a lesion that grew by a fifth of its area is said to have grown by a fifth', () => {
  const first = drawn({ seed: 8, radius: 0.18 });
  const second = moved(drawn({ seed: 8, radius: 0.18 * Math.sqrt(1.2) }), { ...unmoved, turn: 0.5 }, otherLight);
  const { grown, share } = changes(first, second, registered(lightness(first), lightness(second), true));
  assert(grown && Math.abs(grown.value - 0.2) < 0.03, JSON.stringify(grown));
  assert(grown.low <= grown.value && grown.value <= grown.high);
  assert(share > 0);
});

test('of a lesion that leaves the picture no area is told', () => {
  const { grown } = changes(drawn({ seed: 9, radius: 0.45 }), drawn({ seed: 9, radius: 0.45 }), unmoved);
  assert.equal(grown, undefined);
});

test('the second picture lies on the first as the mapping says', () => {
  const first = drawn({ seed: 2 })[0];
  const laid = laidOn(first, first, { scale: 1, turn: 0, x: 0.1, y: 0 });
  assert.equal(laid.values[100], first.values[160]);
  assert(Number.isNaN(laid.values[590]!));
});

test('the outline goes round what is set, and round what is missing in it', () => {
  assert.equal(outline(Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0]), 3), 'M1 1L2 1L2 2L1 2Z');
  const ring = outline(Uint8Array.from([1, 1, 1, 1, 0, 1, 1, 1, 1]), 3);
  assert.equal(ring.match(/M/g)?.length, 2);
  assert.equal(outline(new Uint8Array(9), 3), '');
});
