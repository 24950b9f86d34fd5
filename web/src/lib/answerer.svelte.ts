import { device } from '../device/device.svelte.ts';
import { server } from './answer.ts';
import type { Answerer } from './answer.ts';

export type Place = 'server' | 'device';
const kept = 'naevus.place';

/** Who answers. Pictures for this device never go to the server, not even where this device can't answer. */
class Where {
  place = $state<Place>(localStorage.getItem(kept) === 'device' ? 'device' : 'server');

  get answerer(): Answerer {
    return this.place === 'device' ? device : server;
  }

  use(place: Place): void {
    this.place = place;
    localStorage.setItem(kept, place);
  }
}

export const where = new Where();
