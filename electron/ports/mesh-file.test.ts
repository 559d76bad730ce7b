import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MeshAbout, meshExtensions, meshKindOf, meshKinds } from '../../contract/mesh.ts';
import { packMask } from '../../kernels/labels/bits.ts';
import type { Mesh } from '../../kernels/mesh/mesh.ts';
import { tetrahedron, volumeOf } from '../../kernels/mesh/mesh-text.fixture.ts';
import { extractSurface } from '../../kernels/mesh/surface.ts';
import { inTurn } from '../../kernels/parts.ts';
import type { Nine, Triple } from '../../kernels/volume/geometry.ts';
import { lengthOf, type Point, phantom, pointOf } from './asymmetric.fixture.ts';
import { readMeshContent, readMeshFile } from './mesh-file-read.ts';
import { writeMeshFile } from './mesh-file-write.ts';
import { zip } from './zip.fixture.ts';

let root = '';
let before: string | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-mesh-file-'));
  before = process.env.LAMINA_TEMP;
  process.env.LAMINA_TEMP = root;
});
afterEach(() => {
  if (before === undefined) delete process.env.LAMINA_TEMP;
  else process.env.LAMINA_TEMP = before;
  rmSync(root, { recursive: true, force: true });
});
const quiet = () => {};
const about: MeshAbout = {
  title: 'Schädel <links> & "rechts"',
  header: 'Lamina, mm, LPS',
  facts: [
    { name: 'Title', text: "It's <bone>" },
    { name: 'Frame', text: 'LPS' },
  ],
  solid: true,
};
const write = (kind: (typeof meshKinds)[number], mesh: Mesh, name = `m${meshExtensions[kind]}`) =>
  writeMeshFile(join(root, name), kind, mesh, about, quiet);

async function read(bytes: Uint8Array | string, name = 'x.bin') {
  writeFileSync(join(root, name), bytes);
  return readMeshFile(join(root, name), quiet);
}
async function codeOf(bytes: Uint8Array | string): Promise<string> {
  const found = await read(bytes);
  return 'reason' in found ? found.reason.code : 'read';
}

/** The block of voxels of the phantom that the other writers' tests look for, and where its middle is. */
async function markerMesh(): Promise<{ mesh: Mesh; middle: Point; volumeMm3: number }> {
  const { sides, steps, origin } = phantom;
  const values = new Uint8Array(sides[0] * sides[1] * sides[2]);
  for (const i of [8, 9, 10, 11]) for (const j of [1, 2]) for (const k of [4, 5]) values[i + sides[0] * (j + sides[1] * k)] = 1;
  const spacingMm = steps.map(lengthOf) as Triple;
  const directionLps = steps.flatMap((step, n) => step.map((mm) => mm / (spacingMm[n] as number))) as Nine;
  const geometry = { dimensions: sides as Triple, spacingMm, originLps: origin as Triple, directionLps };
  const mesh = await extractSurface(packMask(values, sides as Triple), geometry, inTurn);
  return { mesh, middle: pointOf(phantom, 9.5, 1.5, 4.5), volumeMm3: volumeOf(mesh) };
}

function centreOf({ positions }: Mesh): Point {
  const sum: Point = [0, 0, 0];
  positions.forEach((value, n) => {
    sum[n % 3] = (sum[n % 3] as number) + value / (positions.length / 3);
  });
  return sum;
}

