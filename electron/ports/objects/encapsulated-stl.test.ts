import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { networkWording } from '../../../contract/model.ts';
import { packMask, unpackMask } from '../../../kernels/labels/bits.ts';
import { boxMesh, moved, without } from '../../../kernels/mesh/solid-shapes.ts';
import { writeStl } from '../../../kernels/mesh/stl-write.ts';
import { extractSurface } from '../../../kernels/mesh/surface.ts';
import { inTurn } from '../../../kernels/parts.ts';
import { indexToLps, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { dciodvfy, oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { uidFrom } from '../dicom-write.ts';
import { readEncapsulatedStl } from './encapsulated-stl-read.ts';
import { writeEncapsulatedStl } from './encapsulated-stl-write.ts';
import { grids, maskWhere, objectInput, sourceOn } from './object-input.fixture.ts';
import type { ObjectInput, ObjectTarget } from './object-input.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-encapsulated-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const quiet = () => undefined;
const turned = grids.turned as VolumeGeometry;
const targetOf = (geometry: VolumeGeometry, change: Partial<ObjectTarget> = {}): ObjectTarget => ({
  ...geometry,
  seriesInstanceUid: uidFrom('fixture series'),
  source: sourceOn(geometry),
  ...change,
});
const wanted = (value: number) => value > 640 && value < 730;

/** A case's model of a mask, as the surface between voxels. */
async function modelOf(geometry: VolumeGeometry, mask: Uint8Array, change: Partial<ObjectInput> = {}) {
  const surface = await extractSurface(packMask(mask, geometry.dimensions), geometry, inTurn);
  return inputOf(geometry, mask, writeStl(surface, 'test'), change);
}
let files = 0;
function inputOf(geometry: VolumeGeometry, mask: Uint8Array, stl: Uint8Array, change: Partial<ObjectInput> = {}) {
  const path = join(root, `model-${++files}.stl`);
  writeFileSync(path, stl);
  const mesh = { stl: path, title: 'Orbitaböden <links>', passed: true, signedBy: null };
  return { stl, input: objectInput(geometry, [mask], { kind: 'encapsulated-stl', mesh, ...change }) };
}
const read = (bytes: Uint8Array, targets: ObjectTarget[]) => readEncapsulatedStl(bytes, { name: 'model.dcm', targets }, quiet);
const codeOf = async (made: Promise<unknown>) => {
  try {
    await made;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
};

describe('Encapsulated STL', () => {
  for (const [name, geometry] of Object.entries(grids))
    test(`[9.1-interop] the model of a mask comes back as the same mask, ${name} grid`, async () => {
      const mask = maskWhere(geometry, wanted);
      const { input } = await modelOf(geometry, mask);
      const { bytes, findings } = await writeEncapsulatedStl(input, quiet);
      expect(findings).toEqual(['Nobody has reviewed and signed this model; the file says UNSIGNED.']);
      const back = await read(bytes, [
        targetOf(grids.tilted as VolumeGeometry, { seriesInstanceUid: '1.2', source: null }),
        targetOf(geometry),
      ]);
      expect(back).toMatchObject({
        kind: 'Encapsulated STL',
        series: uidFrom('fixture series'),
        segments: [{ name: 'Orbitaböden <links>', number: 1, trackingUid: uidFrom(`${input.segments[0]!.trackingUid} models`) }],
      });
      expect(unpackMask(back!.segments[0]!.bits)).toEqual(mask);
    });

  test('[P-export] the bytes are those of the checked STL, of odd and even length, and dciodvfy finds no error', async () => {
    const mask = maskWhere(turned, wanted);
    for (const change of [{}, { source: null, onSourceGrid: false }] as Partial<ObjectInput>[]) {
      const { stl, input } = await modelOf(turned, mask, change);
      for (const held of [
        stl,
        Buffer.concat([Buffer.from('solid x\n'), Buffer.from('endsolid x')]),
        Buffer.from('solid x\nendsolid x\n\n'),
      ]) {
        writeFileSync(input.mesh!.stl, held);
        const { bytes } = await writeEncapsulatedStl(input, quiet);
        const at = Buffer.from(bytes).indexOf(held);
        expect(at).toBeGreaterThan(132);
        expect(bytes.length % 2).toBe(0);
        const path = join(root, 'out.dcm');
        writeFileSync(path, bytes);
        expect(dciodvfy(path)).toEqual([]);
        if (!oraclesThere) continue;
        const said = runOracle<Record<string, unknown>>('encapsulated_stl', [path, join(root, 'out.stl')]);
        expect(readFileSync(join(root, 'out.stl'))).toEqual(Buffer.from(held));
        expect(said).toMatchObject({
          sopClass: 'Encapsulated STL Storage',
          modality: 'M3D',
          mime: 'model/stl',
          length: held.length,
          units: 'mm',
          title: 'Orbitaböden <links>',
          content: 'Orbitaböden <links>: UNSIGNED, check passed',
        });
        if (change.source === null) continue;
        expect(said).toMatchObject({ patient: 'Grün^Ägidia', study: uidFrom('fixture study'), frame: uidFrom('fixture frame') });
        expect(said.sources).toEqual(input.source!.instances.map(({ sopInstanceUid }) => sopInstanceUid));
      }
    }
  });

  test('[P-export] a model of a network keeps its warning, out and back', async () => {
    const mask = maskWhere(turned, wanted);
    const { input } = await modelOf(turned, mask);
    const [segment] = input.segments;
    const { bytes } = await writeEncapsulatedStl({ ...input, segments: [{ ...segment!, networkWording }] }, quiet);
    expect(Buffer.from(bytes).includes(networkWording)).toBe(true);
    const back = await read(bytes, [targetOf(turned)]);
    expect(back?.segments).toMatchObject([{ name: 'Orbitaböden <links>', networkWording }]);
  });

  test('[9.1-interop] an open, a far and a foreign model are refused in words; a series that is not named is told', async () => {
    const mask = maskWhere(turned, wanted);
    const [x, y, z] = indexToLps(turned, 6, 4, 3);
    const box = moved(boxMesh([2, 3, 4]), (a, b, c) => [a + x, b + y, c + z]);
    const fileOf = async (mesh: typeof box) => {
      const { input } = inputOf(turned, mask, writeStl({ ...mesh, positions: Float32Array.from(mesh.positions) }, 'test'));
      return (await writeEncapsulatedStl(input, quiet)).bytes;
    };
    expect(await codeOf(fileOf(without(box, 3)).then((bytes) => read(bytes, [targetOf(turned)])))).toBe('MESH_NOT_WATERTIGHT');
    expect(await codeOf(fileOf(moved(box, (a, b, c) => [a + 400, b, c])).then((bytes) => read(bytes, [targetOf(turned)])))).toBe(
      'GRID_MISMATCH',
    );
    expect(await codeOf(fileOf(moved(box, (a, b, c) => [a * 1e7, b, c])).then((bytes) => read(bytes, [targetOf(turned)])))).toBe(
      'GRID_MISMATCH',
    );
    const bytes = await fileOf(box);
    const other = { seriesInstanceUid: '1.2.3', source: null };
    const far = targetOf({ ...turned, originLps: [900, 0, 0] }, other);
    expect((await read(bytes, [far, targetOf(turned, { ...other, seriesInstanceUid: '1.2.4' })]))?.findings[0]).toMatch(/names neither/);
    expect(await codeOf(read(bytes, [far]))).toBe('GRID_MISMATCH');
    expect(await codeOf(read(bytes, [targetOf(turned, other), targetOf(turned, { ...other, seriesInstanceUid: '1.2.4' })]))).toBe(
      'GRID_MISMATCH',
    );
    expect(await read(Buffer.from('solid x\nendsolid x\n'), [targetOf(turned)])).toBeNull();
  });

  test('[9.1-interop] cut short or with bytes flipped it is refused or read, and never a crash', async () => {
    const { input } = await modelOf(turned, maskWhere(turned, wanted));
    const { bytes } = await writeEncapsulatedStl(input, quiet);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.array(fc.tuple(fc.oneof(fc.nat(3000), fc.nat(bytes.length - 1)), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
        async (share, flips) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, mask] of flips) changed[at % changed.length]! ^= mask;
          await codeOf(read(changed.subarray(0, Math.round(share * bytes.length)), [targetOf(turned)]));
        },
      ),
      { numRuns: 200 },
    );
  });
});
