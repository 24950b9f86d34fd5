import { server } from './answer.ts';
import type { Answerer } from './answer.ts';

export type Place = 'server' | 'device';

/** Where pictures are looked at. */
class Where {
  place = $state<Place>('server');
  answerer = $state.raw<Answerer>(server);

  use(place: Place, answerer: Answerer): void {
    this.place = place;
    this.answerer = answerer;
  }
}

export const where = new Where();