describe('writing model files', () => {
  test('[P-export] the asymmetric marker lies where it is in LPS in every kind, of the right size, not inside out', async () => {
    const { mesh, middle, volumeMm3 } = await markerMesh();
    expect(volumeMm3).toBeGreaterThan(0);
    for (const kind of meshKinds) {
      const file = await write(kind, mesh);
      const back = await readMeshFile(file.path, quiet);
      if (!('mesh' in back)) throw new RangeError(back.reason.message);
      expect(back.format).toBe(kind);
      expect(volumeOf(back.mesh)).toBeCloseTo(volumeMm3, 2);
      expect(back.mesh.triangles).toHaveLength(mesh.triangles.length);
      const centre = centreOf(back.mesh);
      expect(lengthOf([0, 1, 2].map((n) => (centre[n] as number) - (middle[n] as number)) as Point)).toBeLessThan(0.01);
      expect(readFileSync(file.path)).toHaveLength(file.bytes);
    }
  });

  test('[P-export] any float32 coordinate comes back to the bit from every kind, the same bytes each time', async () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(fc.array(float, { minLength: 12, maxLength: 12 }), async (numbers) => {
        const mesh = { positions: Float32Array.from(numbers), triangles: tetrahedron.triangles };
        for (const kind of meshKinds) {
          const one = await write(kind, mesh);
          expect((await write(kind, mesh, 'again')).sha256).toBe(one.sha256);
          const content = await readMeshContent(one.path, quiet);
          if ('reason' in content) throw new RangeError(content.reason.message);
          const corners = [...mesh.triangles].flatMap((v) => numbers.slice(v * 3, v * 3 + 3));
          if ('soup' in content) expect([...content.soup]).toEqual(corners);
          else expect([...content.mesh.positions]).toEqual(numbers);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('[P-export] a kind is chosen by the extension alone, and an unknown one is none', () => {
    expect(['a.stl', 'A.STL', 'b.ply', 'c.obj', 'd.3mf', 'e.stp', 'stl', 'x.stl.gz'].map(meshKindOf)).toEqual([
      'stl',
      'stl',
      'ply',
      'obj',
      '3mf',
      null,
      null,
      null,
    ]);
  });

  test('[P-export] what cannot be written leaves nothing: no triangles, no numbers, no folder, a cancel, a 3MF with a flat triangle', async () => {
    const wrong = { ...tetrahedron, positions: Float64Array.from(tetrahedron.positions).fill(NaN, 4, 5) };
    const flat = { ...tetrahedron, triangles: Uint32Array.of(0, 1, 1) };
    for (const kind of meshKinds) {
      await expect(write(kind, { positions: new Float32Array(0), triangles: new Uint32Array(0) })).rejects.toMatchObject({
        code: 'EMPTY_SEGMENT',
      });
      await expect(write(kind, wrong)).rejects.toMatchObject({ code: 'MESH_INVALID_VERTEX' });
      await expect(write(kind, tetrahedron, 'no/such/folder')).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
      const stopped = writeMeshFile(join(root, 'stopped'), kind, tetrahedron, about, (part) => {
        if (part >= 0.6) throw new Error('stopped');
      });
      await expect(stopped).rejects.toThrow('stopped');
    }
    await expect(write('3mf', flat)).rejects.toMatchObject({ code: 'MESH_NON_MANIFOLD' });
    expect(readdirSync(root)).toEqual([]);
  });
});

const rels = (target: string) =>
  `<Relationships xmlns="r"><Relationship Id="a" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel" Target="${target}"/></Relationships>`;
const core = 'http://schemas.microsoft.com/3dmanufacturing/core/2015/02';
const box = (id: number, more = '') =>
  `<object id="${id}"><mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="1" y="0" z="0"/><vertex x="0" y="1" z="0"/><vertex x="0" y="0" z="1"/></vertices><triangles><triangle v1="0" v2="2" v3="1"/><triangle v1="0" v2="1" v3="3"/><triangle v1="1" v2="2" v3="3"/><triangle v1="0" v2="3" v3="2"/>${more}</triangles></mesh></object>`;
const model = (inside: string, attributes = '') => `<?xml version="1.0"?><model xmlns="${core}" ${attributes}>${inside}</model>`;
const threeMf = (xml: string | Uint8Array, target = '/3D/3dmodel.model') =>
  zip([
    { name: '_rels/.rels', body: Buffer.from(rels(target)) },
    { name: '3D/3dmodel.model', body: Buffer.from(xml) },
  ]);
const resources = (inside: string, items: string) => `<resources>${inside}</resources><build>${items}</build>`;

describe('reading 3MF', () => {
  test('[P-print] units, transforms, components and mirrored ones come to one mesh in mm, right way out', async () => {
    const part =
      '<component objectid="1" transform="1 0 0 0 1 0 0 0 1 5 0 0"/><component objectid="1" transform="-1 0 0 0 1 0 0 0 1 0 7 0"/>';
    const xml = model(
      resources(
        `${box(1)}<object id="2"><components>${part}</components></object>`,
        '<item objectid="2" transform="2 0 0 0 2 0 0 0 2 0 0 1"/>',
      ),
      'unit="centimeter"',
    );
    const back = await read(threeMf(xml));
    if (!('mesh' in back)) throw new RangeError(back.reason.message);
    expect(volumeOf(back.mesh)).toBeCloseTo(((2 * 1) / 6) * 20 ** 3, 0);
    const xs = back.mesh.positions.filter((_, n) => n % 3 === 0);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([-20, 120]);
    expect(Math.min(...back.mesh.positions.filter((_, n) => n % 3 === 2))).toBe(10);
  });

  test('[P-print] prefixed names are read, elements of other name spaces are not', async () => {
    const xml = `<m:model xmlns:m="${core}" xmlns:o="other">${resources(box(1, '<o:triangle v1="9" v2="9" v3="9"/>'), '<item objectid="1"/>').replace(/<(\/?)(?=[a-z]+[ >/])/g, '<$1m:')}</m:model>`;
    expect(await read(threeMf(xml))).toMatchObject({ format: '3mf', mesh: { triangles: { length: 12 } } });
  });

  test('[P-print] what is wrong has a code: entities, bombs, loops, extensions, missing parts, bad numbers', async () => {
    const good = resources(box(1), '<item objectid="1"/>');
    expect(await codeOf(threeMf(model(good)))).toBe('read');
    const entities = `<?xml version="1.0"?><!DOCTYPE model [<!ENTITY a "aaaa">]><model xmlns="${core}">&a;</model>`;
    const loop = '<object id="1"><components><component objectid="1"/></components></object>';
    const nested = Array.from(
      { length: 12 },
      (_, n) => `<object id="${n + 2}"><components>${`<component objectid="${n + 1}"/>`.repeat(10)}</components></object>`,
    );
    const cases: [string, Uint8Array][] = [
      ['CORRUPT_FILE', threeMf(entities)],
      ['UNSUPPORTED_CONTAINER', threeMf(model(resources(loop, '<item objectid="1"/>')))],
      ['UNSUPPORTED_CONTAINER', threeMf(model(resources(box(1) + nested.join(''), '<item objectid="13"/>')))],
      ['UNSUPPORTED_CONTAINER', threeMf(model(good, 'requiredextensions="p"'))],
      ['CORRUPT_FILE', threeMf(model(good, 'unit="parsec"'))],
      ['CORRUPT_FILE', threeMf(model(good).replace(core, 'other'))],
      ['CORRUPT_FILE', threeMf(model(good), '/3D/other.model')],
      ['CORRUPT_FILE', threeMf(model(good.replace('x="1"', 'x="one"')))],
      ['CORRUPT_FILE', threeMf(model(good.replace('v2="2"', 'v2="4"')))],
      ['CORRUPT_FILE', threeMf(model(good.replace('v2="2"', '')))],
      ['CORRUPT_FILE', threeMf(model(good.replace('objectid="1"', 'objectid="7"')))],
      ['CORRUPT_FILE', threeMf(model(good.replace('objectid="1"', 'objectid="1" transform="1 2 3"')))],
      ['CORRUPT_FILE', threeMf(model(resources(box(1), '')))],
      ['CORRUPT_FILE', threeMf(model(good).slice(0, -9))],
      ['CORRUPT_FILE', threeMf(Buffer.from([0x3c, 0xff, 0xfe]))],
      ['CORRUPT_FILE', zip([{ name: 'a.txt', body: Buffer.from('x') }])],
      ['PATH_ESCAPE', zip([{ name: '../a', body: Buffer.from('x') }])],
      ['TOO_LARGE', threeMf(Buffer.alloc(65 * 2 ** 20, 0x20))],
      ['CORRUPT_FILE', threeMf(Buffer.concat([Buffer.from('<model a="'), Buffer.alloc(5 * 2 ** 20, 0x20)]))],
    ];
    for (const [code, bytes] of cases) expect([code, await codeOf(bytes)]).toEqual([code, code]);
    expect(readdirSync(root)).toEqual(['x.bin']);
  });
});

describe('mesh files by their content', () => {
  test('[P-print] the name does not matter; what is no mesh and what is not there has a code', async () => {
    for (const kind of meshKinds) {
      const bytes = readFileSync((await write(kind, tetrahedron)).path);
      expect(await read(bytes, 'named.stl')).toMatchObject({ format: kind, mesh: { triangles: { length: 12 } } });
    }
    expect(await codeOf('')).toBe('TRUNCATED_FILE');
    expect(await codeOf('ply\nformat')).toBe('TRUNCATED_FILE');
    expect(await codeOf('hello, world')).toBe('CORRUPT_FILE');
    expect(await codeOf('# points\nv 1 2 3\n')).toBe('CORRUPT_FILE');
    expect(await codeOf('PK\x03\x04')).toBe('CORRUPT_FILE');
    await expect(readMeshFile(join(root, 'none'), quiet)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(readMeshFile(root, quiet)).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
  });

  test('[P-print] corners of any kind that are equal are one vertex, and unused ones go', async () => {
    const loose = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 0\nv 1 0 0\nv 0 0 1\nv 9 9 9\nf 1 2 3\nf 5 4 6\n';
    const back = await read(loose);
    expect(back).toMatchObject({ format: 'obj', mesh: { triangles: Uint32Array.of(0, 1, 2, 1, 0, 3), positions: { length: 12 } } });
  });

  test('[P-print] a file of any kind that is cut or changed is read or has a code', async () => {
    const files = await Promise.all(meshKinds.map(async (kind) => readFileSync((await write(kind, tetrahedron, `f-${kind}`)).path)));
    await fc.assert(
      fc.asyncProperty(fc.nat(meshKinds.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), async (n, part, byte) => {
        const whole = files[n] as Buffer;
        const at = Math.min(whole.length - 1, Math.floor(part * whole.length));
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        for (const bytes of [changed, whole.subarray(0, at)]) {
          const found = await read(bytes);
          if ('reason' in found)
            expect(['CORRUPT_FILE', 'TRUNCATED_FILE', 'UNSUPPORTED_CONTAINER', 'PATH_ESCAPE', 'TOO_LARGE']).toContain(found.reason.code);
          else expect(Math.max(...found.mesh.triangles)).toBeLessThan(found.mesh.positions.length / 3);
        }
      }),
      { numRuns: 150 },
    );
  });
});
