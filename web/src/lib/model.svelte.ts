import { api, data } from './api.ts';
import type { Schemas } from './api.ts';

/** What of a model's card the page uses; the whole is in docs/model-card.md's words. */
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

/** The model that answers. */
class Served {
  entry = $state.raw<Schemas['ModelEntry']>();
  card = $state.raw<Card>();

  async look(): Promise<void> {
    const { models } = await data(api.GET('/api/v1/models'));
    this.entry = models.find((model) => model.serves);
    if (!this.entry) return;
    const shown = await data(api.GET('/api/v1/models/{id}', { params: { path: { id: this.entry.id } } }));
    this.card = (shown.card as Card | null) ?? undefined;
  }
}

export const served = new Served();
