import type { Prediction, Schemas } from './api.ts';

export type Lesion = Schemas['Lesion'];

/** Which predictions are asked for; what is left out does not matter. */
export interface Filter {
  from?: string; ///< a day, "2026-01-31", in the reader's own time
  until?: string; ///< the last day
  predicted?: string;
  decision?: Schemas['Decision'];
  model?: string;
  unfiled?: boolean; ///< without a patient; the server does not know this one
}

const decisions = ['above_threshold', 'below_threshold', 'refused', 'none'] as const;
const isDay = /^\d{4}-\d{2}-\d{2}$/;

/** A filter as it stands in the page's address. */
export function filterOf(query: URLSearchParams): Filter {
  const filter: Filter = {};
  const from = query.get('from') ?? '';
  const until = query.get('until') ?? '';
  if (isDay.test(from)) filter.from = from;
  if (isDay.test(until)) filter.until = until;
  const decision = decisions.find((code) => code === query.get('decision'));
  if (decision) filter.decision = decision;
  const predicted = query.get('predicted');
  if (predicted) filter.predicted = predicted.slice(0, 100);
  const model = query.get('model');
  if (model) filter.model = model.slice(0, 100);
  if (query.get('unfiled') === '1') filter.unfiled = true;
  return filter;
}

export function queryOf(filter: Filter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value === true ? '1' : String(value));
  const text = query.toString();
  return text && `?${text}`;
}

/** The filter in the server's words: moments for days, the end of the last day included. */
export function askedOf({ from, until, unfiled: _, ...rest }: Filter): Omit<Filter, 'unfiled'> {
  const moment = (day: string, more: number) => {
    const [year, month, date] = day.split('-').map(Number) as [number, number, number];
    return new Date(year, month - 1, date + more, 0, 0, 0, -more).toISOString();
  };
  return { ...rest, ...(from && { from: moment(from, 0) }), ...(until && { until: moment(until, 1) }) };
}

/** A patient's predictions by lesion, each oldest first; '' are those under none. */
export function byLesion(predictions: readonly Prediction[]): Map<string, Prediction[]> {
  const groups = new Map<string, Prediction[]>();
  for (const one of [...predictions].sort((a, b) => a.created_at.localeCompare(b.created_at))) {
    const lesion = one.patient?.lesion ?? '';
    groups.set(lesion, [...(groups.get(lesion) ?? []), one]);
  }
  return groups;
}
