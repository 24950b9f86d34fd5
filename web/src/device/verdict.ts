import type { Answer } from '../lib/answer.ts';
import type { DeviceCard } from './card.ts';
import { findingsOf } from './quality/findings.ts';
import type { Quality } from './quality/quality.ts';

/** What the network says of a picture. */
export interface Outputs {
  probabilities: Float32Array;
  ood_score: number;
}

/** In the words of libs/server's answer_json.cpp. */
const words = {
  above_threshold: "the malignant classes' share is above the model's threshold: have it looked at",
  below_threshold: "the malignant classes' share is below the model's threshold; that rules nothing out",
  refused: 'the picture is unlike those that the model learned from: do not rely on this answer',
  none: 'the model has no threshold',
} as const;

/** Each class's conformity score (libs/metrics's conformal.cpp). */
function scoresOf(probabilities: readonly number[], score: 'least_ambiguous' | 'adaptive'): number[] {
  if (score === 'least_ambiguous') return probabilities.map((p) => 1 - p);
  const order = probabilities.map((_, i) => i);
  order.sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number));
  const scores: number[] = [];
  let sum = 0;
  for (const i of order) scores[i] = sum += probabilities[i] as number;
  return scores;
}

/** The classes that are in the set; a limit of null is infinite. */
export function predictionSet(card: DeviceCard, probabilities: readonly number[]): string[] {
  if (!card.prediction_sets) return [];
  const { score, limit } = card.prediction_sets;
  const scores = scoresOf(probabilities, score);
  return card.classes.filter((_, i) => (scores[i] as number) <= (limit[i] ?? Infinity));
}

/** Threshold, prediction set, refusal and quality by the card, as libs/server decides. */
export function answerOf(
  card: DeviceCard,
  outputs: Outputs,
  quality: Quality,
): Omit<Answer, 'model' | 'picture_format'> {
  const probabilities = Array.from(outputs.probabilities);
  const named = Object.fromEntries(card.classes.map((name, i) => [name, probabilities[i] as number]));
  const top = probabilities.indexOf(Math.max(...probabilities));
  const score = card.malignant.reduce((sum, name) => sum + (named[name] ?? 0), 0);
  const threshold = card.malignant_threshold ?? undefined;
  const limit = card.ood_limit ?? undefined;
  const unlike = limit !== undefined && outputs.ood_score > limit;
  let code: keyof typeof words = 'none';
  if (unlike) code = 'refused';
  else if (card.malignant.length && threshold !== undefined)
    code = score >= threshold ? 'above_threshold' : 'below_threshold';
  const findings = findingsOf(quality);
  return {
    where: 'device',
    predicted: card.classes[top] ?? '',
    probabilities: named,
    ...(card.malignant.length && { malignant: { score, ...(threshold !== undefined && { threshold }) } }),
    decision: { code, words: words[code] },
    ...(card.prediction_sets && {
      prediction_set: { classes: predictionSet(card, probabilities), coverage: card.prediction_sets.coverage },
    }),
    out_of_distribution: { score: outputs.ood_score, unlike_training: unlike, ...(limit !== undefined && { limit }) },
    quality: { good: findings.length === 0, findings },
    notice: 'not a diagnosis',
  };
}
