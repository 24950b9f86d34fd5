import { pictureOf } from '../lib/answer.ts';
import { api, data, request } from '../lib/api.ts';
import type { Prediction, Schemas } from '../lib/api.ts';

/** A picture that waits for a reader. */
export interface Item {
  id: string;
  classes: string[]; ///< to choose from, in the model's order
  disagreement?: boolean; ///< readers and model do not name one class; not told blind
  prediction?: Prediction; ///< what the model said; not told blind
  quality: Prediction['quality'];
  patient?: Prediction['patient'];
}

interface Queue {
  waiting: number;
  queue: { disagreement?: boolean; prediction: Partial<Prediction> & { id: string; classes?: string[] } }[];
}

/** What a reader says of a picture. */
export interface Said {
  label?: string; ///< left out: unsure
  histopathology?: boolean;
  comment?: string;
}

export type Which = 'open' | 'second';

const pageful = 20;

function itemOf({ disagreement, prediction }: Queue['queue'][number]): Item {
  const item: Item = {
    id: prediction.id,
    classes: prediction.classes ?? Object.keys(prediction.probabilities ?? {}),
    quality: prediction.quality ?? { good: true, findings: [] },
  };
  if (disagreement !== undefined) item.disagreement = disagreement;
  if (prediction.patient) item.patient = prediction.patient;
  if (prediction.probabilities) item.prediction = prediction as Prediction;
  return item;
}

/** The queue of pictures to be read, and what its reader has said since it was opened, to be taken back one by one. */
export class Desk {
  items = $state.raw<Item[]>([]);
  waiting = $state(0);
  said = $state.raw<{ item: Item; feedback: Schemas['Feedback'] }[]>([]);
  loaded = $state(false);
  private passed = new Set<string>(); ///< read or put off: not shown again until the page is opened anew
  private readonly which: Which;
  private readonly blind: boolean;

  constructor(which: Which, blind: boolean) {
    this.which = which;
    this.blind = blind;
  }

  get item(): Item | undefined {
    return this.items[0];
  }

  /** @throws Problem */
  async load(): Promise<void> {
    const limit = Math.min(1000, pageful + this.passed.size);
    const path = `/api/v1/review?queue=${this.which}&blind=${this.blind ? 1 : 0}&limit=${limit}`;
    const answer = (await (await request(path)).json()) as Queue;
    const there = new Set(this.items.map(({ id }) => id));
    const more = answer.queue.map(itemOf).filter(({ id }) => !this.passed.has(id) && !there.has(id));
    this.items = [...this.items, ...more];
    this.waiting = answer.waiting;
    this.loaded = true;
    this.fetchNext();
  }

  /**
   * Keeps what the reader says of the first picture and goes on to the next.
   * @throws Problem; the picture stays then
   */
  async say({ label, histopathology, comment }: Said): Promise<void> {
    const item = this.item;
    if (!item) return;
    const body = {
      ...(label === undefined ? { verdict: 'unsure' } : { label }),
      ...(label !== undefined && histopathology && { histopathology }),
      ...(comment && { comment }),
    };
    const answer = await request(`/api/v1/predictions/${item.id}/feedback`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    this.said = [...this.said, { item, feedback: (await answer.json()) as Schemas['Feedback'] }];
    this.waiting = Math.max(0, this.waiting - 1);
    await this.pass(item);
  }

  /** Puts the first picture off. @throws Problem */
  async skip(): Promise<void> {
    if (this.item) await this.pass(this.item);
  }

  /** Takes back what was said last, and shows that picture again. @throws Problem */
  async undo(): Promise<void> {
    const last = this.said.at(-1);
    if (!last) return;
    const path = `/api/v1/predictions/${last.item.id}/feedback/${last.feedback.id}`;
    await request(path, { method: 'DELETE' });
    this.said = this.said.slice(0, -1);
    this.passed.delete(last.item.id);
    this.items = [last.item, ...this.items];
    this.waiting++;
  }

  private async pass(item: Item): Promise<void> {
    this.passed.add(item.id);
    this.items = this.items.filter(({ id }) => id !== item.id);
    this.fetchNext();
    if (this.items.length < 3 && this.waiting > this.items.length) await this.load();
  }

  /** The next picture is there when its turn comes. */
  private fetchNext(): void {
    const next = this.items[1];
    if (next) new Image().src = pictureOf(next.id);
  }
}

/** What was said of a prediction, for who is not to read it blind. */
export async function readingsOf(id: string): Promise<Schemas['Feedback'][]> {
  const path = { id };
  const { feedback } = await data(api.GET('/api/v1/predictions/{id}/feedback', { params: { path } }));
  return feedback.filter(({ superseded }) => !superseded);
}
