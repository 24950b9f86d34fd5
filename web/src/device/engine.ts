import type { Answer } from '../lib/answer.ts';
import type { DeviceCard } from './card.ts';
import { Fault } from './fault.ts';
import workerUrl from './worker.ts?worker&url';
import type { Start, Task, Told } from './worker.ts';

interface Waiting {
  done: (result: unknown) => void;
  failed: (why: Error) => void;
}

/** The model in its thread, loaded. */
export class Engine {
  private readonly worker = new Worker(workerUrl, { type: 'module', name: 'model' });
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  private constructor() {
    this.worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      const asked = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.fault) asked?.failed(new Fault(data.fault.code, data.fault.values));
      else asked?.done(data.result);
    });
    this.worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.fail(new Fault('worker', { why: event.message || 'the worker could not be started' }));
    });
  }

  /** @throws Fault where the model can't run here */
  static async start(begin: Omit<Start, 'kind'>): Promise<{ engine: Engine; card: DeviceCard }> {
    const engine = new Engine();
    try {
      const transfer = [begin.model, begin.runtime];
      const card = (await engine.ask({ kind: 'start', ...begin }, { transfer })) as DeviceCard;
      return { engine, card };
    } catch (error) {
      engine.stop();
      throw error;
    }
  }

  /** @throws Fault where the picture can't be answered; AbortError where the signal says so */
  async look(picture: Blob, signal?: AbortSignal): Promise<Answer> {
    return (await this.ask({ kind: 'look', picture }, { signal })) as Answer;
  }

  /** As a PNG. @throws as look() */
  async saliency(picture: Blob, name: string, signal?: AbortSignal): Promise<Blob> {
    return (await this.ask({ kind: 'saliency', picture, name }, { signal })) as Blob;
  }

  stop(): void {
    this.worker.terminate();
    this.fail(new Fault('no_model'));
  }

  private fail(why: Error): void {
    for (const asked of this.waiting.values()) asked.failed(why);
    this.waiting.clear();
  }

  private ask(task: Task, how: { signal?: AbortSignal | undefined; transfer?: Transferable[] } = {}): Promise<unknown> {
    const { signal, transfer = [] } = how;
    signal?.throwIfAborted();
    return new Promise((done, failed) => {
      const id = this.next++;
      this.waiting.set(id, { done, failed });
      signal?.addEventListener('abort', () => {
        this.waiting.delete(id);
        failed(signal.reason as Error);
      });
      this.worker.postMessage({ ...task, id }, transfer);
    });
  }
}
