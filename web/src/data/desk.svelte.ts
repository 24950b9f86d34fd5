import { api, data } from '../lib/api.ts';
import { placeAfter } from '../lib/findings.ts';
import type { Choice, Finding } from '../lib/findings.ts';

interface Progress {
  total: number;
  answered: number;
  choices: Record<string, number>;
  kinds: { name: string; total: number; answered: number }[];
}

interface Page {
  labels: string[];
  kinds: { name: string; title: string; meaning: string }[];
  progress: Progress;
  next: number | null;
  findings: Finding[];
}

const pageSize = 100;

/** A cleaning's findings, one before the reader at a time. The server holds all answers. */
export class Desk {
  labels = $state.raw<string[]>([]);
  kinds = $state.raw<Page['kinds']>([]);
  progress = $state.raw<Progress>();
  list = $state.raw<Finding[]>([]);
  place = $state(-1);
  kind = $state(''); ///< only findings of this kind
  openOnly = $state(true); ///< go on to what is not answered
  /** Findings in the order in which they were answered here. */
  trail = $state.raw<number[]>([]);
  private next: number | null = null;

  readonly job: string;

  constructor(job: string) {
    this.job = job;
  }

  get shown(): Finding | undefined {
    return this.list[this.place];
  }

  /** The findings of a kind from the beginning. */
  async start(kind: string): Promise<void> {
    const page = await this.page(kind);
    this.kind = kind;
    this.labels = page.labels;
    this.kinds = page.kinds;
    this.progress = page.progress;
    this.list = page.findings;
    this.next = page.next;
    this.place = -1;
    await this.go(1);
  }

  /** Goes to the next or the previous finding. Behind the last one the page of the end is shown, at place -1. */
  async go(step: 1 | -1): Promise<void> {
    if (step < 0) {
      const before = this.place < 0 ? this.list.length : this.place;
      const found = placeAfter(this.list, before, -1, false);
      if (found >= 0) this.place = found;
      return;
    }
    let found = placeAfter(this.list, this.place, 1, this.openOnly);
    while (found < 0 && this.next !== null) {
      const more = await this.page(this.kind, this.next);
      const from = this.list.length - 1;
      this.list = [...this.list, ...more.findings];
      this.next = more.next;
      found = placeAfter(this.list, from, 1, this.openOnly);
    }
    // What was passed over comes again before the end.
    if (found < 0 && this.openOnly) found = placeAfter(this.list, -1, 1, true);
    this.place = found === this.place ? -1 : found;
  }

  /** The finding that was answered last, once more. */
  back(): void {
    const number = this.trail.at(-1);
    const place = this.list.findIndex((one) => one.finding === number);
    this.trail = this.trail.slice(0, -1);
    if (place >= 0) this.place = place;
  }

  async answer(finding: Finding, choice: Choice, label = ''): Promise<void> {
    const said = await data(
      api.PUT('/api/v1/jobs/{id}/findings/{number}/answer', {
        params: { path: { id: this.job, number: finding.finding } },
        body: label ? { choice, label } : { choice },
      }),
    );
    this.progress = said.progress as unknown as Progress;
    const answer = (said.finding as unknown as Finding).answer;
    this.list = this.list.map((one) => (one.finding === finding.finding ? { ...one, answer } : one));
    this.trail = [...this.trail.filter((number) => number !== finding.finding), finding.finding];
  }

  // The contract leaves the fields of what stands in lists to its reader.
  private async page(kind: string, after?: number): Promise<Page> {
    const query = { limit: pageSize, ...(kind && { kind }), ...(after !== undefined && { after }) };
    const params = { path: { id: this.job }, query };
    return (await data(api.GET('/api/v1/jobs/{id}/findings', { params }))) as unknown as Page;
  }
}

export type Which = 'first' | 'second' | 'second_as_it_is';

export function pictureOf(job: string, finding: number, which: Which, large: boolean): string {
  return `/api/v1/jobs/${job}/findings/${finding}/picture?which=${which}&size=${large ? 'large' : 'small'}`;
}
