import type { Answerer } from '../../src/lib/answer.ts';

declare global {
  interface Window {
    /** Both, for measurements and tests that call them from outside. */
    answerers: {
      server: Answerer;
      device: Answerer & { fetch: () => Promise<void>; state: string };
    };
  }
}
