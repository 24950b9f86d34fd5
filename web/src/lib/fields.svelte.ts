import { checked, nothingWritten } from './fields.ts';
import type { Written } from './fields.ts';
import { session } from './session.svelte.ts';

const kept = 'naevus.fields';

/** What is said of the pictures that are sent next; remembered until this tab is closed or somebody else signs in. */
class Described {
  written = $state<Written>({ ...nothingWritten });
  open = $state(false);
  readonly checked = $derived(checked(this.written));

  /** Takes up what was written before by the same reader. */
  recall(): void {
    const text = sessionStorage.getItem(kept);
    if (!text) return;
    const before = JSON.parse(text) as { who: string; written: Partial<Written> };
    if (before.who === session.who?.actor) Object.assign(this.written, before.written);
    else this.clear();
  }

  keep(): void {
    sessionStorage.setItem(kept, JSON.stringify({ who: session.who?.actor, written: this.written }));
  }

  clear(): void {
    this.written = { ...nothingWritten };
    sessionStorage.removeItem(kept);
  }
}

export const described = new Described();
