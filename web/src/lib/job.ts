import type { Schemas } from './api.ts';

export type Job = Schemas['Job'];
export type Kind = Job['kind'];

/** What a training told when an epoch had ended. */
export interface Epoch {
  epoch: number;
  epochs: number;
  train_loss: number;
  validation_loss: number;
  balanced_accuracy: number;
  macro_auc: number;
  best_epoch: number;
  seconds_left: number;
}

export interface Message {
  number: number;
  at: string;
  text: string;
}

/** What is known of a job from its events. */
export interface Story {
  last: number; ///< the last event's number: what comes again is passed over
  epochs: Epoch[];
  total: number; ///< epochs that the training is to have; 0: not told
  messages: Message[];
}

export const mostMessages = 500;

export function emptyStory(): Story {
  return { last: 0, epochs: [], total: 0, messages: [] };
}

/** The story with one more event of the stream. */
export function told(story: Story, number: number, event: Record<string, unknown>): Story {
  if (number <= story.last) return story;
  const next = { ...story, last: number };
  const at = String(event['at'] ?? '');
  if (event['event'] === 'message')
    next.messages = [...story.messages, { number, at, text: String(event['text']) }].slice(-mostMessages);
  if (event['event'] === 'start') next.total = Number(event['epochs'] ?? 0);
  if (event['event'] === 'epoch') {
    const epoch = event as unknown as Epoch;
    next.total = epoch.epochs;
    // A training that was stopped and goes on may do its last epoch again.
    next.epochs = [...story.epochs.filter((before) => before.epoch < epoch.epoch), epoch];
  }
  return next;
}

export function hasEnded(job: Pick<Job, 'state'>): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
}

/** The fields of a job's start as the server takes them: empty ones are left out. */
export function askedFor(kind: Kind, fields: Record<string, string | number | boolean>): Schemas['JobAsked'] {
  const given = Object.entries(fields).filter(([, value]) => value !== '' && value !== false);
  return { kind, ...Object.fromEntries(given) } as Schemas['JobAsked'];
}

/** Why a name is none ("labels", "name"), or nothing. The server says the same. */
export function isNoName(text: string): boolean {
  return /[/\\]/.test(text) || /^[-.]/.test(text);
}

type Advice = 'feedback' | 'manifest' | 'split' | 'memory' | 'disk' | 'file' | 'recipe' | 'any';

const advices: [RegExp, Advice][] = [
  [/of the feedback to learn from|no reader has named a class/, 'feedback'],
  [/has no column|has no header|is not a manifest|:\d+: /i, 'manifest'],
  [/no (validation|train|test)|part 'validation'|split/i, 'split'],
  [/out of memory|bad_alloc|killed/i, 'memory'],
  [/no space|disk/i, 'disk'],
  [/can't be opened|can't be read|no such file|is no longer in the workspace|does not exist/i, 'file'],
  [/config|recipe|\.toml|unknown key/i, 'recipe'],
];

/** What kind of advice fits a job's problem; a message of that name says it. */
export function adviceFor(problem: string): Advice {
  return advices.find(([pattern]) => pattern.test(problem))?.[1] ?? 'any';
}
