// How an answer is read: which classes come first, and what a threshold means.
import type { Answer } from './answer.ts';
import type { Card } from './card.ts';

export interface Share {
  name: string;
  share: number;
  malignant: boolean;
}

/** The classes, the most probable first. */
export function ranked(answer: Pick<Answer, 'probabilities'>, malignant: readonly string[] = []): Share[] {
  return Object.entries(answer.probabilities)
    .map(([name, share]) => ({ name, share, malignant: malignant.includes(name) }))
    .sort((a, b) => b.share - a.share || a.name.localeCompare(b.name));
}

/** A threshold of the malignant share, and what it was measured to do. */
export interface Point {
  key: string; ///< "sensitivity-0.95", "given" for the one that the answer came with
  rule: string;
  aim: number;
  threshold: number;
  sensitivity?: number;
  specificity?: number;
}

/** The thresholds that can be chosen for an answer: the card's where it is that of the model that answered, the first
    the one that the server decides by. */
export function pointsOf(
  answer: Pick<Answer, 'malignant' | 'model'>,
  { card, version }: { card?: Card | undefined; version?: string | undefined } = {},
): Point[] {
  const given = answer.malignant?.threshold;
  const same = card !== undefined && card.name === answer.model.name && version === answer.model.version;
  const points: Point[] = ((same && card.decision_points) || []).map((point) => ({
    ...point,
    key: `${point.rule}-${point.aim}`,
  }));
  if (given !== undefined && !points.some((point) => Math.abs(point.threshold - given) < 1e-9))
    points.unshift({ key: 'given', rule: 'given', aim: 0, threshold: given });
  return points.sort((a, b) => Number(b.threshold === given) - Number(a.threshold === given));
}

/** Of 100 malignant lesions how many a threshold finds, of 100 harmless ones how many it lets go. */
export function ofHundred(point: Point): { found: number; let_go: number } | undefined {
  if (point.sensitivity === undefined || point.specificity === undefined) return undefined;
  return { found: Math.round(point.sensitivity * 100), let_go: Math.round(point.specificity * 100) };
}

export type Verdict = 'refused' | 'above' | 'below' | 'none';

/** What is said of the picture, by the threshold that was chosen. */
export function verdictOf(
  answer: Pick<Answer, 'decision' | 'malignant' | 'out_of_distribution'>,
  point?: Point,
): Verdict {
  if (answer.decision.code === 'refused' || answer.out_of_distribution?.unlike_training) return 'refused';
  if (!answer.malignant || !point) return 'none';
  return answer.malignant.score >= point.threshold ? 'above' : 'below';
}

/** How alike two pictures are to the model, for words: by the cosine of their embeddings. */
export function likeness(cosine: number): 'very' | 'quite' | 'some' | 'little' {
  if (cosine >= 0.9) return 'very';
  if (cosine >= 0.75) return 'quite';
  return cosine >= 0.5 ? 'some' : 'little';
}
