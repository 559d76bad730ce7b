import { isLineEnd, isSpace, numberAt, wordAt } from './ascii-words.ts';
import type { Tick } from './mesh.ts';

export interface StlTriangles {
  format: 'binary' | 'ascii';
  /** Nine float32 a triangle, as the file holds them. */
  soup: Float32Array;
}
/**
 * empty: no bytes. truncated: the file ends before what it announces. not-stl: neither form. length-mismatch: bytes left over after the
 * last triangle. bad-facet: a facet without exactly three vertices. bad-number: a coordinate that is no number.
 */
export interface StlError {
  error: 'empty' | 'truncated' | 'not-stl' | 'length-mismatch' | 'bad-facet' | 'bad-number';
}

/** A binary STL announcing more than this is taken for something else: 4 GiB is the largest file anyone reads here. */
const largestBytes = 2 ** 32;

/**
 * Triangles of an STL, binary or text, from hostile bytes. A file whose length is exactly what its count asks for is binary whatever it
 * begins with; else one that begins with `solid` and holds a facet is text. Nothing is allocated beyond what the bytes given can fill.
 * Returns an error of the closed list instead of throwing. Cost: 36 bytes a triangle.
 */
export function readStl(bytes: Uint8Array, tick?: Tick): StlTriangles | StlError {
  if (bytes.length === 0) return { error: 'empty' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= 84 ? view.getUint32(80, true) : 0;
  const asked = 84 + 50 * count;
  if (bytes.length >= 84 && asked === bytes.length) return { format: 'binary', soup: readBinary(view, count, tick) };
  if (beginsWithSolid(bytes)) return readText(bytes, tick);
  if (bytes.length < 84) return { error: 'not-stl' };
  if (asked < bytes.length) return { error: count === 0 ? 'not-stl' : 'length-mismatch' };
  return { error: asked <= largestBytes ? 'truncated' : 'not-stl' };
}

function readBinary(view: DataView, count: number, tick?: Tick): Float32Array {
  const soup = new Float32Array(count * 9);
  for (let triangle = 0; triangle < count; triangle++) {
    if (triangle % 500_000 === 0) tick?.(triangle / count);
    const from = 84 + triangle * 50 + 12;
    for (let n = 0; n < 9; n++) soup[triangle * 9 + n] = view.getFloat32(from + n * 4, true);
  }
  return soup;
}

function beginsWithSolid(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && at < 256 && isSpace(bytes[at])) at++;
  return String.fromCharCode(...bytes.subarray(at, at + 5)).toLowerCase() === 'solid';
}

function readText(bytes: Uint8Array, tick?: Tick): StlTriangles | StlError {
  let at = 0;
  const skipLine = () => {
    while (at < bytes.length && !isLineEnd(bytes[at])) at++;
  };
  /** Goes over the next word; answers where it begins, `at` is its end. */
  const pass = (): number => {
    while (at < bytes.length && isSpace(bytes[at])) at++;
    const from = at;
    while (at < bytes.length && !isSpace(bytes[at])) at++;
    return from;
  };
  const token = (): string => {
    const from = pass();
    return wordAt(bytes, from, at).toLowerCase();
  };
  // `vertex 0 0 0` and its line end are 13 bytes, so the text bounds the count.
  let soup = new Float32Array(9 * 64);
  let numbers = 0;
  let inFacet = -1;
  let ended = false;
  let facets = 0;
  for (let word = token(); word !== ''; word = token()) {
    if (facets % 100_000 === 0) tick?.(at / bytes.length);
    if (word === 'solid') {
      skipLine();
      ended = false;
    } else if (word === 'endsolid') {
      if (inFacet !== -1) return { error: 'bad-facet' };
      skipLine();
      ended = true;
    } else if (word === 'facet') {
      if (inFacet !== -1) return { error: 'bad-facet' };
      inFacet = 0;
      skipLine();
    } else if (word === 'vertex') {
      if (inFacet < 0 || inFacet > 2) return { error: 'bad-facet' };
      inFacet++;
      if (numbers + 3 > soup.length) {
        const wider = new Float32Array(soup.length * 2);
        wider.set(soup);
        soup = wider;
      }
      for (let axis = 0; axis < 3; axis++) {
        const from = pass();
        if (from === at) return { error: 'truncated' };
        const value = numberAt(bytes, from, at);
        if (value === null) return { error: at === bytes.length ? 'truncated' : 'bad-number' };
        soup[numbers++] = value;
      }
    } else if (word === 'endfacet') {
      if (inFacet !== 3) return { error: 'bad-facet' };
      inFacet = -1;
      facets++;
    } else if (word !== 'outer' && word !== 'loop' && word !== 'endloop') {
      // The last word of a file that was cut short is often half a word.
      return { error: at === bytes.length && (facets > 0 || inFacet >= 0) ? 'truncated' : 'not-stl' };
    }
  }
  if (!ended) return { error: 'truncated' };
  return { format: 'ascii', soup: soup.slice(0, numbers) };
}
