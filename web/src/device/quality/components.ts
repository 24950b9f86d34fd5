import type { Grey } from './planes.ts';

/** Set pixels side by side in one row, [begin, end). */
export interface Run {
  row: number;
  begin: number;
  end: number;
  component: number;
}

export interface Component {
  left: number;
  top: number;
  right: number;
  bottom: number;
  area: number;
  x: number; ///< sum over the pixels
  y: number;
}

export interface Components {
  runs: Run[];
  parts: Component[];
}

/** Labels that turned out to be one; the parent of each is never after it. */
class Forest {
  private readonly parent: number[] = [];

  add(): number {
    return this.parent.push(this.parent.length) - 1;
  }

  private root(i: number): number {
    while (this.parent[i] !== i) i = this.parent[i] = this.parent[this.parent[i] as number] as number;
    return i;
  }

  join(a: number, b: number): number {
    a = this.root(a);
    b = this.root(b);
    return (this.parent[Math.max(a, b)] = Math.min(a, b));
  }

  /** Numbers for the labels, from 0 without gaps, the same for those that are one. */
  numbers(): number[] {
    const numbers: number[] = [];
    let count = 0;
    for (const [i, parent] of this.parent.entries()) numbers[i] = parent === i ? count++ : (numbers[parent] as number);
    return numbers;
  }
}

function runsOf(mask: Grey, forest: Forest): Run[] {
  const runs: Run[] = [];
  let above = 0; ///< the first run of the row above that may touch
  for (let row = 0; row < mask.height; ++row) {
    const aboveEnd = runs.length;
    const line = mask.pixels.subarray(row * mask.width, (row + 1) * mask.width);
    for (let begin = 0, end = 0; begin < mask.width; begin = end) {
      if (line[begin] === 0) {
        end = begin + 1;
        continue;
      }
      end = begin;
      while (end < mask.width && line[end] !== 0) ++end;
      while (above < aboveEnd && (runs[above] as Run).end < begin) ++above; // diagonals touch
      let label = -1;
      for (let i = above; i < aboveEnd && (runs[i] as Run).begin <= end; ++i) {
        const other = (runs[i] as Run).component;
        label = label < 0 ? other : forest.join(label, other);
      }
      runs.push({ row, begin, end, component: label < 0 ? forest.add() : label });
    }
    above = aboveEnd;
  }
  return runs;
}

/** The parts of a mask that hang together, by sides or corners (libs/image's components.cpp). */
export function componentsOf(mask: Grey): Components {
  const forest = new Forest();
  const runs = runsOf(mask, forest);
  const numbers = forest.numbers();
  const parts: Component[] = [];
  for (const run of runs) {
    run.component = numbers[run.component] as number;
    const { row, begin, end } = run;
    const part = (parts[run.component] ??= { left: begin, top: row, right: end - 1, bottom: row, area: 0, x: 0, y: 0 });
    part.left = Math.min(part.left, begin);
    part.right = Math.max(part.right, end - 1);
    part.bottom = row;
    part.area += end - begin;
    part.x += ((end - begin) * (begin + end - 1)) / 2;
    part.y += (end - begin) * row;
  }
  return { runs, parts };
}

export function paint(mask: Grey, run: Run): void {
  mask.pixels.fill(255, run.row * mask.width + run.begin, run.row * mask.width + run.end);
}
