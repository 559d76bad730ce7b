import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Triple } from '../../../kernels/volume/geometry.ts';

/** Hand-made DICOM files for tests: every byte written here, none by the code that reads them. */

type Value = string | Uint8Array | number;
export type ElementSpec = [tag: number, vr: string, value: Value];

const longForm = ['OB', 'OW', 'UN', 'UT', 'SQ'];

function bytesOf(vr: string, value: Value): Uint8Array {
  if (typeof value === 'number') {
    const out = new Uint8Array(vr === 'UL' ? 4 : 2);
    if (vr === 'UL') new DataView(out.buffer).setUint32(0, value, true);
    else new DataView(out.buffer).setUint16(0, value, true);
    return out;
  }
  const raw = typeof value === 'string' ? Uint8Array.from(value, (letter) => letter.charCodeAt(0)) : value;
  if (raw.length % 2 === 0) return raw;
  return Uint8Array.from([...raw, vr === 'UI' || vr === 'OB' ? 0 : 32]);
}

/** One element in explicit VR little endian. */
export function element([tag, vr, value]: ElementSpec): Uint8Array {
  const body = bytesOf(vr, value);
  const long = longForm.includes(vr);
  const out = new Uint8Array((long ? 12 : 8) + body.length);
  const view = new DataView(out.buffer);
  view.setUint16(0, Math.floor(tag / 65536), true);
  view.setUint16(2, tag % 65536, true);
  out[4] = vr.charCodeAt(0);
  out[5] = vr.charCodeAt(1);
  if (long) view.setUint32(8, body.length, true);
  else view.setUint16(6, body.length, true);
  out.set(body, long ? 12 : 8);
  return out;
}

export function joined(parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The value of a sequence: items of defined length. */
export function sequence(contents: ElementSpec[][]): Uint8Array {
  return joined(
    contents.map((elements) => {
      const body = joined([...elements].sort((a, b) => a[0] - b[0]).map(element));
      const head = new Uint8Array(8);
      const view = new DataView(head.buffer);
      view.setUint16(0, 0xfffe, true);
      view.setUint16(2, 0xe000, true);
      view.setUint32(4, body.length, true);
      return joined([head, body]);
    }),
  );
}

/** A whole file: preamble, meta group, data set in tag order. */
export function dicomFile(elements: ElementSpec[], transferSyntax = '1.2.840.10008.1.2.1'): Uint8Array {
  const meta = joined([element([0x00020010, 'UI', transferSyntax])]);
  const head = new Uint8Array(132);
  head.set([0x44, 0x49, 0x43, 0x4d], 128);
  const sorted = [...elements].sort((a, b) => a[0] - b[0]);
  return joined([head, element([0x00020000, 'UL', meta.length]), meta, ...sorted.map(element)]);
}

/** Where a slice lies and what it holds. `value` is in real units at a patient point; stored = (value - intercept) / slope. */
export interface SliceSpec {
  position: Triple;
  row: Triple;
  column: Triple;
  /** Between rows, between columns. */
  pixelSpacing: [number, number];
  rows: number;
  columns: number;
  value: (lps: Triple) => number;
  slope?: number;
  intercept?: number;
  signed?: boolean;
  instance?: number;
  series?: string;
  /** Added to the others, or put in their place. */
  extra?: ElementSpec[];
  /** Left out. */
  without?: number[];
}

const decimal = (value: number) => String(Number(value.toPrecision(14)));

export function pixelBytes(spec: SliceSpec): Uint8Array {
  const { rows, columns, position, row, column, pixelSpacing } = spec;
  const words = new Int16Array(rows * columns);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const lps = [0, 1, 2].map(
        (n) => (position[n] as number) + i * pixelSpacing[1] * (row[n] as number) + j * pixelSpacing[0] * (column[n] as number),
      ) as Triple;
      words[j * columns + i] = Math.round((spec.value(lps) - (spec.intercept ?? 0)) / (spec.slope ?? 1));
    }
  return new Uint8Array(words.buffer);
}

export function sliceElements(spec: SliceSpec): ElementSpec[] {
  const instance = spec.instance ?? 1;
  const base: ElementSpec[] = [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x00080018, 'UI', `2.25.1.${instance}`],
    [0x00080060, 'CS', 'CT'],
    [0x0008103e, 'LO', 'Test series'],
    [0x00100010, 'PN', 'Test^Phantom'],
    [0x00100020, 'LO', 'T1'],
    [0x0020000d, 'UI', '2.25.2'],
    [0x0020000e, 'UI', spec.series ?? '2.25.3'],
    [0x00200013, 'IS', String(instance)],
    [0x00200032, 'DS', spec.position.map(decimal).join('\\')],
    [0x00200037, 'DS', [...spec.row, ...spec.column].map(decimal).join('\\')],
    [0x00200052, 'UI', '2.25.4'],
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', spec.rows],
    [0x00280011, 'US', spec.columns],
    [0x00280030, 'DS', spec.pixelSpacing.map(decimal).join('\\')],
    [0x00280100, 'US', 16],
    [0x00280101, 'US', 16],
    [0x00280102, 'US', 15],
    [0x00280103, 'US', spec.signed === false ? 0 : 1],
    [0x00281052, 'DS', decimal(spec.intercept ?? 0)],
    [0x00281053, 'DS', decimal(spec.slope ?? 1)],
    [0x7fe00010, 'OW', pixelBytes(spec)],
  ];
  const extra = spec.extra ?? [];
  return [...base.filter(([tag]) => !spec.without?.includes(tag) && !extra.some(([other]) => other === tag)), ...extra];
}

export const sliceFile = (spec: SliceSpec): Uint8Array => dicomFile(sliceElements(spec));

/** Writes files under plain names in the given order; returns the folder. */
export function writeFolder(folder: string, files: Uint8Array[]): string {
  mkdirSync(folder, { recursive: true });
  files.forEach((bytes, n) => {
    writeFileSync(join(folder, `im${String(n).padStart(4, '0')}`), bytes);
  });
  return folder;
}

/** A field that has another value at every mirror, shift and turn of a point, and that linear interpolation keeps exactly. */
export const linearField = ([x, y, z]: Triple): number => 3 * x - 5 * y + 7 * z + 11;

/** Right-angled axes by three turns. */
export function turnedAxes(a: number, b: number, c: number): { row: Triple; column: Triple; normal: Triple } {
  const turn = ([x, y, z]: Triple): Triple => {
    const y1 = y * Math.cos(a) - z * Math.sin(a);
    const z1 = y * Math.sin(a) + z * Math.cos(a);
    const x2 = x * Math.cos(b) + z1 * Math.sin(b);
    const z2 = -x * Math.sin(b) + z1 * Math.cos(b);
    return [x2 * Math.cos(c) - y1 * Math.sin(c), x2 * Math.sin(c) + y1 * Math.cos(c), z2];
  };
  return { row: turn([1, 0, 0]), column: turn([0, 1, 0]), normal: turn([0, 0, 1]) };
}
