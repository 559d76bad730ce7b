import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { closed, closedness, obliqueGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { readStl } from './stl.ts';
import { writeStl, writeStlByParts } from './stl-write.ts';
import { surfaceOfBytes } from './surface-oracle.ts';
import { weld } from './weld.ts';

const tetrahedron: Mesh = {
  positions: Float64Array.of(0.1, -20.5, 1e3, 1, 0, 0, 0, 1, 0, 0, 0, 1),
  triangles: Uint32Array.of(0, 2, 1, 0, 1, 3, 1, 2, 3, 0, 3, 2),
};
const text = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));
const letters = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const facet = (a: string, b: string, c: string) =>
  `facet normal 0 0 1\n outer loop\n  vertex ${a}\n  vertex ${b}\n  vertex ${c}\n endloop\nendfacet\n`;
const plain = `solid some name\n${facet('0 0 0', '1 0 0', '0 1 0')}endsolid some name\n`;

function soupOf(bytes: Uint8Array): number[] {
  const read = readStl(bytes);
  if ('error' in read) throw new RangeError(read.error);
  return [...read.soup];
}

describe('writing STL', () => {
  test('[P-export] 84 bytes and 50 a triangle, little-endian, normals by the right-hand rule, what was written is read', () => {
    const bytes = writeStl(tetrahedron, 'made by a test');
    const view = new DataView(bytes.buffer);
    expect(bytes.length).toBe(84 + 4 * 50);
    expect(letters(bytes.subarray(0, 80))).toBe('made by a test'.padEnd(80));
    expect(view.getUint32(80, true)).toBe(4);
    const normal = [0, 4, 8].map((at) => view.getFloat32(84 + 2 * 50 + at, true));
    for (const component of normal) expect(component).toBeCloseTo(1 / Math.sqrt(3), 6);
    const expected = [...tetrahedron.triangles].flatMap((v) => [0, 1, 2].map((axis) => Math.fround(tetrahedron.positions[v * 3 + axis])));
    expect(readStl(bytes)).toEqual({ format: 'binary', soup: Float32Array.from(expected) });
  });

  test('[P-export] a header that readers would take for text is refused; other letters are replaced; long ones are cut', () => {
    expect(() => writeStl(tetrahedron, 'solid gold')).toThrow(RangeError);
    expect(() => writeStl(tetrahedron, ' Solid')).toThrow(RangeError);
    const bytes = writeStl(tetrahedron, `Schädel\n${'x'.repeat(200)}`);
    expect(letters(bytes.subarray(0, 80))).toBe(`Sch?del?${'x'.repeat(72)}`);
    expect(bytes.length).toBe(284);
  });

  test('[P-export] an empty mesh is a file of no triangles', () => {
    expect(readStl(writeStl(emptyMesh(), 'nothing'))).toEqual({ format: 'binary', soup: new Float32Array(0) });
  });

  test('[P-export] random surfaces are closed after the round trip', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 27, maxLength: 27, max: 1 }), (mask) => {
        fc.pre(mask.includes(1));
        const grid = obliqueGrid([3, 3, 3]);
        const surface = surfaceOfBytes(mask, grid.dimensions, grid);
        const welded = weld(Float32Array.from(soupOf(writeStl(surface, 'x'))));
        expect(closedness(welded)).toMatchObject(closed);
        expect(welded.positions.length).toBe(surface.positions.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('reading STL', () => {
  test('[P-print] a binary file that begins with solid is binary, by its length', () => {
    const bytes = writeStl(tetrahedron, 'x');
    bytes.set(text('solid facet normal vertex'));
    expect(readStl(bytes)).toMatchObject({ format: 'binary' });
  });

  test('[P-print] text: any case, any blanks, signs, exponents, several solids', () => {
    expect(soupOf(text(plain))).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0]);
    const loud = `\r\n SOLID\r\n${facet('+1E-1 -2.5e+2 .5', '1. 0 0', '0 1 0').toUpperCase().replaceAll('\n', '\r\n\t')}ENDSOLID\r\n${plain}`;
    expect(soupOf(text(loud))).toEqual([Math.fround(0.1), -250, 0.5, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
    expect(soupOf(text('solid nothing\nendsolid nothing\n'))).toEqual([]);
    expect(soupOf(text(`solid\n${facet('nan 0 0', 'inf 0 0', '-Infinity 1 0')}endsolid`)).slice(0, 7)).toEqual([
      NaN,
      0,
      0,
      Infinity,
      0,
      0,
      -Infinity,
    ]);
  });

  test('[P-print] hostile text: each fault has its name', () => {
    expect(readStl(text(plain.slice(0, -30)))).toEqual({ error: 'truncated' });
    expect(readStl(text('solid x\nfacet normal 0 0 1\nouter loop\nvertex 0 0'))).toEqual({ error: 'truncated' });
    expect(readStl(text(plain.replace('1 0 0', '1 zero 0')))).toEqual({ error: 'bad-number' });
    expect(readStl(text(plain.replace('1 0 0', '1 0x10 0')))).toEqual({ error: 'bad-number' });
    expect(readStl(text(plain.replace('  vertex 0 1 0\n', '')))).toEqual({ error: 'bad-facet' });
    expect(readStl(text(plain.replace('endloop', 'vertex 1 1 1\nendloop')))).toEqual({ error: 'bad-facet' });
    expect(readStl(text(plain.replace('endfacet', '')))).toEqual({ error: 'bad-facet' });
    expect(readStl(text(plain.replace('outer', 'inner')))).toEqual({ error: 'not-stl' });
    expect(readStl(text(`solid${'9'.repeat(1_000_000)}`))).toEqual({ error: 'not-stl' });
    expect(readStl(text(plain.replace('1 0 0', `${'9'.repeat(1_000_000)} 0 0`)))).toMatchObject({ format: 'ascii' });
  });

  test('[P-print] hostile bytes: each fault has its name, and nothing is allocated for a count that the file cannot hold', () => {
    const bytes = writeStl(tetrahedron, 'x');
    const counting = (count: number) => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint32(80, count, true);
      return copy;
    };
    expect(readStl(new Uint8Array(0))).toEqual({ error: 'empty' });
    expect(readStl(bytes.subarray(0, 40))).toEqual({ error: 'not-stl' });
    expect(readStl(bytes.subarray(0, bytes.length - 1))).toEqual({ error: 'truncated' });
    expect(readStl(counting(5))).toEqual({ error: 'truncated' });
    expect(readStl(counting(3))).toEqual({ error: 'length-mismatch' });
    expect(readStl(counting(0))).toEqual({ error: 'not-stl' });
    expect(readStl(counting(0xffffffff))).toEqual({ error: 'not-stl' });
  });

  test('[P-print] any bytes give an answer, never an exception', () => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .array(fc.constantFrom('solid', 'facet', 'vertex', 'endfacet', 'endsolid', 'outer', 'loop', '1', '-2e5', 'x', '\n'), {
          maxLength: 60,
        })
        .map((words) => text(`solid ${words.join(' ')}`)),
    );
    fc.assert(
      fc.property(any, (bytes) => {
        const read = readStl(bytes);
        if ('error' in read) expect(read.error).toMatch(/^(empty|truncated|not-stl|length-mismatch|bad-facet|bad-number)$/);
        else expect(read.soup.length % 9).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('[P-print] a view into larger memory is read from its own start', () => {
    const bytes = writeStl(tetrahedron, 'x');
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 7);
    expect(readStl(larger.subarray(7))).toEqual(readStl(bytes));
  });
});

describe('writing by parts', () => {
  test('[P-export] threads write the same bytes, for even and odd counts and for none', async () => {
    const { positions, triangles } = meshOfSoup();
    for (const count of [0, 1, 2, 3, 33, triangles.length / 3]) {
      const mesh = { positions, triangles: triangles.slice(0, count * 3) };
      expect(await writeStlByParts(mesh, 'x', inTurn)).toEqual(writeStl(mesh, 'x'));
      expect(writeStl(mesh, 'x').length).toBe(84 + 50 * count);
    }
  });

  test('[P-export] every number stands where the format has it, read by the format alone', () => {
    const { positions, triangles } = meshOfSoup();
    const bytes = writeStl({ positions, triangles }, 'x');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let t = 0; t < triangles.length / 3; t++) {
      const corners = [0, 1, 2].map((n) => [0, 1, 2].map((axis) => positions[(triangles[t * 3 + n] as number) * 3 + axis] as number));
      corners.flat().forEach((value, n) => {
        expect(view.getFloat32(84 + 50 * t + 12 + 4 * n, true)).toBe(Math.fround(value));
      });
      const normal = [0, 1, 2].map((n) => view.getFloat32(84 + 50 * t + 4 * n, true));
      const [p, q, r] = corners as [number[], number[], number[]];
      const along = (to: number[]) => to.reduce((sum, v, axis) => sum + (v - (p[axis] as number)) * (normal[axis] as number), 0);
      expect(Math.hypot(...normal)).toBeCloseTo(1, 5);
      expect(Math.abs(along(q)) + Math.abs(along(r))).toBeLessThan(1e-4);
      expect(view.getUint16(84 + 50 * t + 48, true)).toBe(0);
    }
  });
});

/** Thirty-five triangles at random places, with doubles that are no floats. */
function meshOfSoup() {
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const positions = Float64Array.from({ length: 60 }, () => random() * 200 - 100);
  const corner = () => Math.floor(random() * 20);
  const triangles = new Uint32Array(
    Array.from({ length: 35 }, () => {
      const a = corner();
      return [a, ((a + 1 + corner() / 3) % 20) | 0, (a + 9) % 20].map((v) => v >>> 0);
    }).flat(),
  );
  return { positions, triangles };
}
