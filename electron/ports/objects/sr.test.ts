import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { closedKinds, type MarkupDraft } from '../../../contract/markups.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { dciodvfy, oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { uidFrom } from '../dicom-write.ts';
import { type DicomItem, writeDataset } from './dicom-dataset.ts';
import { readDataset } from './dicom-dataset-read.ts';
import { spatialOutline } from './markup-outline.ts';
import { grids, maskWhere, objectInput, sourceOn } from './object-input.fixture.ts';
import type { ObjectInput, ObjectTarget } from './object-input.ts';
import { markupsOn } from './object-markups.fixture.ts';
import { markupGroup, segmentGroup } from './sr-groups.ts';
import { readSr } from './sr-read.ts';
import { writeSr } from './sr-write.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-sr-'));
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
const inside = (value: number) => value > 640 && value < 730;
function inputOf(geometry: VolumeGeometry, change: Partial<ObjectInput> = {}): ObjectInput {
  const mask = maskWhere(geometry, inside);
  const [nx, ny, nz] = geometry.dimensions;
  const one = new Uint8Array(mask.length);
  one[Math.floor(nx / 2) + nx * (Math.floor(ny / 2) + ny * Math.floor(nz / 2))] = 1;
  const input = objectInput(geometry, [mask, one, new Uint8Array(mask.length)], { kind: 'sr', markups: markupsOn(geometry), ...change });
  for (const [n, segment] of input.segments.entries()) segment.volumeMm3 = [1234.5678, 1.463, 0][n]!;
  input.segments[1]!.label = { ...input.segments[1]!.label, modifier: { value: '7771000', scheme: 'SCT', meaning: 'Left' } };
  return input;
}
const read = (bytes: Uint8Array, targets: ObjectTarget[]) => readSr(bytes, { name: 'x.dcm', targets }, quiet);
const codeOf = async (made: Promise<unknown>) => {
  try {
    await made;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
};
const apart = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((mm, n) => mm - b[n]!));
function expectTheSame(back: MarkupDraft[], markups: ObjectInput['markups']) {
  expect(back.map(({ kind, name, text }) => ({ kind, name, text }))).toEqual(markups.map(({ kind, name, text }) => ({ kind, name, text })));
  for (const [n, { pointsLps, normalLps }] of markups.entries()) {
    expect(back[n]!.pointsLps).toHaveLength(pointsLps.length);
    for (const [m, point] of pointsLps.entries()) expect(apart(point, back[n]!.pointsLps[m]!)).toBeLessThan(0.01);
    if (normalLps) expect(apart(normalLps, back[n]!.normalLps!)).toBeLessThan(1e-4);
  }
}

