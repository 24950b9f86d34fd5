/** What of a model's card the page uses; the whole is what `naevus card --json` prints. */
export interface Card {
  name: string;
  classes: string[];
  malignant: string[];
  width: number;
  height: number;
  frame?: string; ///< the part of a picture that is looked at
  preparation?: Record<string, string>; ///< further steps before the network
  data?: string;
  licence?: string;
  malignant_threshold?: number;
  malignant_threshold_rule?: string;
  ood_limit?: number;
  decision_points?: { rule: string; aim: number; threshold: number; sensitivity: number; specificity: number }[];
  [name: string]: unknown;
}

/** One score from 0 to 1, of all classes or of one. */
export interface Figure {
  name: string;
  class?: string;
  value: number;
  low: number | null; ///< its interval; both or none
  high: number | null;
  cases: number;
}

/** Pictures to which a model gave about the same probability. */
export interface Bin {
  predicted: number;
  observed: number;
  low: number;
  high: number;
  cases: number;
}

/** What a model was worth on pictures whose class is known, as its card holds it. */
export interface Evaluation {
  of: string;
  cases: number;
  failed?: number;
  intervals?: string;
  checks?: { check: string; verdict: string; text: string }[];
  warnings?: string[];
  figures: Figure[];
  reliability: Bin[];
  malignant_reliability?: Bin[];
  confusion: number[][]; ///< rows: the truth, columns: what it was called
}

/** A gate's verdict, as the note of a retrained model has it. */
export interface Gate {
  passed: boolean;
  conditions: { name: string; holds: boolean; text: string }[];
}

/** A model's note where it is a gate's verdict; other notes are anybody's text. */
export function gateOf(note: string): Gate | undefined {
  try {
    const gate = JSON.parse(note) as Partial<Gate> | null;
    if (typeof gate?.passed === 'boolean' && Array.isArray(gate.conditions)) return gate as Gate;
  } catch {
    // no JSON: somebody's words
  }
  return undefined;
}

/** Of so many lesions, how many a share is, in whole ones. */
export function ofHundred(share: number): number {
  return Math.round(share * 100);
}

/** "validation.macro_auc" in its two parts. */
export function metricName(name: string): { part: string; metric: string } {
  const dot = name.indexOf('.');
  return dot < 0 ? { part: '', metric: name } : { part: name.slice(0, dot), metric: name.slice(dot + 1) };
}

/** A row's counts as shares of it; of an empty row zeros. */
export function sharesOf(row: number[]): number[] {
  const sum = row.reduce((all, one) => all + one, 0);
  return row.map((one) => (sum ? one / sum : 0));
}
