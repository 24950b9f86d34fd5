import type { Answerer } from '../lib/answer.ts';
import { Problem } from '../lib/api.ts';
import { maybe, needMessages, t } from '../lib/language.svelte.ts';
import { served } from '../lib/model.svelte.ts';
import type { DeviceCard } from './card.ts';
import { Engine } from './engine.ts';
import { Fault } from './fault.ts';
import { bytesOf, bytesOfRuntime, clearShelves, fetchAll, findKept, glueUrl, takeFiles } from './shelf.ts';
import type { Kept } from './shelf.ts';

export interface Fetching {
  done: number; ///< bytes
  total: number; ///< 0: not known
  secondsLeft: number | undefined;
}

/** What a fault says to its reader. */
async function problemOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Fault)) return error;
  await needMessages('device');
  const advice = maybe(`device:fault_${error.code}_advice`) ?? '';
  return new Problem(422, error.code, t(`device:fault_${error.code}`, error.values), advice);
}

/** The model on this device. */
class Device implements Answerer {
  /** unknown: not looked yet */
  state = $state<'unknown' | 'without' | 'kept'>('unknown');
  kept = $state.raw<Kept>();
  /** Of the model that is loaded. */
  card = $state.raw<DeviceCard>();
  fetching = $state.raw<Fetching>();
  /** Why the last fetch or start failed. */
  error = $state.raw<unknown>();

  private running: Promise<Engine> | undefined;
  private cancelling: AbortController | undefined;

  /** The model that the server has put in the place of the one that is here. */
  get newer() {
    const entry = served.entry;
    return entry && this.kept && entry.id !== this.kept.id ? entry : undefined;
  }

  async find(): Promise<void> {
    this.kept = await findKept().catch(() => undefined);
    this.state = this.kept ? 'kept' : 'without';
  }

  /** What is to be fetched, in bytes; 0 where the server does not say. */
  async toFetch(): Promise<number> {
    if (!served.entry) await served.look();
    const model = served.entry ? await bytesOf(served.entry.id) : 0;
    return model && model + (this.kept ? 0 : bytesOfRuntime);
  }

  /** Fetches the server's model, in the place of one that is here. What goes wrong is in `error`. */
  async fetch(): Promise<void> {
    const begin = performance.now();
    const more = this.kept ? 0 : bytesOfRuntime;
    let done = 0;
    let total = 0;
    const tell = () => {
      if (signal.aborted) return;
      const seconds = (performance.now() - begin) / 1000;
      const left = total && done && seconds > 1 ? ((total - done) / done) * seconds : undefined;
      this.fetching = { done, total, secondsLeft: left };
    };
    this.error = undefined;
    const cancelling = new AbortController();
    this.cancelling = cancelling;
    const { signal } = cancelling;
    tell();
    try {
      if (!served.entry) await served.look();
      if (!served.entry) throw new Fault('no_model');
      const { id, name, version } = served.entry;
      this.kept = await fetchAll(
        { id, name, version },
        {
          signal,
          count: (bytes) => {
            done += bytes;
            tell();
          },
          expect: (bytes) => {
            total = bytes && bytes + more;
            tell();
          },
        },
      );
      this.state = 'kept';
      await this.end();
      await this.engine();
    } catch (error) {
      if (!signal.aborted) this.error = await problemOf(error);
    } finally {
      cancelling.abort(); // where one file fails, the others are not waited for
      this.fetching = undefined;
    }
  }

  cancel(): void {
    this.cancelling?.abort(new DOMException('', 'AbortError'));
  }

  async remove(): Promise<void> {
    await this.end();
    await clearShelves();
    this.kept = undefined;
    this.state = 'without';
  }

  /** Loads the model, so that the first picture does not wait for it. What goes wrong is in `error`. */
  async warm(): Promise<void> {
    this.error = undefined;
    await this.engine().catch(async (error: unknown) => {
      this.error = await problemOf(error);
    });
  }

  async look(...[picture, , signal]: Parameters<Answerer['look']>): ReturnType<Answerer['look']> {
    return this.asked(async (engine) => engine.look(picture, signal));
  }

  async saliency(...[, picture, name, signal]: Parameters<Answerer['saliency']>): Promise<Blob> {
    return this.asked(async (engine) => engine.saliency(picture, name, signal));
  }

  private async asked<Result>(task: (engine: Engine) => Promise<Result>): Promise<Result> {
    try {
      return await task(await this.engine());
    } catch (error) {
      if (error instanceof Fault && error.code === 'worker') await this.end(); // the next picture gets a new one
      throw await problemOf(error);
    }
  }

  private async engine(): Promise<Engine> {
    if (this.state === 'unknown') await this.find();
    const kept = this.kept;
    if (!kept) throw new Fault('no_model');
    this.running ??= takeFiles(kept)
      .then(async (files) => Engine.start({ ...files, name: kept.name, version: kept.version, glue: glueUrl }))
      .then(({ engine, card }) => {
        this.card = card;
        return engine;
      });
    return this.running.catch((error: unknown) => {
      this.running = undefined;
      throw error;
    });
  }

  private async end(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    this.card = undefined;
    (await running?.catch(() => undefined))?.stop();
  }
}

export const device = new Device();
