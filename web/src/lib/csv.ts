/** The rows of a CSV (RFC 4180): fields in quotes may hold commas, line ends and doubled quotes.
    @throws Error where a quote is never closed, naming its line */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      const begin = at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new Error(`line ${text.slice(0, begin).split('\n').length}: a quote is not closed`);
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    const end = endOfField(text, at);
    row.push(field + text.slice(at, end));
    at = end;
    if (text[at] === ',') {
      at++;
      if (at < text.length && text[at] !== '\n' && text[at] !== '\r') continue;
      row.push(''); // a comma at the end has an empty field behind it
    }
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
  }
  return rows;
}

function endOfField(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === ',' || text[at] === '\n' || text[at] === '\r') return at;
  return text.length;
}

/** How many rows have each value of a column, the values in order; nothing where there is no such column. */
export function countsOf(text: string, column: string): Map<string, number> {
  const [head, ...rows] = rowsOf(text);
  const place = head?.indexOf(column) ?? -1;
  const counts = new Map<string, number>();
  if (place < 0) return counts;
  for (const row of rows) counts.set(row[place] ?? '', (counts.get(row[place] ?? '') ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
