import { isSpace } from './ascii-words.ts';
import { growing } from './growing.ts';
import type { Tick } from './mesh.ts';
import { type PlyElement, type PlyHeader, plySize, readPlyHeader } from './ply-header.ts';
import { type PlyNumbers, plyNumbers } from './ply-numbers.ts';
import { trianglesOfPolygons } from './polygons.ts';
import type { ReadFault, ReadMesh } from './read-fault.ts';

/** Fewest bytes of a row: of text a letter and a blank a number. */
const rowBytes = ({ properties }: PlyElement, format: PlyHeader['format']): number =>
  properties.reduce((sum, { type, count }) => sum + (format === 'ascii' ? 2 : plySize(count ?? type)), 0);

/** Reads rows of an element; `take` gets the place of the property in its row and one value, or one of a list after its count. */
function readRows(
  element: PlyElement,
  numbers: PlyNumbers,
  tick: (() => void) | undefined,
  take: (property: number, value: number, place: number, length: number) => void,
): ReadFault | null {
  // Rows of nothing take no bytes, so that no count of them means anything.
  if (element.properties.length === 0) return null;
  for (let row = 0; row < element.count; row++) {
    if (row % 65_536 === 0) tick?.();
    for (let n = 0; n < element.properties.length; n++) {
      const { type, count } = element.properties[n];
      if (count === null) take(n, numbers.next(type), 0, 1);
      else {
        const length = numbers.next(count);
        if (!Number.isInteger(length) || length < 0) return numbers.fault() ?? 'bad-number';
        if (length > numbers.left()) return 'truncated';
        if (length === 0) take(n, 0, -1, 0);
        for (let place = 0; place < length; place++) take(n, numbers.next(type), place, length);
      }
    }
    const fault = numbers.fault();
    if (fault) return fault;
  }
  return null;
}

function readVertices(element: PlyElement, format: PlyHeader['format'], numbers: PlyNumbers, tick?: () => void): Float32Array | ReadFault {
  const axes = ['x', 'y', 'z'].map((axis) => element.properties.findIndex((one) => one.name === axis && one.count === null));
  if (axes.includes(-1)) return 'bad-header';
  // The last row of a text needs no blank at its end.
  if (element.count * rowBytes(element, format) > numbers.left() + 1) return 'truncated';
  const positions = new Float32Array(element.count * 3);
  const axisOf = element.properties.map((_, n) => axes.indexOf(n));
  const last = Math.max(...axes);
  let row = 0;
  const fault = readRows(element, numbers, tick, (property, value) => {
    if (axisOf[property] >= 0) positions[row * 3 + axisOf[property]] = value;
    if (property === last) row++;
  });
  return fault ?? positions;
}

function readFaces(element: PlyElement, numbers: PlyNumbers, tick?: () => void): { polygons: Uint32Array; largest: number } | ReadFault {
  const corners = element.properties.findIndex((one) => /^vertex_ind(ices|ex)$/.test(one.name) && one.count !== null);
  if (corners < 0) return 'bad-header';
  const polygons = growing(Uint32Array);
  let largest = -1;
  let wrong: ReadFault | null = null;
  const fault = readRows(element, numbers, tick, (property, value, place, length) => {
    if (property !== corners) return;
    if (length < 3) wrong ??= 'bad-face';
    else if (!Number.isInteger(value) || value < 0 || value > 0xfffffffe) wrong ??= 'bad-index';
    if (place === 0) polygons.push(length);
    if (place >= 0) polygons.push(value);
    largest = Math.max(largest, value);
  });
  return fault ?? wrong ?? { polygons: polygons.values(), largest };
}

function onlyBlanks(bytes: Uint8Array, left: number): boolean {
  for (let at = bytes.length - left; at < bytes.length; at++) if (!isSpace(bytes[at])) return false;
  return true;
}

/**
 * Vertices and faces of a PLY (text, or bytes of either order; lists of any integer type), from hostile bytes: polygons cut into
 * triangles, other elements and properties passed over. No more is allocated than the bytes can fill. Returns a fault of the closed list
 * instead of throwing.
 */
export function readPly(bytes: Uint8Array, tick?: Tick): ReadMesh {
  const header = readPlyHeader(bytes);
  if (typeof header === 'string') return { error: header };
  const numbers = plyNumbers(bytes, header);
  const step = () => tick?.(numbers.part() * 0.9);
  let positions: Float32Array | null = null;
  let faces: { polygons: Uint32Array; largest: number } | null = null;
  for (const element of header.elements) {
    if (element.name === 'vertex' && positions === null) {
      const read = readVertices(element, header.format, numbers, step);
      if (typeof read === 'string') return { error: read };
      positions = read;
    } else if (element.name === 'face' && faces === null) {
      const read = readFaces(element, numbers, step);
      if (typeof read === 'string') return { error: read };
      faces = read;
    } else {
      const fault = readRows(element, numbers, step, () => {});
      if (fault) return { error: fault };
    }
  }
  if (!positions) return { error: 'bad-header' };
  if (!faces || faces.polygons.length === 0) return { error: 'no-faces' };
  if (faces.largest >= positions.length / 3) return { error: 'bad-index' };
  if (!onlyBlanks(bytes, numbers.left())) return { error: 'left-over' };
  return { positions, triangles: trianglesOfPolygons(faces.polygons, positions, (part) => tick?.(0.9 + part * 0.1)) };
}
