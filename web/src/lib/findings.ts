import type { Schemas } from './api.ts';

export type Finding = Omit<Schemas['Finding'], 'images' | 'answer'> & {
  images: { name: string; label: string }[];
  answer: { choice: Choice; label: string } | null;
};
export type Choice = 'keep' | 'drop' | 'relabel' | 'same_lesion' | 'not_sure';

/** The key of each answer, as in `naevus clean review --page`. */
export const keyOf: Record<Choice, string> = { keep: 'k', drop: 'd', relabel: 'r', same_lesion: 's', not_sure: 'n' };
export const choices = Object.keys(keyOf) as Choice[];

/** Where to go on among what was loaded.
    @param from  the place to go on behind, or in front of; -1: from the beginning
    @param open  only to what is not answered
    @return -1 where there is none */
export function placeAfter(
  list: readonly Pick<Finding, 'answer'>[],
  from: number,
  step: 1 | -1,
  open: boolean,
): number {
  for (let at = from + step; at >= 0 && at < list.length; at += step) if (!open || !list[at]?.answer) return at;
  return -1;
}

/** A class's pictures before the cleaning and after what was decided so far. */
export interface Balance {
  label: string;
  before: number;
  after: number;
}

export function balanceOf(before: Map<string, number>, after: Map<string, number>): Balance[] {
  const labels = [...new Set([...before.keys(), ...after.keys()])].sort();
  return labels.map((label) => ({
    label,
    before: before.get(label) ?? 0,
    after: after.get(label) ?? 0,
  }));
}

/** The key as a Latin keyboard would have it: on others the letters stand elsewhere, but the keys are where they are. */
export function pressedKey(event: Pick<KeyboardEvent, 'key' | 'code'>): string {
  if (/^[!-~ ]$/.test(event.key)) return event.key.toLowerCase();
  return /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code)?.[1]?.toLowerCase() ?? event.key;
}
