import type { Answer } from '../lib/answer.ts';
import { Fault } from './fault.ts';
import type { TakesRows } from './resize.ts';

type Format = Answer['picture_format'];

/** The server's limit (libs/image's decode.hpp). */
const mostPixels = 100_000_000;
const rowsAtOnce = 256;

function has(head: Uint8Array, magic: string, at = 0): boolean {
  return [...magic].every((letter, i) => head[at + i] === letter.charCodeAt(0));
}

function isAnimated(file: Uint8Array, format: Format): boolean {
  if (format === 'webp') return has(file, 'VP8X', 12) && ((file[20] ?? 0) & 2) !== 0;
  if (format !== 'png') return false;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let at = 8; at + 8 <= file.length; at += 12 + view.getUint32(at)) {
    if (has(file, 'acTL', at + 4)) return true;
    if (has(file, 'IDAT', at + 4)) return false;
  }
  return false;
}

/** Whether what a file of the kind ends with is there: browsers make up what is missing, and answers must not rest on that. */
function isWhole(file: Uint8Array, format: Format): boolean {
  const end = (bytes: number[], from: number) => {
    for (let at = file.length - bytes.length; at >= Math.max(0, from); --at)
      if (bytes.every((byte, i) => file[at + i] === byte)) return true;
    return false;
  };
  if (format === 'jpeg') return end([0xff, 0xd9], 2);
  if (format === 'png') return end([0x49, 0x45, 0x4e, 0x44], 8);
  return true; // the header says how long it is, and browsers hold it to that
}

/**
 * What a file is, by its first bytes.
 * @throws Fault where this device can't read it
 */
export function formatOf(file: Uint8Array): Format {
  if (file.length === 0) throw new Fault('empty');
  let format: Format | undefined;
  if (has(file, '\xff\xd8\xff')) format = 'jpeg';
  else if (has(file, '\x89PNG\r\n\x1a\n')) format = 'png';
  else if (has(file, 'RIFF') && has(file, 'WEBP', 8)) format = 'webp';
  else if (has(file, 'BM')) format = 'bmp';
  else if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => has(file, magic)))
    throw new Fault('server_only', { kind: 'TIFF' });
  else if (has(file, 'DICM', 128)) throw new Fault('server_only', { kind: 'DICOM' });
  else throw new Fault('not_a_picture');
  if (isAnimated(file, format)) throw new Fault('animated');
  if (!isWhole(file, format)) throw new Fault('damaged');
  return format;
}

/**
 * Decodes a picture as libs/image does: orientation applied, colour profiles ignored, transparency over white.
 * @param takersOf  those who take its rows, by its width and height
 * @throws Fault where it can't be read
 */
export async function read<Takers extends readonly TakesRows[]>(
  picture: Blob,
  takersOf: (width: number, height: number) => Takers,
): Promise<{ format: Format; takers: Takers }> {
  const file = new Uint8Array(await picture.arrayBuffer());
  const format = formatOf(file);
  const bitmap = await createImageBitmap(new Blob([file]), {
    colorSpaceConversion: 'none',
    imageOrientation: 'from-image',
    premultiplyAlpha: 'none',
  }).catch(() => {
    throw new Fault('damaged');
  });
  try {
    const { width, height } = bitmap;
    if (width * height > mostPixels) throw new Fault('too_large');
    const takers = takersOf(width, height);
    // A canvas of some rows: the picture is in memory once, however large.
    const canvas = new OffscreenCanvas(width, Math.min(height, rowsAtOnce));
    const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb', willReadFrequently: true });
    if (!context) throw new Fault('too_large');
    context.imageSmoothingEnabled = false;
    for (let top = 0; top < height; top += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, height - top);
      context.fillStyle = '#fff';
      context.fillRect(0, 0, width, rows);
      context.drawImage(bitmap, 0, top, width, rows, 0, 0, width, rows);
      const { data } = context.getImageData(0, 0, width, rows);
      for (let y = 0; y < rows; ++y) for (const taker of takers) taker.row(top + y, data, 4 * width * y);
    }
    return { format, takers };
  } finally {
    bitmap.close();
  }
}
