import { mount, unmount } from 'svelte';
import type { Prediction } from '../../lib/api.ts';
import type { Lesion } from '../../lib/history.ts';
import PrintReport from './PrintReport.svelte';

/** Opens the browser's print dialog with a report of these answers, which lies beside the page only meanwhile. */
export function printReport(content: { patient?: string; lesions?: Lesion[]; predictions: Prediction[] }): void {
  const report: Record<string, unknown> = mount(PrintReport, {
    target: document.body,
    props: { ...content, printed: () => void unmount(report) },
  });
}
