import type { Point } from './reading.ts';

const kept = 'naevus.threshold';

/** Which of a model's thresholds the reader decides by; remembered on this device. */
class Threshold {
  key = $state(localStorage.getItem(kept) ?? '');

  choose(key: string): void {
    this.key = key;
    localStorage.setItem(kept, key);
  }

  /** The one that was chosen, else the one that the server decides by. */
  of(points: readonly Point[]): Point | undefined {
    return points.find((point) => point.key === this.key) ?? points[0];
  }
}

export const threshold = new Threshold();
