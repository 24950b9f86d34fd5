// What messages there are: English is complete, and the other languages are held to it by tests/messages.test.ts.
import type common from '../messages/en/common.json';
import type data from '../messages/en/data.json';
import type device from '../messages/en/device.json';
import type diseases from '../messages/en/diseases.json';
import type history from '../messages/en/history.json';
import type live from '../messages/en/live.json';
import type look from '../messages/en/look.json';
import type models from '../messages/en/models.json';
import type review from '../messages/en/review.json';
import type settings from '../messages/en/settings.json';

interface Messages {
  common: typeof common;
  data: typeof data;
  device: typeof device;
  diseases: typeof diseases;
  history: typeof history;
  live: typeof live;
  look: typeof look;
  models: typeof models;
  review: typeof review;
  settings: typeof settings;
}

export type Namespace = keyof Messages;

type WithoutPlural<Name> = Name extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}`
  ? Stem
  : Name;

/** "common:close"; of messages with plural forms the stem: "common:knows". */
export type Key = {
  [Space in Namespace]: `${Space}:${WithoutPlural<keyof Messages[Space] & string>}`;
}[Namespace];
