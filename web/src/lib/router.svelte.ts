import type { Component } from 'svelte';
import type { Role } from './api.ts';
import { needMessages } from './language.svelte.ts';
import type { Namespace } from './language.svelte.ts';

type Page = Component<{ names: Record<string, string> }>;

export interface Route {
  pattern: string; ///< "/history/{patient}"
  role: Role;
  messages: Namespace[];
  alone?: true; ///< where this device answers, it needs no server
  load: () => Promise<{ default: Component<never> }>; ///< a page that takes `names`, or nothing
}

export interface Shown {
  path: string;
  route: Route;
  names: Record<string, string>; ///< what stands for the pattern's {…}
  page: Page;
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const names: Record<string, string> = {};
  for (const [place, segment] of wanted.entries()) {
    const there = given[place] ?? '';
    if (segment.startsWith('{')) names[segment.slice(1, -1)] = decodeURIComponent(there);
    else if (segment !== there) return undefined;
  }
  return names;
}

/** Which page the address names, by the History API. */
class Router {
  shown = $state.raw<Shown>();
  missing = $state(false);
  failed = $state.raw<unknown>();
  private routes: readonly Route[] = [];

  start(routes: readonly Route[]): void {
    this.routes = routes;
    addEventListener('popstate', () => void this.follow());
    document.addEventListener('click', (event) => this.clicked(event));
    void this.follow();
  }

  go(path: string, how: 'push' | 'replace' = 'push'): void {
    if (how === 'push') history.pushState(null, '', path);
    else history.replaceState(null, '', path);
    void this.follow();
  }

  /** Fields of the address behind "?". */
  query(): URLSearchParams {
    void this.shown;
    return new URLSearchParams(location.search);
  }

  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return;
    if (!this.routes.some((route) => match(route.pattern, link.pathname))) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }

  private async follow(): Promise<void> {
    const path = location.pathname;
    for (const route of this.routes) {
      const names = match(route.pattern, path);
      if (!names) continue;
      try {
        const [page] = await Promise.all([route.load(), needMessages(...route.messages)]);
        if (location.pathname !== path) return; // gone on meanwhile
        this.failed = undefined;
        this.missing = false;
        this.shown = { path: path + location.search, route, names, page: page.default as Page };
      } catch (error) {
        this.failed = error;
      }
      return;
    }
    this.missing = true;
  }
}

export const router = new Router();
