import type { Evaluation } from '../lib/card.ts';
import type { Card } from '../lib/model.svelte.ts';

/** The parts of a card that are shown to people. */
export interface FullCard extends Card {
  architecture?: string;
  frame?: string;
  weights_from?: string;
  adopted_from?: string;
  calibrated_on?: string;
  prediction_sets?: { coverage: number; score: string; by_class: boolean };
  metrics?: Record<string, number>;
  config?: string;
  evaluation?: Evaluation;
}
