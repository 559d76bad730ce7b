import { isLineEnd, isSpace, numberAt, wordAt } from './ascii-words.ts';
import { growing } from './growing.ts';
import type { Tick } from './mesh.ts';
import { trianglesOfPolygons } from './polygons.ts';
import type { ReadFault, ReadMesh } from './read-fault.ts';

const backslash = 0x5c;

/** Words of a text, line by line; a backslash at its end joins a line with the next. */
function lineWords(bytes: Uint8Array) {
  let at = 0;
  let from = 0;
  const joins = () => bytes[at] === backslash && isLineEnd(bytes[at + 1] ?? 0);
  const pass = () => {
    while (at < bytes.length && ((isSpace(bytes[at]) && !isLineEnd(bytes[at])) || joins())) {
      if (bytes[at] !== backslash) at++;
      else at += bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a ? 3 : 2;
    }
    from = at;
    while (at < bytes.length && !isSpace(bytes[at]) && !joins()) at++;
  };
  return {
    ended: () => at >= bytes.length,
    part: () => at / bytes.length,
    /** The next word of the line, '' at its end. */
    word(): string {
      pass();
      return wordAt(bytes, from, at);
    },
    /** The number that is the next word; null: it is none. */
    number(): number | null {
      pass();
      return numberAt(bytes, from, at);
    },
    toNextLine() {
      while (at < bytes.length && !isLineEnd(bytes[at])) at++;
      at++;
    },
  };
}

/** The vertex that `12`, `12/3`, `12/3/4`, `12//4` or a negative number names, from 0; -1: no such word. */
function vertexOf(word: string, vertices: number): number {
  const found = /^(-?\d{1,10})(\/-?\d*){0,2}$/.exec(word);
  if (!found) return -1;
  const number = Number(found[1]);
  return number > 0 ? number - 1 : number < 0 ? vertices + number : -1;
}

/**
 * Vertices and faces of a Wavefront OBJ, from hostile bytes: polygons cut into triangles, negative numbers counted back, all groups and
 * objects together; materials, textures, normals, lines and points are passed over. Memory follows what is there. Returns a fault of the
 * closed list instead of throwing.
 */
export function readObj(bytes: Uint8Array, tick?: Tick): ReadMesh {
  const text = lineWords(bytes);
  const positions = growing(Float32Array);
  const polygons = growing(Uint32Array);
  const corners: number[] = [];
  let largest = -1;
  /** The last line of a file that was cut short is often half a line. */
  const fault = (error: ReadFault) => ({ error: text.ended() ? ('truncated' as const) : error });
  for (let line = 0; !text.ended(); line++, text.toNextLine()) {
    if (line % 65_536 === 0) tick?.(text.part() * 0.9);
    const keyword = text.word();
    if (keyword === 'v') {
      for (let axis = 0; axis < 3; axis++) {
        const value = text.number();
        if (value === null) return fault('bad-number');
        positions.push(value);
      }
    } else if (keyword === 'f') {
      corners.length = 0;
      for (let word = text.word(); word !== ''; word = text.word()) {
        const vertex = vertexOf(word, positions.length / 3);
        if (vertex < 0) return fault('bad-index');
        largest = Math.max(largest, vertex);
        corners.push(vertex);
      }
      if (corners.length < 3) return fault('bad-face');
      polygons.push(corners.length);
      for (const corner of corners) polygons.push(corner);
    }
  }
  if (largest >= positions.length / 3) return { error: 'bad-index' };
  if (polygons.length === 0) return { error: 'no-faces' };
  const places = positions.values().slice();
  return { positions: places, triangles: trianglesOfPolygons(polygons.values(), places, (part) => tick?.(0.9 + part * 0.1)) };
}
