import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mesh } from './mesh.ts';
import { asciiBytes, joinedPieces, tetrahedron } from './mesh-text.fixture.ts';
import { readObj } from './obj-read.ts';
import { objPieces } from './obj-write.ts';
import { trianglesOfPolygons } from './polygons.ts';

const read = (text: string) => readObj(asciiBytes(text));
const corner = 'v 0 0 0\nv 1 0 0\nv 0 1 0\n';

/** Area of a flat mesh in the plane z = 0, counter-clockwise above zero. */
const areaOf = ({ positions: p, triangles: t }: Mesh, sign = false) => {
  let sum = 0;
  for (let n = 0; n < t.length; n += 3) {
    const [a, b, c] = [t[n] * 3, t[n + 1] * 3, t[n + 2] * 3];
    const twice = (p[b] - p[a]) * (p[c + 1] - p[a + 1]) - (p[b + 1] - p[a + 1]) * (p[c] - p[a]);
    sum += sign ? twice / 2 : Math.abs(twice) / 2;
  }
  return sum;
};

describe('OBJ', () => {
  test('[P-export] remarks, vertices, triangles from 1; read back to the bit', () => {
    const bytes = joinedPieces(objPieces(tetrahedron, 'left orbit', ['one\ntwo']));
    expect(String.fromCharCode(...bytes)).toBe(
      '# one?two\no left_orbit\nv 0.1 -20.5 1000\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 4 2\nf 2 4 3\nf 1 3 4\n',
    );
    expect(readObj(bytes)).toEqual({ positions: Float32Array.from(tetrahedron.positions), triangles: tetrahedron.triangles });
  });

  test('[P-print] polygons, negative numbers, textures, joined lines, groups, what is not a surface', () => {
    const text = `mtllib a.mtl\ng left\n${corner}v 1 1 0 0.5 0.5 0.5\nvt 0 0\nvn 0 0 1\nusemtl bone\nf 1/1/1 2/1 \\\r\n 4//1 3\r\nl 1 2\np 1\nf -4 -3 -2 # end`;
    expect(read(text.replace(' # end', ''))).toEqual({
      positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0),
      triangles: Uint32Array.of(0, 1, 3, 0, 3, 2, 0, 1, 2),
    });
    expect(read(`f 1 2 3\n${corner}`)).toMatchObject({ triangles: Uint32Array.of(0, 1, 2) });
  });

  test('[P-print] what is wrong has a name', () => {
    expect(read(`${corner}f 1 2 4\n`)).toEqual({ error: 'bad-index' });
    expect(read(`${corner}f 1 2 0\n`)).toEqual({ error: 'bad-index' });
    expect(read(`${corner}f 1 2 -4\n`)).toEqual({ error: 'bad-index' });
    expect(read(`${corner}f 1 2\n`)).toEqual({ error: 'bad-face' });
    expect(read(`${corner}f 1 2`)).toEqual({ error: 'truncated' });
    expect(read(`${corner}v 1 x 2\nf 1 2 3\n`)).toEqual({ error: 'bad-number' });
    expect(read(corner)).toEqual({ error: 'no-faces' });
    expect(read('')).toEqual({ error: 'no-faces' });
  });

  test('[P-print] a cut or changed file is read or named', () => {
    const whole = joinedPieces(objPieces(tetrahedron, 'x', []));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, end) => {
        const changed = whole.slice();
        changed[at] = byte;
        for (const bytes of [changed, whole.slice(0, end)]) {
          const mesh = readObj(bytes);
          if (!('error' in mesh)) expect(Math.max(...mesh.triangles)).toBeLessThan(mesh.positions.length / 3);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('polygons', () => {
  test('[P-print] a star is cut into triangles of its own turn that cover it once, whichever way it lies', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 }), fc.boolean(), (radii, over) => {
        const n = radii.length;
        const angle = (k: number) => (2 * Math.PI * (over ? n - k : k)) / n;
        const positions = Float32Array.from(radii.flatMap((r, k) => [r * Math.cos(angle(k)), r * Math.sin(angle(k)), 0]));
        const triangles = trianglesOfPolygons(Uint32Array.from([n, ...radii.keys()]), positions);
        expect(triangles).toHaveLength((n - 2) * 3);
        // Shoelace.
        let twice = 0;
        for (let a = 0, b = n - 1; a < n; b = a++)
          twice += positions[b * 3] * positions[a * 3 + 1] - positions[a * 3] * positions[b * 3 + 1];
        const mesh = { positions, triangles };
        expect(areaOf(mesh, true)).toBeCloseTo(twice / 2, 5);
        expect(areaOf(mesh)).toBeCloseTo(Math.abs(twice) / 2, 5);
      }),
    );
  });

  test('flat, repeated and huge polygons come to fans', () => {
    expect(trianglesOfPolygons(Uint32Array.of(4, 0, 0, 0, 0), new Float32Array(3))).toEqual(new Uint32Array(6));
    const many = 100;
    const zigzag = Float32Array.from({ length: many * 3 }, (_, n) => (n % 3 === 0 ? n : n % 3 === 1 ? (n % 2) * 5 : 0));
    expect(trianglesOfPolygons(Uint32Array.from([many, ...Array(many).keys()]), zigzag)).toHaveLength((many - 2) * 3);
    expect(trianglesOfPolygons(new Uint32Array(0), new Float32Array(0))).toHaveLength(0);
  });
});
