import type { Answer } from './answer.ts';
import { where } from './answerer.svelte.ts';
import { Problem } from './api.ts';
import { described } from './fields.svelte.ts';
import { refusalOf, shownName } from './files.ts';
import type { Refusal } from './files.ts';
import { Queue } from './queue.ts';
import { session } from './session.svelte.ts';

const triesAtMost = 5; ///< while the server asks to wait

export type State = 'waiting' | 'looking' | 'later' | 'answered' | 'failed' | 'refused' | 'cancelled';

/** One picture on the page. */
export class Picture {
  readonly file: File;
  readonly name: string;
  readonly address: string;
  state = $state<State>('waiting');
  answer = $state.raw<Answer>();
  error = $state.raw<unknown>(); ///< where it failed
  refusal = $state<Refusal>(); ///< where it was not sent
  tries = 0;

  constructor(file: File) {
    this.file = file;
    this.name = shownName(file.name);
    this.address = URL.createObjectURL(file);
  }
}

/** The pictures that are looked at, two at a time. They stay while other pages are shown. */
class Pictures {
  all = $state.raw<Picture[]>([]);
  chosen = $state.raw<Picture>();
  /** Of those that were sent: how many there are, and how many are done with. */
  readonly sent = $derived(this.all.filter(({ state }) => state !== 'refused' && state !== 'cancelled').length);
  readonly done = $derived(this.all.filter(({ state }) => state === 'answered' || state === 'failed').length);
  private owner: string | undefined;
  private readonly queue = new Queue<Picture>((picture, signal) => this.look(picture, signal));

  async add(files: Iterable<File>): Promise<void> {
    this.owner = session.who?.actor;
    const added = [...files].map((file) => new Picture(file));
    this.all = [...this.all, ...added];
    const allDone = this.chosen === undefined || this.chosen.state !== 'looking';
    if (allDone) this.chosen = added[0] ?? this.chosen;
    for (const picture of added) {
      const head = await picture.file
        .slice(0, 132)
        .arrayBuffer()
        .catch(() => new ArrayBuffer(0)); // a folder, or a file that is gone
      picture.refusal = refusalOf(picture.file.size, new Uint8Array(head));
      if (picture.refusal) picture.state = 'refused';
      else this.queue.add(picture);
    }
  }

  again(picture: Picture): void {
    picture.tries = 0;
    picture.state = 'waiting';
    picture.error = undefined;
    this.queue.add(picture);
  }

  cancel(picture: Picture): void {
    picture.state = 'cancelled';
    this.queue.drop(picture);
  }

  remove(picture: Picture): void {
    this.queue.drop(picture);
    URL.revokeObjectURL(picture.address);
    const place = this.all.indexOf(picture);
    this.all = this.all.filter((other) => other !== picture);
    if (this.chosen === picture) this.chosen = this.all[Math.min(place, this.all.length - 1)];
  }

  clear(): void {
    for (const picture of this.all) this.remove(picture);
  }

  /** Somebody else's pictures are not shown to who signs in after them. */
  leaveTo(reader: string | undefined): void {
    if (this.owner !== reader) this.clear();
  }

  private async look(picture: Picture, signal: AbortSignal): Promise<void> {
    picture.state = 'looking';
    const { fields, faults } = described.checked;
    if (faults.length) {
      described.open = true;
      picture.state = 'failed';
      picture.error = faults;
      return;
    }
    try {
      picture.answer = await where.answerer.look(picture.file, fields, signal);
      picture.state = 'answered';
    } catch (error) {
      if (signal.aborted) return;
      const wait = error instanceof Problem && [429, 503].includes(error.status) ? error.retryAfter : 0;
      if (wait > 0 && ++picture.tries < triesAtMost) {
        picture.state = 'later';
        this.queue.hold(wait * 1000);
        this.queue.add(picture, true);
        return;
      }
      picture.error = error;
      picture.state = 'failed';
    }
  }
}

export const pictures = new Pictures();
