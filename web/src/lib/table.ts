import type { Prediction } from './api.ts';

type Cell = string | number | boolean | undefined;

// Spreadsheets take a cell that begins so for a formula; after what some of them part cells by, one may begin as well.
const formula = /(?<=^|[,;\t\r\n"])(?=[=+\-@＝＋－＠])|^(?=[\t\r\n])/gu;

function written(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const harmless = cell.replace(formula, "'");
  return /[",;\t\r\n]|^\s|\s$/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** RFC 4180. In texts "'" stands before what a spreadsheet would take for a formula. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(written).join(',')}\r\n`).join('');
}

/** Predictions as a table, one a row; `p_…` are the classes' calibrated probabilities. */
export function predictionsAsCsv(predictions: readonly Prediction[]): string {
  const classes = [...new Set(predictions.flatMap((one) => Object.keys(one.probabilities)))].sort();
  const header = [
    ...['prediction', 'created_at_utc', 'patient_key', 'lesion', 'site', 'age', 'sex', 'predicted'],
    ...classes.map((name) => `p_${name}`),
    ...['malignant_score', 'malignant_threshold', 'decision', 'prediction_set', 'unlike_training', 'quality_findings'],
    ...['model', 'model_version', 'picture_format', 'notice'],
  ];
  const rows = predictions.map((one) => [
    one.id,
    one.created_at,
    one.patient?.patient_key,
    one.patient?.lesion,
    one.patient?.site,
    one.patient?.age,
    one.patient?.sex,
    one.predicted,
    ...classes.map((name) => one.probabilities[name]),
    one.malignant?.score,
    one.malignant?.threshold,
    one.decision.code,
    one.prediction_set?.classes.join(' '),
    one.out_of_distribution?.unlike_training,
    one.quality.findings.map((finding) => String(finding['code'])).join(' '),
    one.model.name,
    one.model.version,
    one.picture_format,
    one.notice,
  ]);
  return csv([header, ...rows]);
}
