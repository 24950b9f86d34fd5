// Lays two pictures on each other and tells what changed, beside the page.
import { changes } from './changes.ts';
import type { Changes } from './changes.ts';
import { channels, lightness } from './grey.ts';
import { registered } from './register.ts';
import type { Alignment, Registered } from './register.ts';

export interface Work {
  number: number; ///< given back with what was found
  first: ImageData;
  second: ImageData;
  by: Alignment | { keepScale: boolean }; ///< laid so by hand, or how it is to be looked for
}

export interface Found {
  number: number;
  registered?: Registered; ///< where it was looked for
  changes: Changes;
}

addEventListener('message', ({ data }: MessageEvent<Work>) => {
  const [first, second] = [channels(data.first), channels(data.second)];
  const looked =
    'keepScale' in data.by ? registered(lightness(first), lightness(second), data.by.keepScale) : undefined;
  const by = looked ?? (data.by as Alignment);
  const found: Found = {
    number: data.number,
    changes: changes(first, second, by),
    ...(looked && { registered: looked }),
  };
  postMessage(found);
});
