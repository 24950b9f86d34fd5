/** What part of a picture is seen through a window of its own shape: scale, and the picture's corner in the window's
    widths and heights. */
export interface View {
  scale: number; ///< 1: the whole picture
  x: number; ///< in [1 - scale, 0], so that nothing is seen beside the picture
  y: number;
}

export const whole: View = { scale: 1, x: 0, y: 0 };
export const closest = 16;

function within(view: View): View {
  const limit = (at: number) => Math.min(0, Math.max(1 - view.scale, at));
  return { scale: view.scale, x: limit(view.x), y: limit(view.y) };
}

/** Nearer or further, with the point of the window that is named (shares of its size) kept in place. */
export function zoomed(view: View, factor: number, x = 0.5, y = 0.5): View {
  const scale = Math.min(closest, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  return within({ scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown });
}

/** Moved by shares of the window. */
export function moved(view: View, x: number, y: number): View {
  return within({ scale: view.scale, x: view.x + x, y: view.y + y });
}

/** What a key does to the view; nothing where it has no meaning here. */
export function byKey(view: View, key: string): View | undefined {
  const step = 0.15;
  switch (key) {
    case '+':
    case '=':
      return zoomed(view, 1.5);
    case '-':
    case '_':
      return zoomed(view, 1 / 1.5);
    case '0':
    case 'Home':
      return whole;
    case 'ArrowLeft':
      return moved(view, step, 0);
    case 'ArrowRight':
      return moved(view, -step, 0);
    case 'ArrowUp':
      return moved(view, 0, step);
    case 'ArrowDown':
      return moved(view, 0, -step);
    default:
      return undefined;
  }
}

/** The part of a picture that the model looks at, in shares of the picture's sides. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** By the card's `frame` and `preparation`. Nothing where it depends on what is in the picture. */
export function lookedAt(
  card: { frame?: string; preparation?: Record<string, string> },
  width: number,
  height: number,
): Part | undefined {
  if (card.preparation?.['vignette'] === 'crop') return undefined;
  if (card.frame === 'whole') return { left: 0, top: 0, width: 1, height: 1 };
  if (card.frame !== 'centre_square') return undefined;
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2) / width,
    top: Math.floor((height - side) / 2) / height,
    width: side / width,
    height: side / height,
  };
}
