import { api, data, Problem } from './api.ts';
import { emptyStory, hasEnded, told } from './job.ts';
import type { Job, Story } from './job.ts';

const longestWait = 15_000; // ms

/** A job as it goes on: server-sent events, taken up again behind the last one whenever the connection was lost. */
export class Followed {
  job = $state.raw<Job>();
  story = $state.raw<Story>(emptyStory());
  /** The job can't be shown, and is asked for no more. */
  failed = $state.raw<unknown>();
  /** The connection was lost, and is tried again. */
  lost = $state(false);
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = 1000;
  private stopped = false;

  private readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  async start(): Promise<void> {
    this.failed = undefined;
    try {
      this.job = await data(api.GET('/api/v1/jobs/{id}', { params: { path: { id: this.id } } }));
    } catch (error) {
      if (error instanceof Problem && (error.status === 0 || error.status === 401 || error.status >= 500) && this.job)
        return this.later();
      this.failed = error;
      return;
    }
    if (!this.stopped) this.listen();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.source?.close();
  }

  /** @return as it is now: stopped, or asked to */
  async cancel(): Promise<void> {
    this.job = await data(api.DELETE('/api/v1/jobs/{id}', { params: { path: { id: this.id } } }));
  }

  private listen(): void {
    this.source?.close();
    const source = new EventSource(`/api/v1/jobs/${this.id}/events?after=${this.story.last}`);
    this.source = source;
    source.addEventListener('open', () => {
      this.lost = false;
      this.wait = 1000;
    });
    source.addEventListener('happened', (event) => {
      this.story = told(this.story, Number(event.lastEventId), JSON.parse(event.data) as Record<string, unknown>);
    });
    source.addEventListener('job', (event) => {
      this.job = JSON.parse(event.data) as Job;
      if (hasEnded(this.job)) source.close();
    });
    // A browser tries again by itself, but not where the server is gone behind a proxy or the session has ended.
    source.addEventListener('error', () => {
      source.close();
      if (!this.stopped && !(this.job && hasEnded(this.job))) this.later();
    });
  }

  private later(): void {
    this.lost = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, longestWait);
  }
}
