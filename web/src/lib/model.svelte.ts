import { api, data } from './api.ts';
import type { Schemas } from './api.ts';
import type { Card } from './card.ts';

export type { Card };

/** The model that answers. */
class Served {
  entry = $state.raw<Schemas['ModelEntry']>();
  card = $state.raw<Card>();

  /** Where it is seen that another model answers by now, it is asked for again.
      @param id  of the model that answers */
  follow(id: string): void {
    if (this.entry && this.entry.id !== id) void this.look().catch(() => undefined); // what was known stays
  }

  async look(): Promise<void> {
    const { models } = await data(api.GET('/api/v1/models'));
    this.entry = models.find((model) => model.serves);
    if (!this.entry) return;
    const shown = await data(api.GET('/api/v1/models/{id}', { params: { path: { id: this.entry.id } } }));
    this.card = (shown.card as Card | null) ?? undefined;
  }
}

export const served = new Served();
