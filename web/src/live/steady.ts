import type { Answer } from '../lib/answer.ts';

/** What a camera's answers come to: their mean over the last moments, so that it can be read while frames differ. */
export interface Steady {
  at: number; ///< milliseconds
  probabilities: Record<string, number>;
  malignant?: number;
  threshold?: number;
  unlike: number; ///< share of late frames that were unlike the training pictures, in [0, 1]
  findings: Record<string, number>; ///< code → share of late frames that have it, in [0, 1]
}

const memory = 700; // milliseconds after which a frame counts 1/e

/**
 * The mean with one frame more: each counts the less the longer it is ago (exponential moving average by time).
 * @param at  when the frame was answered, in milliseconds
 */
export function steady(before: Steady | undefined, answer: Answer, at: number): Steady {
  const weight = before ? 1 - Math.exp(-Math.max(0, at - before.at) / memory) : 1;
  const mix = (old: number | undefined, now: number) => (old === undefined ? now : old + weight * (now - old));
  const mixed = (old: Record<string, number>, now: Record<string, number>) =>
    Object.fromEntries(
      [...new Set([...Object.keys(old), ...Object.keys(now)])].map((name) => [
        name,
        mix(old[name] ?? 0, now[name] ?? 0),
      ]),
    );
  const found = Object.fromEntries(answer.quality.findings.map(({ code }) => [code, 1]));
  const next: Steady = {
    at,
    probabilities: mixed(before?.probabilities ?? answer.probabilities, answer.probabilities),
    unlike: mix(before?.unlike, answer.out_of_distribution?.unlike_training ? 1 : 0),
    findings: before ? mixed(before.findings, found) : found,
  };
  if (answer.malignant) next.malignant = mix(before?.malignant, answer.malignant.score);
  if (answer.malignant?.threshold !== undefined) next.threshold = answer.malignant.threshold;
  return next;
}

export type Verdict = 'refused' | 'above' | 'below' | 'none';

/** What is to be said of it; 'refused' where most late frames do not show a lesion as the model knows them. */
export function verdict(mean: Steady): Verdict {
  if (mean.unlike > 0.5) return 'refused';
  if (mean.malignant === undefined || mean.threshold === undefined) return 'none';
  return mean.malignant >= mean.threshold ? 'above' : 'below';
}

/** What most late frames lack, the worst first; not that they are compressed, since that was done here. */
export function hints(mean: Steady): string[] {
  return Object.entries(mean.findings)
    .filter(([code, share]) => share > 0.5 && code !== 'compressed')
    .sort(([, a], [, b]) => b - a)
    .map(([code]) => code);
}
