import type { Quality } from './quality.ts';

export interface Finding {
  code: string;
  words: string;
}

// The limits and words of libs/image's quality.hpp and quality_words.cpp.
const rules: readonly (Finding & { broken: (quality: Quality) => boolean })[] = [
  {
    code: 'blurred',
    words: 'too blurred: hold the camera still and focus on the lesion',
    broken: (q) => q.sharpness < 0.42,
  },
  { code: 'dark', words: 'too dark: use more light', broken: (q) => q.luma_95 < 0.35 },
  {
    code: 'overexposed',
    words: 'too bright: use less light, or turn the flash away',
    broken: (q) => q.luma_5 > 0.82 || q.clipped_bright > 0.1,
  },
  {
    code: 'low_contrast',
    words: 'hardly any contrast: clean the lens and press it to the skin',
    broken: (q) => q.contrast < 0.12 || q.entropy < 4.5,
  },
  {
    code: 'compressed',
    words: "compressed too strongly: send the camera's own file",
    broken: (q) => q.blockiness > 0.6,
  },
  {
    code: 'small_lesion',
    words: 'the lesion is very small in the picture: come closer',
    broken: (q) => q.lesion !== undefined && q.lesion.area < 0.01,
  },
  {
    code: 'cut_off_lesion',
    words: 'the picture cuts the lesion off: move back until all of it is seen',
    broken: (q) => q.lesion !== undefined && q.lesion.border > 0.1,
  },
];

/** What is wrong with a picture, and what its maker can do. */
export function findingsOf(quality: Quality): Finding[] {
  return rules.filter((rule) => rule.broken(quality)).map(({ code, words }) => ({ code, words }));
}
