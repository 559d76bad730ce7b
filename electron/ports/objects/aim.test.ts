import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import type { MarkupDraft } from '../../../contract/markups.ts';
import { outlineLps } from '../../../kernels/markups/outline.ts';
import { indexToLps, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { uidFrom } from '../dicom-write.ts';
import { readAim } from './aim-read.ts';
import { writeAim } from './aim-write.ts';
import { grids, maskWhere, objectInput, sourceOn } from './object-input.fixture.ts';
import type { ObjectInput, ObjectTarget } from './object-input.ts';
import { markupsOn } from './object-markups.fixture.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-aim-'));
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
function inputOf(geometry: VolumeGeometry, change: Partial<ObjectInput> = {}): ObjectInput {
  const mask = maskWhere(geometry, (value) => value > 640 && value < 730);
  const input = objectInput(geometry, [mask, mask], { kind: 'aim', markups: markupsOn(geometry), ...change });
  for (const [n, segment] of input.segments.entries()) segment.volumeMm3 = 1234.5678 * (n + 1);
  input.segments[1]!.label = {
    ...input.segments[1]!.label,
    modifier: { value: '7771000', scheme: 'SCT', meaning: 'Left' },
  };
  return input;
}
const read = (bytes: Uint8Array, targets: ObjectTarget[]) => readAim(bytes, { name: 'x.xml', targets }, quiet);
const codeOf = async (made: Promise<unknown>) => {
  try {
    await made;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
};
function expectTheSame(back: MarkupDraft[], markups: ObjectInput['markups']) {
  expect(back.map(({ kind, name, text }) => ({ kind, name, text }))).toEqual(markups.map(({ kind, name, text }) => ({ kind, name, text })));
  for (const [n, { pointsLps, normalLps }] of markups.entries()) {
    expect(back[n]!.pointsLps).toHaveLength(pointsLps.length);
    for (const [m, point] of pointsLps.entries())
      expect(Math.hypot(...point.map((mm, axis) => mm - back[n]!.pointsLps[m]![axis]!)), `${back[n]!.kind} ${m}`).toBeLessThan(0.01);
    if (normalLps) expect(Math.hypot(...normalLps.map((v, axis) => v - back[n]!.normalLps![axis]!))).toBeLessThan(1e-4);
  }
}

describe('AIM 4', () => {
  for (const name of ['turned', 'leftHanded'])
    test(`[9.1-interop] all kinds of markups come back as they were, volumes as findings, ${name} grid`, async () => {
      const geometry = grids[name] as VolumeGeometry;
      const input = inputOf(geometry);
      const { bytes } = await writeAim(input, quiet);
      const back = await read(bytes, [
        targetOf({ ...geometry, originLps: [0, 0, 0] }, { seriesInstanceUid: '1.2', source: null }),
        targetOf(geometry),
      ]);
      expect(back).toMatchObject({ kind: 'AIM 4', series: uidFrom('fixture series'), segments: [] });
      expectTheSame(back!.markups, input.markups);
      expect(back!.findings).toEqual([
        'The file says of Bone: Volume 1234.57 mm3, Volume 1.23 ml.',
        'The file says of Bone 2: Volume 2469.14 mm3, Volume 2.47 ml.',
      ]);
    });

  test('[9.1-interop] shapes on images alone, as other programs write them, lie where they were drawn', async () => {
    const input = inputOf(turned);
    const { bytes } = await writeAim(input, quiet);
    const flat = Buffer.from(bytes)
      .toString()
      .replace(/ *<MarkupEntity xsi:type="ThreeDimension[\s\S]*?<\/MarkupEntity>\n/g, '')
      .replace(/ *<geometricShapeEntity[\s\S]*?<\/geometricShapeEntity>\n/g, '');
    const back = await read(Buffer.from(flat), [targetOf(turned)]);
    expectTheSame(back!.markups, input.markups.slice(0, 13));
    // Without our words for what they are, they are what they look like.
    const plain = await read(Buffer.from(flat.replace(/<description value="lamina [^"]*"\/>/g, '')), [targetOf(turned)]);
    expect(plain!.markups.map(({ kind }) => kind)).toEqual([
      'polygon',
      'polyline',
      'ellipse',
      'polygon',
      'line',
      'point',
      'line',
      'polygon',
      'polyline',
      'polygon',
      'point',
      'line',
      'polyline',
    ]);
    const resampled = await read(Buffer.from(flat), [targetOf(turned, { spacingMm: [0.7, 1.1, 1.8] })]);
    expect(resampled!.markups).toEqual([]);
    expect(resampled!.findings.filter((text) => text.includes('left out'))).toHaveLength(13);
  });

  test('[9.1-interop] a shape that was moved elsewhere is what it is now, not what our words say', async () => {
    const input = inputOf(turned, { markups: markupsOn(turned).slice(0, 3) });
    const { bytes } = await writeAim(input, quiet);
    const text = Buffer.from(bytes).toString();
    const [first] = outlineLps(input.markups[0]!);
    const moved = text.replaceAll(`<x value="${first![0]}"/>`, `<x value="${first![0] + 0.5}"/>`);
    expect(moved).not.toBe(text);
    const back = await read(Buffer.from(moved), [targetOf(turned)]);
    expect(back!.markups.map(({ kind }) => kind)).toEqual(['polygon', 'curve', 'ellipse']);
    expect(back!.markups[0]!.pointsLps[0]![0]).toBeCloseTo(first![0] + 0.5, 6);
  });

  test.each(['NaN', '1e999', '110000', ''])(
    '[9.1-interop] a markup at "%s" mm is left out by its name, the others are read',
    async (mm) => {
      const input = inputOf(turned, { markups: markupsOn(turned).slice(0, 3), source: null, onSourceGrid: false });
      const text = Buffer.from((await writeAim(input, quiet)).bytes).toString();
      const [first] = outlineLps(input.markups[0]!);
      const spoiled = text.replace(`<x value="${first![0]}"/>`, `<x value="${mm}"/>`);
      expect(spoiled).not.toBe(text);
      const back = await read(Buffer.from(spoiled), [targetOf(turned)]);
      expect(back!.markups.map(({ name }) => name)).toEqual(input.markups.slice(1).map(({ name }) => name));
      expect(back!.findings.filter((one) => one.includes('no numbers'))).toEqual([
        expect.stringMatching(new RegExp(`^1 shape of ${input.markups[0]!.name} left out`)),
      ]);
    },
  );

  test('[9.1-interop] what is hostile or another thing is refused in words, or none of ours', async () => {
    const target = [targetOf(turned)];
    const head = '<ImageAnnotationCollection xmlns="gme://caCORE.caCORE/4.4/edu.northwestern.radiology.AIM">';
    const of = (text: string) => codeOf(read(Buffer.from(text), target));
    for (const other of ['', '<html/>', '{"a":1}', '<ImageAnnotation/>']) expect(await read(Buffer.from(other), target)).toBeNull();
    expect(await of(`<!DOCTYPE x [<!ENTITY a "b">]>${head}&a;</ImageAnnotationCollection>`)).toBe('INVALID_OBJECT');
    expect(await of(`${head}</ImageAnnotationCollection>`)).toBe('INVALID_OBJECT');
    expect(await of(`${head}<a>`)).toBe('CORRUPT_FILE');
    expect(await of(`${head}${'<a>'.repeat(100)}`)).toBe('TOO_LARGE');
    expect(await of(`${head}${'<a/>'.repeat(600_000)}`)).toBe('TOO_LARGE');
    expect(await codeOf(read(Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xfe])]), target))).toBe('CORRUPT_FILE');
    const { bytes } = await writeAim(inputOf(turned), quiet);
    const away = { ...turned, originLps: indexToLps(turned, 500, 0, 0) };
    expect(await codeOf(read(bytes, [targetOf(away, { seriesInstanceUid: '1.2', source: null })]))).toBe('GRID_MISMATCH');
  });

  test('[9.1-interop] cut short or with bytes flipped it is refused or read, and never a crash', async () => {
    const { bytes } = await writeAim(inputOf(turned, { markups: markupsOn(turned).slice(3, 8) }), quiet);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 127 })), { maxLength: 3 }),
        async (share, flips) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, mask] of flips) changed[at]! ^= mask;
          await codeOf(read(changed.subarray(0, Math.round(share * bytes.length)), [targetOf(turned)]));
        },
      ),
      { numRuns: 150 },
    );
  });

  test.skipIf(!oraclesThere)(
    "[P-export] Python's parser finds every element where the AIM 4 schema has it, and the same points and numbers",
    () => {
      interface Said {
        faults: string[];
        person: string;
        id: string;
        annotations: {
          name: string;
          comment: string;
          code: string;
          numbers: { codes: string[]; value: number; unit: string }[];
          shapes: { type: string; shape: string; text: string; frame: string; image: string; points: number[][] }[];
          structures: string[];
          images: string[];
          study: string;
        }[];
      }
      return Promise.all(
        [inputOf(turned), inputOf(turned, { source: null, onSourceGrid: false })].map(async (input, n) => {
          const path = join(root, `out-${n}.xml`);
          writeFileSync(path, (await writeAim(input, quiet)).bytes);
          const said = runOracle<Said>('aim', [path]);
          expect(said.faults).toEqual([]);
          expect(said.person).toBe('Grün^Ägidia');
          expect(said.annotations).toHaveLength(2 + input.markups.length);
          const [bone, left] = said.annotations;
          expect(bone!.numbers.map(({ codes, value, unit }) => [codes[0], value, unit])).toEqual([
            ['118565006', 1234.5678, 'mm3'],
            ['118565006', 1.2345678, 'ml'],
          ]);
          expect([bone!.code, bone!.structures, left!.name]).toEqual(['272673000', ['272673000'], 'Bone 2']);
          expect(bone!.images).toHaveLength(n === 0 ? turned.dimensions[2] : 0);
          for (const [m, markup] of input.markups.entries()) {
            const one = said.annotations[m + 2]!;
            expect([one.name, one.comment ?? '']).toEqual([markup.name, markup.text]);
            const onSlice = n === 0 && m < 13;
            expect(one.shapes).toHaveLength(onSlice ? 2 : 1);
            if (markup.kind.startsWith('text')) expect(one.shapes[0]!.text).toBe(markup.text);
            if (n === 0) expect(one.shapes[0]!.frame).toBe(uidFrom('fixture frame'));
            if (onSlice) expect([one.shapes[1]!.image, one.images]).toEqual([uidFrom('fixture image 2'), [uidFrom('fixture image 2')]]);
            if (markup.kind !== 'ellipse') expect(one.shapes[0]!.points).toEqual(outlineLps(markup));
            const { lengthMm, areaMm2, angleDeg, values } = markup.measures;
            const wanted = [lengthMm, angleDeg, areaMm2, ...(values ? [40, ...(values.voxels > 1 ? [0, 40, 40] : [])] : [])];
            expect(one.numbers.map(({ value }) => value)).toEqual(wanted.filter((value) => value !== null));
          }
        }),
      );
    },
  );
});
