import type { Schemas } from './api.ts';

export type Named = Pick<Schemas['ModelEntry'], 'id' | 'name' | 'version'>;

/** A change of what answers or looks on. */
export type Change = Schemas['ModelChange'];

/** A page of them, newest first. */
export interface Changes {
  changes: Change[];
  next: string | null;
}

/** The model that a rollback would bring back, as far as these changes tell: each rollback has undone the last
    promotion before it that was not undone.
    @param list  newest first */
export function wouldComeBack(list: readonly Change[]): Named | undefined {
  let undone = 0;
  let standing = 0; // promotions that were not undone
  for (const change of list) {
    if (change.kind === 'rolled_back') undone++;
    if (change.kind !== 'promoted') continue;
    if (undone > 0) undone--;
    else if (++standing === 2) return change.model;
  }
  return undefined;
}
