export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

const kept = 'naevus.theme';

class Chosen {
  theme = $state<Theme>('system');

  choose(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(kept, theme);
    show(theme);
  }
}

export const chosen = new Chosen();

function show(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

export function startTheme(): void {
  const before = localStorage.getItem(kept);
  chosen.theme = themes.find((theme) => theme === before) ?? 'system';
  show(chosen.theme);
}
