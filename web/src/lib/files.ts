// What can be told of a file before it is sent.

export const largest = 32 * 1024 * 1024; ///< bytes; the server's own limit unless it was started with another

/** What a file chooser offers. Phones turn their own formats into JPEG for it. */
export const accepted =
  '.jpg,.jpeg,.png,.webp,.tif,.tiff,.bmp,.dcm,image/jpeg,image/png,image/webp,image/tiff,image/bmp';

export type Format = 'jpeg' | 'png' | 'webp' | 'tiff' | 'bmp' | 'dicom' | 'heic';

function starts(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
}

/** A picture's format by its first 132 bytes, whatever its name says. */
export function formatOf(bytes: Uint8Array): Format | undefined {
  if (starts(bytes, 0, '\xff\xd8\xff')) return 'jpeg';
  if (starts(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WEBP')) return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((mark) => starts(bytes, 0, mark))) return 'tiff';
  if (starts(bytes, 0, 'BM')) return 'bmp';
  if (starts(bytes, 128, 'DICM')) return 'dicom';
  if (
    starts(bytes, 4, 'ftyp') &&
    ['heic', 'heix', 'mif1', 'msf1', 'heim', 'avif'].some((kind) => starts(bytes, 8, kind))
  )
    return 'heic';
  return undefined;
}

export type Refusal = 'empty' | 'too_large' | 'wrong_type' | 'heic';

/** Why a file is not sent at all; nothing where it may be. */
export function refusalOf(size: number, bytes: Uint8Array): Refusal | undefined {
  if (size === 0) return 'empty';
  if (size > largest) return 'too_large';
  const format = formatOf(bytes);
  if (format === undefined) return 'wrong_type';
  return format === 'heic' ? 'heic' : undefined;
}

// Control characters, and those that turn the direction of what is written after them: "photo‮gpj.exe".
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A file's name as it can be shown without lying. */
export function shownName(name: string): string {
  const letters = [...name.replace(unseen, '\ufffd')];
  return letters.length > 80 ? [...letters.slice(0, 50), '…', ...letters.slice(-25)].join('') : letters.join('');
}
