import type { Answer } from './answer.ts';
import { api, data } from './api.ts';
import type { Schemas } from './api.ts';

export type Similar = Schemas['Similar'];

const asked = new WeakMap<Answer, Promise<Similar>>();

/** Cases with known diagnoses that are most like the picture. Each costs the server a look at the picture, so an answer
    asks once; again only after a refusal. */
export function similarTo(answer: Answer): Promise<Similar> {
  const before = asked.get(answer);
  if (before) return before;
  const path = { id: answer.id ?? '' };
  const cases = data(api.GET('/api/v1/predictions/{id}/similar', { params: { path } }));
  asked.set(answer, cases);
  cases.catch(() => asked.delete(answer));
  return cases;
}