describe('measurement reports', () => {
  for (const name of ['turned', 'leftHanded'])
    test(`[9.1-interop] all kinds of markups come back as they were, volumes as findings, ${name} grid`, async () => {
      const geometry = grids[name] as VolumeGeometry;
      const input = inputOf(geometry);
      const { bytes, findings } = await writeSr(input, quiet);
      expect(findings).toEqual([]);
      const back = await read(bytes, [
        targetOf({ ...geometry, originLps: [0, 0, 0] }, { seriesInstanceUid: '1.2', source: null }),
        targetOf(geometry),
      ]);
      expect(back).toMatchObject({ kind: 'DICOM SR', series: uidFrom('fixture series'), segments: [] });
      expectTheSame(back!.markups, input.markups);
      expect(back!.markups.map((one) => one.trackingUid)).toEqual(input.markups.map((one) => one.trackingUid));
      expect(back!.findings).toEqual([
        'The report says of Bone, Bone: Volume 1234.57 mm3, Volume 1.23 ml.',
        'The report says of Bone 2, Bone: Volume 1.46 mm3, Volume 0.0015 ml.',
        'The report says of Bone 3, Bone: Volume 0 mm3, Volume 0 ml.',
      ]);
    });

  test('[P-export] dciodvfy finds no error, with and without a DICOM source; a scan of another format comes back by its series', async () => {
    for (const change of [{}, { source: null, onSourceGrid: false }, { markups: [] }] as Partial<ObjectInput>[]) {
      const { bytes, findings } = await writeSr(inputOf(turned, change), quiet);
      const path = join(root, 'out.dcm');
      writeFileSync(path, bytes);
      expect(dciodvfy(path)).toEqual([]);
      if (change.source !== null) continue;
      expect(findings).toEqual(['The scan was not DICOM, so the report names no images.']);
      const back = await read(bytes, [targetOf(turned, { source: null })]);
      expect(back!.markups).toHaveLength(16);
    }
  });

  test('[9.1-interop] a mask of more outlines than a report holds is drawn on some of its slices, which is told', async () => {
    const geometry: VolumeGeometry = { ...turned, dimensions: [90, 90, 8] };
    const chequered = Uint8Array.from({ length: 64_800 }, (_, n) => ((n % 90) + Math.floor(n / 90)) & 1);
    const { bytes, findings } = await writeSr(objectInput(geometry, [chequered], { kind: 'sr', source: sourceOn(geometry) }), quiet);
    expect(findings).toEqual([expect.stringMatching(/^The report draws Bone on [1-7] of its 8 slices\./)]);
    expect(bytes.length).toBeLessThan(20_000_000);
    expect((await read(bytes, [targetOf(geometry)]))?.findings).toHaveLength(1);
  });

  test('[9.1-interop] what is no measurement report is refused in words, or none of ours', async () => {
    const { bytes } = await writeSr(inputOf(turned), quiet);
    const { item } = readDataset(bytes);
    const target = [targetOf(turned)];
    expect(await read(Buffer.from('nothing'), target)).toBeNull();
    expect(await read(writeDataset({ ...item, SOPClassUID: '1.2.840.10008.5.1.4.1.1.2' }), target)).toBeNull();
    expect(await codeOf(read(writeDataset({ ...item, ContentSequence: [] }), target))).toBe('INVALID_OBJECT');
    const away = { ...turned, originLps: indexToLps(turned, 500, 0, 0) };
    expect(await codeOf(read(bytes, [targetOf(away, { seriesInstanceUid: '1.2', source: null })]))).toBe('GRID_MISMATCH');
    let deep: DicomItem = { ValueType: 'CONTAINER', RelationshipType: 'CONTAINS' };
    for (let n = 0; n < 20; n++) deep = { ValueType: 'CONTAINER', RelationshipType: 'CONTAINS', ContentSequence: [deep] };
    expect(await codeOf(read(writeDataset({ ...item, ContentSequence: [deep] }), target))).toBe('TOO_LARGE');
  });

  test('[P-export] two segments of one name are told apart, and reports that name segments by their id are read', async () => {
    const input = inputOf(turned, { markups: [] });
    const alike = { ...input, segments: input.segments.map((one) => ({ ...one, name: 'Bone' })) };
    const { bytes } = await writeSr(alike, quiet);
    const said = (await read(bytes, [targetOf(turned)]))!.findings;
    expect(said.slice(0, 2)).toEqual([
      expect.stringContaining('The report says of Bone (segment-1), Bone:'),
      expect.stringContaining('The report says of Bone (segment-2), Bone:'),
    ]);
    const tracked = Buffer.from((await writeSr(input, quiet)).bytes);
    expect((await read(tracked, [targetOf(turned)]))!.findings[1]).toContain('The report says of Bone 2, Bone:');
    const named = { ...input, segments: input.segments.map((one, n) => ({ ...one, name: `segment-${n + 7}` })) };
    const group = segmentGroup(named, named.segments[1]!, quiet).item;
    const old = JSON.parse(
      JSON.stringify(group)
        .replaceAll('"TextValue":"segment-8"', '"TextValue":"Old"')
        .replace('"TextValue":"Old"', '"TextValue":"segment-8"'),
    );
    const { item } = readDataset(bytes);
    const before = await read(writeDataset({ ...item, ContentSequence: [old] }), [targetOf(turned)]);
    expect(before!.findings[0]).toContain('The report says of Old, Bone:');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1.1e5, -3e38])(
    '[9.1-interop] a markup at %s mm is left out by its name, the others are read',
    async (mm) => {
      const input = inputOf(turned, { markups: markupsOn(turned).slice(0, 3) });
      const [bad, ...rest] = input.markups;
      // Written with a number that can be found in the bytes, for none of these is ever written.
      const marked = 77777.25;
      const group = markupGroup({ ...input, markups: [bad!] }, bad!);
      const spoiled = JSON.parse(JSON.stringify(group), (key, value) =>
        key === 'GraphicData' ? [value[0], marked, ...value.slice(2)] : value,
      );
      const { item } = readDataset((await writeSr(input, quiet)).bytes);
      const groups = rest.map((one) => markupGroup(input, one));
      const bytes = Buffer.from(writeDataset({ ...item, ContentSequence: [spoiled, ...groups] }));
      const [before, after] = [Buffer.alloc(4), Buffer.alloc(4)];
      before.writeFloatLE(marked);
      after.writeFloatLE(mm);
      expect(bytes.indexOf(before)).toBeGreaterThan(0);
      for (let at = bytes.indexOf(before); at >= 0; at = bytes.indexOf(before)) after.copy(bytes, at);
      const back = await read(bytes, [targetOf(turned)]);
      expect(back!.markups.map(({ name }) => name)).toEqual(rest.map(({ name }) => name));
      expect(back!.findings.filter((one) => one.includes('no numbers'))).toEqual([
        expect.stringMatching(/^\d shapes? of closed-curve 1 .* left out/),
      ]);
    },
  );

  test('[9.1-interop] cut short or with bytes flipped it is refused or read, and never a crash', async () => {
    const { bytes } = await writeSr(inputOf(turned, { markups: markupsOn(turned).slice(3, 8) }), quiet);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
        async (share, flips) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, mask] of flips) changed[at]! ^= mask;
          await codeOf(read(changed.subarray(0, Math.round(share * bytes.length)), [targetOf(turned)]));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe.skipIf(!oraclesThere)('measurement reports and highdicom', () => {
  interface Group {
    id: string;
    uid: string;
    finding: string | null;
    sites: string[];
    sides: (string | null)[];
    numbers: {
      name: string;
      value: number;
      unit: string;
      derivation: string | null;
      shapes: { type: string; points: number[][]; frame: string }[];
    }[];
  }
  interface Said {
    document: string;
    patient: string;
    title: string;
    oddCodes: string[];
    evidence: string[];
    images: string[];
    volumes: (Group & { surface: number[][][]; type: string; frame: string; series: string })[];
    regions: (Group & { type: string; points: number[][]; frame: string })[];
    others: Group[];
  }

  test('[P-export] highdicom finds the same volumes, outlines, shapes and numbers, and pydicom knows the codes', async () => {
    const input = inputOf(turned);
    const path = join(root, 'out.dcm');
    writeFileSync(path, (await writeSr(input, quiet)).bytes);
    const said = runOracle<Said>('sr', ['read', path]);
    expect(said).toMatchObject({ document: 'Comprehensive3DSR', patient: 'Grün^Ägidia', title: '126000' });
    // The first two are as highdicom writes them (PS3.16 TID 1411, TID 320); the third is UCUM's own.
    expect(said.oddCodes).toEqual(['SCT 260753009 Source', 'SCT 276214006 Finding category', 'UCUM ml milliliter']);
    const images = input.source!.instances.map(({ sopInstanceUid }) => sopInstanceUid);
    expect([said.evidence, said.images]).toEqual([images, images]);

    expect(said.volumes.map(({ id, uid, finding, sides }) => [id, uid, finding, sides])).toEqual([
      ['Bone', input.segments[0]!.trackingUid, '272673000', [null]],
      ['Bone 2', input.segments[1]!.trackingUid, '272673000', ['7771000']],
    ]);
    expect(said.volumes[0]!.numbers.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['118565006', 1234.5678, 'mm3'],
      ['118565006', 1.2345678, 'ml'],
    ]);
    for (const { frame, series, type } of said.volumes)
      expect([frame, series, type]).toEqual([uidFrom('fixture frame'), uidFrom('fixture series'), 'POLYGON']);
    // What lies inside of the outlines of a slice are its voxels: the even-odd rule, once more and plainly.
    const mask = maskWhere(turned, inside);
    const [nx, ny] = turned.dimensions;
    const drawn = said.volumes[0]!.surface.map((polygon) => polygon.map(([x, y, z]) => lpsToIndex(turned, x!, y!, z!)));
    const filled = Uint8Array.from(mask, (_, n) => {
      const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
      let crossings = 0;
      for (const polygon of drawn.filter((one) => Math.round(one[0]![2]) === k))
        for (let m = 1; m < polygon.length; m++) {
          const [a, b] = [polygon[m - 1]!, polygon[m]!];
          if (a[1] > j !== b[1] > j && i < a[0] + ((j - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) crossings++;
        }
      return crossings & 1;
    });
    expect(filled).toEqual(mask);

    const regions = input.markups.filter(({ kind }) => closedKinds.includes(kind) || kind.startsWith('text') || kind === 'pointer');
    expect(said.regions.map(({ id, uid }) => [id, uid])).toEqual(regions.map(({ name, trackingUid }) => [name, trackingUid]));
    for (const [n, markup] of regions.entries()) {
      const { shape, pointsLps } = spatialOutline(markup);
      const one = said.regions[n]!;
      expect([one.type, one.frame]).toEqual([shape, uidFrom('fixture frame')]);
      const points = shape === 'POLYGON' ? [...pointsLps, pointsLps[0] as Triple] : pointsLps;
      expect(one.points).toHaveLength(points.length);
      for (const [m, point] of points.entries()) expect(apart(point, one.points[m]!)).toBeLessThan(1e-4);
      if (!closedKinds.includes(markup.kind)) continue;
      const { lengthMm, areaMm2, values } = markup.measures;
      expect(one.numbers.map(({ value }) => value)).toEqual([lengthMm, areaMm2, ...(values ? [40, 0, 40, 40] : [])]);
      expect(one.numbers.map(({ unit }) => unit)).toEqual(['mm', 'mm2', ...(values ? Array(4).fill("[hnsf'U]") : [])]);
    }
    const others = input.markups.filter((one) => !regions.includes(one));
    expect(said.others.map(({ id }) => id)).toEqual(['Bone 3', ...others.map(({ name }) => name)]);
    for (const [n, markup] of others.entries()) {
      const { lengthMm, angleDeg, values } = markup.measures;
      const [number] = said.others[n + 1]!.numbers;
      expect(number).toMatchObject({ value: lengthMm ?? angleDeg ?? values?.mean, shapes: [{ frame: uidFrom('fixture frame') }] });
      for (const [m, point] of spatialOutline(markup).pointsLps.entries())
        expect(apart(point, number!.shapes[0]!.points[m]!)).toBeLessThan(1e-4);
    }
  });

  test("[9.1-interop] a report of highdicom's own gives its shapes in space and on an image, and its volume in words", async () => {
    const at = (i: number, j: number, k = 3): Triple => indexToLps(turned, i, j, k);
    const polygon = [at(1, 1), at(9, 2), at(5, 7)];
    const line = [at(2, 3, 1), at(8, 4, 5)];
    const ellipse = [at(3, 4), at(9, 4), at(6, 3), at(6, 5)];
    const pixels = [
      [2.5, 3.5],
      [7.25, 4],
      [4, 6],
    ];
    const path = join(root, 'theirs.dcm');
    const spec = join(root, 'spec.json');
    const uids = {
      frame: uidFrom('fixture frame'),
      study: uidFrom('fixture study'),
      series: uidFrom('fixture series'),
      image: uidFrom('fixture image 3'),
    };
    writeFileSync(spec, JSON.stringify({ ...uids, polygon: [...polygon, polygon[0]], line, ellipse, pixels }));
    runOracle('sr', ['write', path, spec]);
    const back = await read(readFileSync(path), [targetOf(turned)]);
    expect(back!.findings).toEqual(['The report says of volume, Bone: Volume 12.5 mm3.']);
    expect(back!.markups.map(({ kind, name }) => [kind, name])).toEqual([
      ['polygon', 'polygon'],
      ['ellipse', 'ellipse'],
      ['line', 'line'],
      ['polyline', 'pixels'],
    ]);
    const wanted = [polygon, ellipse.filter((_, n) => n !== 2), line, pixels.map(([column, row]) => at(column! - 0.5, row! - 0.5))];
    for (const [n, points] of wanted.entries())
      for (const [m, point] of points.entries()) expect(apart(point, back!.markups[n]!.pointsLps[m]!), `${n} ${m}`).toBeLessThan(0.01);
  });
});
