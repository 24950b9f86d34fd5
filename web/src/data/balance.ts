import { request } from '../lib/api.ts';
import { countsOf } from '../lib/csv.ts';
import { balanceOf } from '../lib/findings.ts';
import type { Balance } from '../lib/findings.ts';

/** Pictures of each class before a cleaning, and after all that was decided so far. */
export async function balance(job: string): Promise<Balance[]> {
  const text = async (path: string) => (await request(`/api/v1/jobs/${job}/${path}`)).text();
  const [before, after] = await Promise.all([text('original.csv'), text('clean.csv')]);
  return balanceOf(countsOf(before, 'label'), countsOf(after, 'label'));
}
