import { api, data, request } from './api.ts';
import type { Prediction } from './api.ts';

/** What a model says of a picture, wherever it ran. */
export interface Answer extends Omit<Prediction, 'id' | 'created_at'> {
  where: 'server' | 'device';
  id?: string; ///< under which the server keeps it; nothing is kept of what this device answered
  created_at?: string;
  milliseconds?: number; ///< from the picture's bytes to the answer
}

/** What is said of the picture besides. */
export interface Fields {
  age?: number;
  sex?: 'female' | 'male' | 'other';
  site?: string;
  patient_key?: string;
  lesion?: string;
}

/** A model that can be asked: the server's, or the same file on this device. */
export interface Answerer {
  /** @throws Problem where the picture is refused or the model can't be reached; AbortError where the signal says so */
  look(picture: Blob, fields: Fields, signal?: AbortSignal): Promise<Answer>;

  /** What the model looked at, as a picture of its input's size that lies over the whole of what it saw.
      @param name  the class that it is to speak for */
  saliency(answer: Answer, picture: Blob, name: string, signal?: AbortSignal): Promise<Blob>;
}

export function fromPrediction(prediction: Prediction): Answer {
  return { ...prediction, where: 'server' };
}

/** A picture that is sent again since nothing was heard of it is answered and kept once. */
const sent = new WeakMap<Blob, { said: string; key: string }>();

function keyOf(picture: Blob, fields: Fields): string {
  const said = JSON.stringify(fields);
  const before = sent.get(picture);
  if (before?.said === said) return before.key;
  const key = crypto.randomUUID();
  sent.set(picture, { said, key });
  return key;
}

/** The server, which keeps picture and answer. */
export const server: Answerer = {
  async look(picture, fields, signal) {
    const form = new FormData();
    form.append('image', picture, 'picture');
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, String(value));
    const begin = performance.now();
    const headers = { 'Idempotency-Key': keyOf(picture, fields) };
    const answer = await request('/api/v1/predictions', {
      method: 'POST',
      body: form,
      headers,
      signal: signal ?? null,
    });
    const prediction = (await answer.json()) as Prediction;
    return { ...fromPrediction(prediction), milliseconds: performance.now() - begin };
  },

  async saliency(answer, _picture, name, signal) {
    const path = `/api/v1/predictions/${answer.id ?? ''}/saliency?class=${encodeURIComponent(name)}`;
    return (await request(path, { signal: signal ?? null })).blob();
  },
};

/** An answer that was kept. */
export async function kept(id: string): Promise<Answer> {
  return fromPrediction(await data(api.GET('/api/v1/predictions/{id}', { params: { path: { id } } })));
}

/** Where the kept picture is, as a browser can show it. */
export function pictureOf(id: string, size: 'small' | 'large' = 'large'): string {
  return `/api/v1/predictions/${id}/picture?size=${size}`;
}
