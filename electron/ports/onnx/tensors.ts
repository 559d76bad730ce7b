import { bytesOf, countNumbers, eachNumber, type Field, fieldsOf, invalid, numberOf, textOf } from './wire.ts';

/** Where a tensor's numbers lie when they do not lie in the model file. */
export interface ExternalPart {
  tensor: string;
  location: string;
  offset: number;
  /** What its shape asks for. */
  bytes: number;
}

/** ONNX element types: name and bits of one element (0: text, no fixed size). */
export const elementTypes: Record<number, { name: string; bits: number }> = {
  1: { name: 'float32', bits: 32 },
  2: { name: 'uint8', bits: 8 },
  3: { name: 'int8', bits: 8 },
  4: { name: 'uint16', bits: 16 },
  5: { name: 'int16', bits: 16 },
  6: { name: 'int32', bits: 32 },
  7: { name: 'int64', bits: 64 },
  8: { name: 'string', bits: 0 },
  9: { name: 'bool', bits: 8 },
  10: { name: 'float16', bits: 16 },
  11: { name: 'float64', bits: 64 },
  12: { name: 'uint32', bits: 32 },
  13: { name: 'uint64', bits: 64 },
  14: { name: 'complex64', bits: 64 },
  15: { name: 'complex128', bits: 128 },
  16: { name: 'bfloat16', bits: 16 },
  17: { name: 'float8e4m3fn', bits: 8 },
  18: { name: 'float8e4m3fnuz', bits: 8 },
  19: { name: 'float8e5m2', bits: 8 },
  20: { name: 'float8e5m2fnuz', bits: 8 },
  21: { name: 'uint4', bits: 4 },
  22: { name: 'int4', bits: 4 },
  23: { name: 'float4e2m1', bits: 4 },
  24: { name: 'float8e8m0', bits: 8 },
  25: { name: 'uint2', bits: 2 },
  26: { name: 'int2', bits: 2 },
};

/** Axes of a tensor; more than any network has. */
const mostAxes = 32;

/** The fields of a TensorProto that hold its numbers, as elements of its type: floats, int32, text, int64, raw bytes, doubles, uint64. */
interface Held {
  floats: number;
  int32: number;
  texts: number;
  int64: number;
  doubles: number;
  uint64: number;
  rawBytes: number | null;
}

function elementsHeld(held: Held, type: number, bits: number): number {
  if (held.rawBytes !== null) return bits ? Math.floor((held.rawBytes * 8) / bits) : -1;
  if (type === 1) return held.floats;
  if (type === 14) return held.floats / 2;
  if (type === 7) return held.int64;
  if (type === 8) return held.texts;
  if (type === 11) return held.doubles;
  if (type === 15) return held.doubles / 2;
  if (type === 12 || type === 13) return held.uint64;
  return bits < 8 ? held.int32 * (8 / bits) : held.int32;
}

/**
 * Holds a TensorProto's shape against the numbers that it brings, before anybody makes room for it.
 * @returns where its numbers lie when they are in another file, else null
 * @throws Refusal INVALID_MODEL where shape and numbers do not fit each other
 */
export function checkTensor(message: Uint8Array): { name: string; external: ExternalPart | null } {
  const dimensions: bigint[] = [];
  const held: Held = { floats: 0, int32: 0, texts: 0, int64: 0, doubles: 0, uint64: 0, rawBytes: null };
  const external = new Map<string, string>();
  let type = 0;
  let name = '';
  let isExternal = false;
  for (const field of fieldsOf(message)) {
    switch (field.number) {
      case 1:
        eachNumber(field, (value) => {
          if (dimensions.push(value) > mostAxes) throw invalid('a tensor has too many axes');
        });
        break;
      case 2:
        type = Number(numberOf(field));
        break;
      case 4:
        held.floats += countNumbers(field, 4);
        break;
      case 5:
        held.int32 += countNumbers(field, 0);
        break;
      case 6:
        bytesOf(field);
        held.texts++;
        break;
      case 7:
        held.int64 += countNumbers(field, 0);
        break;
      case 8:
        name = textOf(field);
        break;
      case 9:
        held.rawBytes = bytesOf(field).length;
        break;
      case 10:
        held.doubles += countNumbers(field, 8);
        break;
      case 11:
        held.uint64 += countNumbers(field, 0);
        break;
      case 13:
        readEntry(field, external);
        break;
      case 14:
        isExternal = numberOf(field) === 1n;
        break;
    }
  }
  const element = elementTypes[type];
  if (!element) throw invalid(`the tensor ${name} has no known element type`);
  let elements = 1n;
  for (const size of dimensions) {
    if (size < 0n) throw invalid(`the tensor ${name} has a negative size`);
    elements *= size;
  }
  if (isExternal) {
    if (!element.bits) throw invalid(`the tensor ${name} keeps text in another file`);
    return { name, external: externalPart(name, external, (elements * BigInt(element.bits) + 7n) / 8n) };
  }
  // Elements of less than a byte fill up the last one.
  const got = BigInt(Math.max(0, Math.floor(elementsHeld(held, type, element.bits))));
  const slack = element.bits && element.bits < 8 ? BigInt(8 / element.bits - 1) : 0n;
  if (got < elements || got > elements + slack) throw invalid(`the tensor ${name} declares ${elements} numbers and brings ${got}`);
  return { name, external: null };
}

function readEntry(field: Field, into: Map<string, string>): void {
  let key = '';
  let value = '';
  for (const part of fieldsOf(bytesOf(field))) {
    if (part.number === 1) key = textOf(part);
    else if (part.number === 2) value = textOf(part);
  }
  if (into.size > 16) throw invalid('a tensor has too many entries for its file');
  if (into.has(key)) throw invalid('a tensor names its file twice');
  into.set(key, value);
}

function externalPart(tensor: string, entries: Map<string, string>, wanted: bigint): ExternalPart {
  const whole = (key: string): bigint | null => {
    const text = entries.get(key);
    if (text === undefined) return null;
    if (!/^\d{1,18}$/.test(text)) throw invalid(`the ${key} of the tensor ${tensor} is no number`);
    return BigInt(text);
  };
  const location = entries.get('location');
  if (!location) throw invalid(`the tensor ${tensor} lies in another file and does not say which`);
  const declared = whole('length');
  if (declared !== null && declared !== wanted) throw invalid(`the tensor ${tensor} asks for ${wanted} bytes and names ${declared}`);
  const end = (whole('offset') ?? 0n) + wanted;
  if (end > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid(`the tensor ${tensor} declares ${wanted} bytes`);
  return { tensor, location, offset: Number(whole('offset') ?? 0n), bytes: Number(wanted) };
}
