/** Short words about what was just done, shown for a while and read out by screen readers. */
interface Word {
  id: number;
  text: string;
  kind: 'done' | 'problem';
  undo?: { label: string; run: () => void };
}

class Said {
  words = $state<Word[]>([]);
  private next = 0;

  say(text: string, more: Partial<Pick<Word, 'kind' | 'undo'>> = {}): void {
    const word: Word = { id: this.next++, text, kind: 'done', ...more };
    this.words.push(word);
    setTimeout(() => this.take(word.id), word.undo || word.kind === 'problem' ? 12_000 : 6_000);
  }

  take(id: number): void {
    this.words = this.words.filter((word) => word.id !== id);
  }
}

export const said = new Said();
