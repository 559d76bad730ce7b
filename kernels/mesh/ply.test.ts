import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiBytes, joinedPieces, tetrahedron } from './mesh-text.fixture.ts';
import { readPly } from './ply-read.ts';
import { plyPieces } from './ply-write.ts';

const text = (head: string, body: string) => asciiBytes(`ply\nformat ascii 1.0\n${head}end_header\n${body}`);
const places = 'element vertex 4\nproperty float x\nproperty float y\nproperty float z\n';
const square = '0 0 0\n1 0 0\n1 1 0\n0 1 0\n';

describe('writing PLY', () => {
  test('[P-export] header, 12 bytes a vertex, 13 a triangle; read back to the bit', () => {
    const bytes = joinedPieces(plyPieces(tetrahedron, ['two\nlines, Schädel']));
    const head = String.fromCharCode(...bytes.subarray(0, bytes.length - 4 * 12 - 4 * 13));
    expect(head).toBe(
      'ply\nformat binary_little_endian 1.0\ncomment two?lines, Sch?del\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nelement face 4\nproperty list uchar int vertex_indices\nend_header\n',
    );
    expect(readPly(bytes)).toEqual({ positions: Float32Array.from(tetrahedron.positions), triangles: tetrahedron.triangles });
  });

  test('[P-export] a value and a colour a vertex lie beside its place and disturb no reader', () => {
    const values = Float32Array.of(0.5, 1.5, NaN, -2);
    const colours = Uint8Array.from({ length: 12 }, (_, n) => n * 20);
    const bytes = joinedPieces(plyPieces(tetrahedron, [], { scalar: { name: 'thickness_mm', values }, colours }));
    const body = new DataView(bytes.buffer, bytes.length - 4 * 19 - 4 * 13);
    for (let v = 0; v < 4; v++) {
      expect(body.getFloat32(v * 19 + 12, true)).toBe(values[v]);
      expect([0, 1, 2].map((n) => body.getUint8(v * 19 + 16 + n))).toEqual([...colours.subarray(v * 3, v * 3 + 3)]);
    }
    expect(readPly(bytes)).toMatchObject({ triangles: tetrahedron.triangles });
    expect(() => [...plyPieces(tetrahedron, [], { colours: colours.subarray(1) })]).toThrow(RangeError);
    expect(() => [...plyPieces(tetrahedron, [], { scalar: { name: 'two words', values } })]).toThrow(RangeError);
  });
});

describe('reading PLY', () => {
  test('[P-print] text, other elements, other properties and lists passed over, polygons cut', () => {
    const head = `comment x\nelement camera 1\nproperty list uchar int view\nproperty char c\n${places}property uchar red\nelement face 1\nproperty float q\nproperty list int uint vertex_index\nelement edge 1\nproperty int a\n`;
    const body = `2 7 7 -1\n${square.replace(/\n/g, ' 9\n')}0.5 4 0 1 2 3\n5`;
    expect(readPly(text(head, body))).toEqual({
      positions: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
      triangles: Uint32Array.of(0, 1, 2, 0, 2, 3),
    });
  });

  test('[P-print] both byte orders and every type, axes in any order, lines ending in returns', () => {
    for (const little of [true, false]) {
      const head = `ply\rformat binary_${little ? 'little' : 'big'}_endian 1.0\relement face 1\rproperty list ushort short vertex_indices\relement vertex 3\rproperty double z\rproperty int16 x\rproperty uint8 y\rend_header\r`;
      const bytes = new Uint8Array(head.length + 8 + 3 * 11);
      bytes.set(asciiBytes(head));
      const view = new DataView(bytes.buffer, head.length);
      [3, 0, 1, 2].forEach((value, n) => {
        view.setUint16(n * 2, value, little);
      });
      for (let v = 0; v < 3; v++) {
        view.setFloat64(8 + v * 11, 0.5 + v, little);
        view.setInt16(8 + v * 11 + 8, -300 * v, little);
        view.setUint8(8 + v * 11 + 10, 200 + v);
      }
      expect(readPly(bytes)).toEqual({
        positions: Float32Array.of(0, 200, 0.5, -300, 201, 1.5, -600, 202, 2.5),
        triangles: Uint32Array.of(0, 1, 2),
      });
    }
  });

  test('[P-print] what is wrong has a name', () => {
    const faces = 'element face 1\nproperty list uchar int vertex_indices\n';
    const error = (head: string, body: string) => (readPly(text(head, body)) as { error?: string }).error;
    expect(error(places + faces, `${square}3 0 1 4`)).toBe('bad-index');
    expect(error(places + faces, `${square}3 0 1 -1`)).toBe('bad-index');
    expect(error(places + faces, `${square}3 0 1 1.5`)).toBe('bad-index');
    expect(error(places + faces, `${square}2 0 1`)).toBe('bad-face');
    expect(error(places + faces, `${square}0`)).toBe('bad-face');
    expect(error(places + faces, `${square}3 0 1`)).toBe('truncated');
    expect(error(places + faces, `${square}3 0 1 2 x`)).toBe('left-over');
    expect(error(places + faces, `${square.replace('1', 'one')}3 0 1 2`)).toBe('bad-number');
    expect(error(places, square)).toBe('no-faces');
    expect(error(places.replace('float z', 'float w') + faces, `${square}3 0 1 2`)).toBe('bad-header');
    expect(error(places.replace('4', '4000000000') + faces, square)).toBe('truncated');
    expect(error(`${places}element nothing 4000000000\n${faces}`, `${square}3 0 1 2`)).toBeUndefined();
    expect(readPly(asciiBytes('ply\nformat ascii 1.0\n'))).toEqual({ error: 'truncated' });
    expect(readPly(asciiBytes('plyx\n'))).toEqual({ error: 'bad-header' });
    expect(readPly(asciiBytes('ply\nformat middle_endian 1.0\nend_header\n'))).toEqual({ error: 'bad-header' });
    expect(readPly(asciiBytes('ply\nend_header\n'))).toEqual({ error: 'bad-header' });
  });

  test('[P-print] a cut or changed file is read or named, whatever it says', () => {
    const whole = joinedPieces(plyPieces(tetrahedron, ['x']));
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (end, at, byte) => {
        const cut = whole.slice(0, end);
        if (end < whole.length) expect(readPly(cut)).toHaveProperty('error');
        const changed = whole.slice();
        changed[at] = byte;
        const read = readPly(changed);
        if (!('error' in read)) expect(Math.max(...read.triangles)).toBeLessThan(read.positions.length / 3);
      }),
      { numRuns: 500 },
    );
  });
});
