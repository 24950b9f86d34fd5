import { request } from '../lib/api.ts';
import { countsOf } from '../lib/csv.ts';
import { balanceOf } from '../lib/findings.ts';
import type { Balance } from '../lib/findings.ts';

/** Pictures of each class before a cleaning, from the table in its report; nothing where there is none. */
function countsInReport(html: string): Map<string, number> | undefined {
  // The tables alone: the report's styles are not for this page.
  for (const [source] of html.matchAll(/<table>.*?<\/table>/gs)) {
    const table = new DOMParser().parseFromString(source, 'text/html').querySelector('table');
    if (!table) continue;
    const [head, ...rows] = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    if (head?.join() !== 'class,before,after') continue;
    return new Map(rows.map((row) => [row[0] ?? '', Number((row[1] ?? '').replace(/\D/g, ''))]));
  }
  return undefined;
}

/** Pictures of each class before a cleaning, and after all that was decided so far. */
export async function balance(job: string): Promise<Balance[]> {
  const text = async (path: string) => (await request(`/api/v1/jobs/${job}/${path}`)).text();
  const [manifest, report] = await Promise.all([text('clean.csv'), text('report')]);
  return balanceOf(countsInReport(report), countsOf(manifest, 'label'));
}
