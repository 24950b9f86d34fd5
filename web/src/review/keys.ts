/** The key that stands for the class at a place: 1 to 9, then letters that mean nothing else here. */
export function keyOf(place: number): string {
  return '123456789bdfgijklmopqrtvwxy'[place] ?? '';
}
