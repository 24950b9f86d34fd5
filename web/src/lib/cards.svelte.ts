import { device } from '../device/device.svelte.ts';
import type { Answer } from './answer.ts';
import type { Card } from './card.ts';
import { served } from './model.svelte.ts';

/** The card by which an answer is read, and the version of the model that it is of: this device's where it answered,
    else of the model that the server uses now, which an older answer may not be of. */
export function cardFor(answer: Pick<Answer, 'where'>): { card?: Card | undefined; version?: string | undefined } {
  if (answer.where === 'device') return { card: device.card, version: device.kept?.version };
  return { card: served.card, version: served.entry?.version };
}
