import { api, data, Problem, setCsrfToken, whenRefused } from './api.ts';
import type { Role, Schemas } from './api.ts';

const ranks: Record<Role, number> = { viewer: 0, clinician: 1, reviewer: 2, admin: 3 };

/** Who uses the page. */
class Session {
  /** unknown: not asked yet; out: somebody must sign in; in: requests are answered; away: the server can't be reached */
  state = $state<'unknown' | 'out' | 'in' | 'away'>('unknown');
  who = $state.raw<Schemas['Session']>();
  /** The session was there and has ended: what is on the page stays while its reader signs in again. */
  expired = $state(false);

  can(role: Role): boolean {
    return this.who !== undefined && ranks[this.who.role] >= ranks[role];
  }

  enter(who: Schemas['Session']): void {
    this.who = who;
    setCsrfToken(who.csrf_token ?? '');
    this.state = 'in';
    this.expired = false;
  }

  async look(): Promise<void> {
    try {
      this.enter(await data(api.GET('/api/v1/sessions/current')));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.state = error.status === 401 ? 'out' : 'away';
    }
  }

  async signOut(): Promise<void> {
    await api.DELETE('/api/v1/sessions/current');
    setCsrfToken('');
    this.who = undefined;
    this.state = 'out';
  }
}

export const session = new Session();

whenRefused((problem) => {
  if (problem.status === 401 && session.state === 'in') session.expired = true;
});
