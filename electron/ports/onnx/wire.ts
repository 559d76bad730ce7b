import { Refusal } from '../../../contract/errors.ts';

/** One field of a protobuf message. `bytes` for wire type 2 is a view into the file, never a copy. */
export type Field =
  | { number: number; wire: 0; value: bigint }
  | { number: number; wire: 1 | 5; bytes: Uint8Array }
  | { number: number; wire: 2; bytes: Uint8Array };

export const invalid = (what: string): Refusal =>
  new Refusal('INVALID_MODEL', `This is no ONNX model that can be read: ${what}. Export it again.`);

/** Reads a base-128 number. Throws Refusal where it runs on for more than ten bytes or over the end. */
function readVarint(bytes: Uint8Array, at: number): { value: bigint; next: number } {
  let value = 0n;
  for (let n = 0; n < 10; n++) {
    const byte = bytes[at + n];
    if (byte === undefined) throw invalid('it breaks off in the middle of a number');
    value |= BigInt(byte & 0x7f) << BigInt(7 * n);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: at + n + 1 };
  }
  throw invalid('a number in it is too long');
}

/**
 * The fields of a message, one after the other. Every length is held against what is left before it is used; nothing is copied.
 * @throws Refusal INVALID_MODEL for anything that is no protobuf message
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    at = tag.next;
    const number = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    if (number < 1 || number > 0x1fffffff) throw invalid('a field in it has no valid number');
    if (wire === 0) {
      const { value, next } = readVarint(bytes, at);
      at = next;
      yield { number, wire, value };
      continue;
    }
    let size: number;
    if (wire === 2) {
      const declared = readVarint(bytes, at);
      at = declared.next;
      if (declared.value > BigInt(bytes.length - at)) throw invalid('it breaks off, or a length in it is wrong');
      size = Number(declared.value);
    } else if (wire === 1 || wire === 5) size = wire === 1 ? 8 : 4;
    else throw invalid('a field in it has an unknown kind');
    if (size > bytes.length - at) throw invalid('it breaks off');
    yield { number, wire, bytes: bytes.subarray(at, at + size) };
    at += size;
  }
}

/** A field that must be a message, text or bytes. */
export function bytesOf(field: Field): Uint8Array {
  if (field.wire !== 2) throw invalid(`field ${field.number} has another kind than ONNX gives it`);
  return field.bytes;
}
/** A field that must be a number. */
export function numberOf(field: Field): bigint {
  if (field.wire !== 0) throw invalid(`field ${field.number} has another kind than ONNX gives it`);
  return BigInt.asIntN(64, field.value);
}

const decoder = new TextDecoder('utf-8', { fatal: true });
/** A field that must be text. Throws Refusal where it is no UTF-8 or longer than any name. */
export function textOf(field: Field, limit = 4096): string {
  const bytes = bytesOf(field);
  if (bytes.length > limit) throw invalid(`a name in it has ${bytes.length} bytes`);
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid('a name in it is no text');
  }
}

/** Numbers of a repeated field, packed or one by one: calls back for each. */
export function eachNumber(field: Field, use: (value: bigint) => void): void {
  if (field.wire === 0) {
    use(numberOf(field));
    return;
  }
  const bytes = bytesOf(field);
  for (let at = 0; at < bytes.length; ) {
    const { value, next } = readVarint(bytes, at);
    at = next;
    use(BigInt.asIntN(64, value));
  }
}

/** How many numbers a repeated field holds, without reading them. `width` in bytes; 0 for numbers of varying length. */
export function countNumbers(field: Field, width: 0 | 4 | 8): number {
  if (width === 0) {
    if (field.wire === 0) return 1;
    const bytes = bytesOf(field);
    let count = 0;
    for (const byte of bytes) if (byte < 0x80) count++;
    return count;
  }
  if (field.wire === (width === 4 ? 5 : 1)) return 1;
  const { length } = bytesOf(field);
  if (length % width) throw invalid('the numbers of a tensor do not fill their bytes');
  return length / width;
}
