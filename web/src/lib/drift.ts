/** Names of the bins between rising edges: "< 0.1", "0.1 – 0.2", …, "≥ 0.9"; unlike each other where six digits tell the edges apart.
    @param write  a number with so many digits behind its point */
export function binsOf(edges: readonly number[], write: (edge: number, digits: number) => string): string[] {
  if (!edges.length) return ['–'];
  let digits = 0;
  let words = edges.map((edge) => write(edge, digits));
  while (digits < 6 && new Set(words).size < words.length) {
    digits++;
    const now = digits;
    words = edges.map((edge) => write(edge, now));
  }
  const between = words.slice(1).map((word, place) => `${words[place] ?? ''}–${word}`);
  return [`< ${words[0] ?? ''}`, ...between, `≥ ${words.at(-1) ?? ''}`];
}
