// What can't be seen, or turns the reading direction of what stands beside it.
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A text of somebody's as it can be told from others: what can't be seen stands as its number, "⟨U+202E⟩". Its line ends stay. */
export function visible(text: string): string {
  return text.replace(unseen, (sign) => {
    if (sign === '\n') return sign;
    return `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}
