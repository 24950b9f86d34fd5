import { curveCatmullRomClosed, line } from 'd3-shape';

/** The sides of the body that are drawn, and how wide; all are 420 high. */
export const views = { anterior: 200, posterior: 200, left: 130, right: 130 } as const;
export const height = 420;
export type View = keyof typeof views;
export const viewNames = Object.keys(views) as View[];

export interface Point {
  view: View;
  x: number; ///< 0 to 1, from the drawing's left
  y: number; ///< 0 to 1, from its top
}

export const sites = [
  ...(['scalp', 'face', 'ear', 'neck', 'chest', 'abdomen', 'back', 'trunk', 'genital'] as const),
  ...(['upper extremity', 'hand', 'lower extremity', 'foot', 'acral'] as const),
] as const;
export type Site = (typeof sites)[number];

type Places = readonly (readonly [number, number])[];
const smooth = line<readonly [number, number]>().curve(curveCatmullRomClosed.alpha(0.5));

function path(places: Places): string {
  return smooth(places as [number, number][]) ?? '';
}

/** Both halves of what is symmetric about x = 100, from one of them, from its top to its bottom. */
function bothHalves(half: Places): Places {
  const other = half.toReversed().map(([x, y]) => [-x, y] as const);
  return [...half, ...other].map(([x, y]) => [100 + x, y] as const);
}

// prettier-ignore
const halfHead: Places = [[4, 6], [15, 11], [20, 25], [19.500, 40], [15.500, 54], [8, 63], [3, 65]];
// prettier-ignore
const halfBody: Places = [
  [8.500, 56], [9, 68], [15, 76], [34, 82], [46, 90], [51, 112], [56, 140], [64, 168], [70, 198], [75, 212], [76, 230], [72, 242], [67, 240],
  [64, 222], [61, 202], [53, 174], [45, 148], [40, 124], [36, 108], [34, 122], [31, 150], [32.500, 174], [37, 198], [39, 222], [36.500, 262], [30, 300],
  [31, 326], [26, 362], [21, 390], [24, 402], [29, 411], [20, 416], [11, 411], [9.500, 394], [9, 362], [6, 330], [8, 300], [5, 260], [2, 224],
];
// prettier-ignore
const profile: Places = [
  [62, 6], [78, 11], [85, 28], [82, 46], [77, 58], [66, 64], [54, 64], [44, 61], [42, 54], [41, 48], [36, 42], [40, 34], [40, 24], [47, 11],
];
// prettier-ignore
const side: Places = [
  [56, 58], [54, 72], [46, 88], [41, 108], [44, 132], [43, 164], [45, 194], [45, 222], [48, 262], [53, 298], [55, 322], [59, 362], [58, 390], [46, 403],
  [36, 411], [48, 416], [78, 415], [80, 402], [75, 388], [80, 352], [85, 326], [79, 300], [85, 262], [91, 224], [93, 202], [87, 180], [80, 156],
  [85, 126], [88, 102], [82, 80], [76, 66], [76, 54],
];
// prettier-ignore
const arm: Places = [
  [66, 84], [75, 90], [79, 114], [78, 144], [74, 174], [70, 200], [72, 216], [68, 238], [61, 240], [56, 222], [58, 200], [58, 174], [60, 146],
  [57, 114], [58, 92],
];

/** What is drawn of a side: closed shapes that can be pointed at, and thin lines upon them. The right side is the left, mirrored. */
export const drawings: Record<'front' | 'back' | 'side', { shapes: string[]; lines: string }> = {
  front: {
    shapes: [path(bothHalves(halfBody)), path(bothHalves(halfHead))],
    lines:
      'M79 35q-4-1-3 5t4 6M121 35q4-1 3 5t-4 6M70 87q14 5 28 4M130 87q-14 5-28 4M69 122q14 12 30 2M131 122q-14 12-30 2M100 166v5M74 198q10 18 22 24M126 198q-10 18-22 24M73 300q6 5 12 0M127 300q-6 5-12 0',
  },
  back: {
    shapes: [path(bothHalves(halfBody)), path(bothHalves(halfHead))],
    lines:
      'M79 35q-4-1-3 5t4 6M121 35q4-1 3 5t-4 6M100 84v98M74 100q12 6 14 26M126 100q-12 6-14 26M100 190v34M68 222q14 10 31 2M132 222q-14 10-31 2M74 298q6-4 11 0M126 298q-6-4-11 0',
  },
  side: {
    shapes: [path(side), path(profile), path(arm)],
    lines: 'M64 34q6-3 6 4t-5 8M41 49h5M62 299q-5 4-8 0',
  },
};

