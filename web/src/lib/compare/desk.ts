import type { Found, Work } from './worker.ts';

const side = 512; ///< pixels of the longer side: twice as many as are compared

/** A picture's pixels, shrunk to what is compared.
    @throws Error where it can't be shown */
export async function pixelsOf(image: HTMLImageElement): Promise<ImageData> {
  await image.decode();
  const share = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const width = Math.max(1, Math.round(image.naturalWidth * share));
  const height = Math.max(1, Math.round(image.naturalHeight * share));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser draws no pictures'); // of a canvas without other use it never happens
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Asks the worker, of whose answers only the last is wanted. */
export class CompareDesk {
  private worker: Worker | undefined;
  private number = 0;

  ask(work: Omit<Work, 'number'>): Promise<Found> {
    this.end(); // what is under way is of no use any more
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    const number = ++this.number;
    return new Promise((done, failed) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Found>) => {
        if (data.number === this.number) done(data);
        worker.terminate();
      });
      worker.addEventListener('error', (event) => failed(new Error(event.message)));
      worker.postMessage({ ...work, number } satisfies Work);
    });
  }

  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }
}
