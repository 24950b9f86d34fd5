// Pictures that tests make themselves.
import { crc32, deflateSync } from 'node:zlib';

function chunk(kind: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(kind, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(data, crc32(Buffer.from(kind, 'latin1'))));
  return Buffer.concat([head, data, tail]);
}

/** Bytes without any order, the same each time. */
function disorder(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 12345;
  for (let i = 0; i < length; ++i) bytes[i] = (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return bytes;
}

/** A PNG of coloured noise.
    @param comment  in its text */
export function noise(width: number, height: number, comment = ''): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // 8 bits a sample, RGB
  const rows = disorder((width * 3 + 1) * height);
  for (let y = 0; y < height; ++y) rows[y * (width * 3 + 1)] = 0; // unfiltered
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(comment ? [chunk('tEXt', Buffer.from(`Comment\0${comment}`, 'latin1'))] : []),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG with a comment and an EXIF description of that text. */
export function withJpegComment(jpeg: Buffer, text: string): Buffer {
  const segment = (marker: number, data: Buffer): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([head, data]);
  };
  const words = Buffer.from(`${text}\0`, 'latin1');
  const exif = Buffer.alloc(26);
  exif.write('MM\0*', 'latin1');
  exif.writeUInt32BE(8, 4);
  exif.writeUInt16BE(1, 8);
  exif.writeUInt16BE(0x010e, 10); // ImageDescription
  exif.writeUInt16BE(2, 12); // ASCII
  exif.writeUInt32BE(words.length, 14);
  exif.writeUInt32BE(26, 18);
  const described = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif, words]));
  return Buffer.concat([jpeg.subarray(0, 2), described, segment(0xfe, Buffer.from(text, 'latin1')), jpeg.subarray(2)]);
}

/** An uncompressed RGB TIFF: skin with a dark spot. */
export function tiff(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      const spot = Math.hypot(x - width / 2, y - height / 2) < height / 5;
      pixels.set(spot ? [110, 60, 40] : [225, 180, 160], (y * width + x) * 3);
    }
  const bits = 8;
  const directory = bits + pixels.length;
  const fields: [number, number, number, number][] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 3, directory + 2 + 9 * 12 + 4], // bits a sample, behind the directory
    [259, 3, 1, 1], // uncompressed
    [262, 3, 1, 2], // RGB
    [273, 4, 1, bits],
    [277, 3, 1, 3],
    [278, 4, 1, height],
    [279, 4, 1, pixels.length],
  ];
  const tail = Buffer.alloc(2 + fields.length * 12 + 4 + 6);
  tail.writeUInt16LE(fields.length);
  for (const [place, [tag, kind, count, value]] of fields.entries()) {
    const at = 2 + place * 12;
    tail.writeUInt16LE(tag, at);
    tail.writeUInt16LE(kind, at + 2);
    tail.writeUInt32LE(count, at + 4);
    tail.writeUInt32LE(value, at + 8);
  }
  for (let i = 0; i < 3; ++i) tail.writeUInt16LE(8, 2 + fields.length * 12 + 4 + 2 * i);
  const head = Buffer.alloc(8);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(directory, 4);
  return Buffer.concat([head, pixels, tail]);
}