/** Between numbered places, straight. */
function between(places: Places, at: number): number {
  let [before] = places as readonly [readonly [number, number]];
  for (const place of places) {
    if (at < place[0]) return before[1] + ((place[1] - before[1]) * (at - before[0])) / (place[0] - before[0] || 1);
    before = place;
  }
  return before[1];
}

// prettier-ignore
const innerArm: Places = [[82, 37], [108, 35], [124, 39], [148, 44], [174, 52], [202, 60], [242, 63]];
const wrist = 204;

function legs(down: number): Site {
  return down > 392 ? 'foot' : 'lower extremity';
}

function siteBefore(front: boolean, fromMiddle: number, down: number): Site {
  if (down < 66) {
    if (fromMiddle > 18.5 && down > 28 && down < 50) return 'ear';
    if (front) return down < 20 ? 'scalp' : 'face';
    return down < 56 ? 'scalp' : 'neck';
  }
  if (down > 82 && down < 250 && fromMiddle > between(innerArm, down)) return down > wrist ? 'hand' : 'upper extremity';
  if (down < 80) return 'neck';
  if (!front) return down < 180 ? 'back' : down < 226 ? 'trunk' : legs(down);
  if (down < 130) return 'chest';
  if (down < 200) return 'abdomen';
  return down < 226 && fromMiddle < 9 ? 'genital' : legs(down);
}

function siteBeside(across: number, down: number): Site {
  if (down < 64) {
    if (Math.abs(across - 67) < 7 && down > 28 && down < 50) return 'ear';
    return across < 60 && down > 20 ? 'face' : down < 56 ? 'scalp' : 'neck';
  }
  if (down < 80) return 'neck';
  if (down < 242 && across > 56 && across < 79) return down > wrist ? 'hand' : 'upper extremity';
  if (across > 66) return down < 180 ? 'back' : down < 226 ? 'trunk' : legs(down);
  return down < 130 ? 'chest' : down < 200 ? 'abdomen' : legs(down);
}

/** The site that a point most likely is at. */
export function siteAt({ view, x, y }: Point): Site {
  const down = y * height;
  if (view === 'left') return siteBeside(x * views.left, down);
  if (view === 'right') return siteBeside((1 - x) * views.right, down);
  return siteBefore(view === 'anterior', Math.abs(x - 0.5) * 200, down);
}

const middles: Record<Site, Point> = {
  scalp: { view: 'posterior', x: 0.5, y: 0.07 },
  face: { view: 'anterior', x: 0.5, y: 0.1 },
  ear: { view: 'left', x: 0.51, y: 0.095 },
  neck: { view: 'anterior', x: 0.5, y: 0.17 },
  chest: { view: 'anterior', x: 0.5, y: 0.26 },
  abdomen: { view: 'anterior', x: 0.5, y: 0.4 },
  back: { view: 'posterior', x: 0.5, y: 0.3 },
  trunk: { view: 'posterior', x: 0.5, y: 0.48 },
  genital: { view: 'anterior', x: 0.5, y: 0.52 },
  'upper extremity': { view: 'anterior', x: 0.745, y: 0.32 },
  hand: { view: 'anterior', x: 0.85, y: 0.53 },
  'lower extremity': { view: 'anterior', x: 0.6, y: 0.62 },
  foot: { view: 'anterior', x: 0.595, y: 0.965 },
  acral: { view: 'anterior', x: 0.85, y: 0.56 },
};

/** A point in the middle of a site, to begin with. */
export function middleOf(site: Site): Point {
  return middles[site];
}

export function isSite(text: string): text is Site {
  return (sites as readonly string[]).includes(text);
}

/** Which side of the person it is on, where the drawing tells: who faces us has their left on our right. */
export function halfOf({ view, x }: Point): 'left' | 'right' | 'middle' {
  if (view === 'left' || view === 'right') return view;
  if (Math.abs(x - 0.5) < 0.03) return 'middle';
  return (view === 'anterior') === x > 0.5 ? 'left' : 'right';
}
