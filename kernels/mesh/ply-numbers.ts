import { isSpace, numberAt } from './ascii-words.ts';
import { type PlyHeader, type PlyType, plySize } from './ply-header.ts';
import type { ReadFault } from './read-fault.ts';

/** The numbers of a PLY's body one after the other, whatever its format. */
export interface PlyNumbers {
  /** 0 from the first fault on. */
  next(type: PlyType): number;
  fault(): ReadFault | null;
  /** Bytes not read yet. */
  left(): number;
  part(): number;
}

function wordNumbers(bytes: Uint8Array, bodyAt: number): PlyNumbers {
  let at = bodyAt;
  let fault: ReadFault | null = null;
  return {
    next() {
      if (fault) return 0;
      while (at < bytes.length && isSpace(bytes[at])) at++;
      const from = at;
      while (at < bytes.length && !isSpace(bytes[at])) at++;
      const value = numberAt(bytes, from, at);
      if (value !== null) return value;
      fault = at === bytes.length ? 'truncated' : 'bad-number';
      return 0;
    },
    fault: () => fault,
    left: () => bytes.length - at,
    part: () => at / bytes.length,
  };
}

function byteNumbers(bytes: Uint8Array, bodyAt: number, little: boolean): PlyNumbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = bodyAt;
  let fault: ReadFault | null = null;
  const read = (type: PlyType, from: number): number => {
    switch (type) {
      case 'int8':
        return view.getInt8(from);
      case 'uint8':
        return view.getUint8(from);
      case 'int16':
        return view.getInt16(from, little);
      case 'uint16':
        return view.getUint16(from, little);
      case 'int32':
        return view.getInt32(from, little);
      case 'uint32':
        return view.getUint32(from, little);
      case 'float32':
        return view.getFloat32(from, little);
      case 'float64':
        return view.getFloat64(from, little);
    }
  };
  return {
    next(type) {
      const from = at;
      if (fault || from + plySize(type) > bytes.length) {
        fault ??= 'truncated';
        return 0;
      }
      at += plySize(type);
      return read(type, from);
    },
    fault: () => fault,
    left: () => bytes.length - at,
    part: () => at / bytes.length,
  };
}

/** The body of a PLY from hostile bytes: nothing beyond them is read. */
export function plyNumbers(bytes: Uint8Array, { format, bodyAt }: PlyHeader): PlyNumbers {
  return format === 'ascii' ? wordNumbers(bytes, bodyAt) : byteNumbers(bytes, bodyAt, format === 'little');
}
