/** Works at a few jobs at a time, in the order in which they came. */
export class Queue<Job> {
  private readonly work: (job: Job, signal: AbortSignal) => Promise<void>;
  private readonly most: number;
  private waiting: Job[] = [];
  private readonly running = new Map<Job, AbortController>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heldUntil = 0;

  /** @param work  must not throw */
  constructor(work: (job: Job, signal: AbortSignal) => Promise<void>, most = 2) {
    this.work = work;
    this.most = most;
  }

  add(job: Job, first = false): void {
    if (this.waiting.includes(job)) return;
    if (first) this.waiting.unshift(job);
    else this.waiting.push(job);
    this.next();
  }

  /** A job is neither begun nor gone on with. */
  drop(job: Job): void {
    this.waiting = this.waiting.filter((other) => other !== job);
    this.running.get(job)?.abort();
  }

  /** None is begun for so long: the server has asked for it. */
  hold(milliseconds: number): void {
    this.heldUntil = Math.max(this.heldUntil, performance.now() + milliseconds);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.next();
    }, this.heldUntil - performance.now());
  }

  private next(): void {
    while (this.timer === undefined && this.running.size < this.most) {
      const job = this.waiting.find((one) => !this.running.has(one));
      if (job === undefined) return;
      this.waiting = this.waiting.filter((other) => other !== job);
      const ending = new AbortController();
      this.running.set(job, ending);
      void this.work(job, ending.signal).finally(() => {
        this.running.delete(job);
        this.next();
      });
    }
  }
}
