import type { Card } from '../lib/card.ts';
import { filters } from './resize.ts';
import type { Filter, View } from './resize.ts';

/** What stands under `naevus.card` in a model file, as far as answers need it (libs/model's card.hpp). */
export interface DeviceCard extends Card {
  format: number;
  frame: string;
  preparation?: Record<string, string>;
  prediction_sets?: { coverage: number; score: 'least_ambiguous' | 'adaptive'; limit: (number | null)[] };
}

const knownFormat = 1;
/** Steps of libs/image's prepare.hpp that come before the network and are not done here. */
const steps = ['vignette', 'hair_removal', 'denoise', 'contrast'];

/** What the card asks for and a browser can't do, in the card's words ("denoise = median"); empty where it can. */
export function obstacles(card: DeviceCard): string[] {
  const found: string[] = [];
  if (card.format > knownFormat) found.push(`format = ${card.format}`);
  if (card.frame !== 'centre_square' && card.frame !== 'whole') found.push(`frame = ${card.frame}`);
  for (const [step, value] of Object.entries(card.preparation ?? {})) {
    const done =
      step === 'colour_constancy' || // the graph does it
      (step === 'resize' && filters.some((filter) => filter === value)) ||
      (steps.includes(step) && value === 'none');
    if (!done) found.push(`${step} = ${value}`);
  }
  return found;
}

export function filterOf(card: DeviceCard): Filter {
  return filters.find((filter) => filter === card.preparation?.['resize']) ?? 'triangle';
}

/** The part of a picture that is looked at; an odd remainder leaves the extra pixel at the right and the bottom. */
export function frameOf(card: DeviceCard, width: number, height: number): View {
  if (card.frame === 'whole') return { left: 0, top: 0, width, height };
  const side = Math.min(width, height);
  return { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), width: side, height: side };
}
