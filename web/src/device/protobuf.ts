// Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding), as far as ONNX files use it.

/** One field of a message: a number, or the bytes of a text, a message or packed numbers. */
export interface Field {
  number: number;
  value: number;
  bytes: Uint8Array;
}

const none = new Uint8Array();

class Reader {
  at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get more(): boolean {
    return this.at < this.bytes.length;
  }

  /** Whole numbers up to 2^53; larger ones lose their last digits. */
  varint(): number {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined || place > 2 ** 63) throw new RangeError('a number is cut off');
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new RangeError('a field is cut off');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** @throws RangeError where the message is cut off or no message */
export function* fields(message: Uint8Array): Generator<Field> {
  const reader = new Reader(message);
  while (reader.more) {
    const key = reader.varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, value: reader.varint(), bytes: none };
        break;
      case 1:
        yield { number, value: 0, bytes: reader.take(8) };
        break;
      case 2:
        yield { number, value: 0, bytes: reader.take(reader.varint()) };
        break;
      case 5:
        yield { number, value: 0, bytes: reader.take(4) };
        break;
      default:
        throw new RangeError('a field of a kind that there is not');
    }
  }
}

/** The numbers of a packed field. */
export function packed(bytes: Uint8Array): number[] {
  const reader = new Reader(bytes);
  const numbers: number[] = [];
  while (reader.more) numbers.push(reader.varint());
  return numbers;
}
