import { halfOf, isSite } from '../../lib/body.ts';
import type { Site } from '../../lib/body.ts';
import type { Lesion } from '../../lib/history.ts';
import { t } from '../../lib/language.svelte.ts';
import { visible } from '../../lib/visible.ts';

type WithoutSpace<Name extends string> = Name extends `${infer Before} ${infer After}` ? `${Before}_${After}` : Name;

/** A site in the reader's words where it is one that we know, else as it was written. */
export function siteName(site: string): string {
  if (!site) return t('history:site_unknown');
  return isSite(site) ? t(`history:site_${site.replace(' ', '_') as WithoutSpace<Site>}`) : visible(site);
}

/** Which side a lesion's point lies on, "front, person's left"; nothing where it has none. */
export function placeOf(point: Lesion['point']): string {
  if (!point) return '';
  const half = halfOf(point);
  const view = t(`history:view_${point.view}`);
  if (half === 'middle' || half === point.view) return view;
  return `${view}${t('common:comma')}${t(`history:half_${half}`)}`;
}

/** What a lesion is called in lists: its site and side. */
export function nameOf(lesion: Lesion): string {
  const place = placeOf(lesion.point);
  return place ? `${siteName(lesion.site)} (${place})` : siteName(lesion.site);
}
