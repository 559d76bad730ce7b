import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectKind } from '../../../contract/object-files.ts';
import { unpackMask } from '../../../kernels/labels/bits.ts';
import { contoursOfSlice } from '../../../kernels/labels/contours-of.ts';
import type { Triple, VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { writeAim } from './aim-write.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import type { ObjectInput, ObjectWriter } from './object-input.ts';
import { markupsOn } from './object-markups.fixture.ts';
import { withoutRepeatedOutlines } from './repeated-outlines.ts';
import { readRtstruct } from './rtstruct-read.ts';
import { writeRtstruct } from './rtstruct-write.ts';
import { writeSr } from './sr-write.ts';

const quiet = () => undefined;
const turned = grids.turned as VolumeGeometry;
const writers: [ObjectKind, ObjectWriter][] = [
  ['rtstruct', writeRtstruct],
  ['sr', writeSr],
  ['aim', writeAim],
];

/** Outlines as `contours` makes them of the first segment, on all slices of an axis; what is journalled has been through JSON. */
function outlinesOf(input: ObjectInput, axis: 0 | 1 | 2 = 2): ObjectInput['markups'] {
  const { bits, trackingId } = input.segments[0]!;
  const [shared] = markupsOn(input.series);
  const all = Array.from({ length: input.series.dimensions[axis] }, (_, k) => contoursOfSlice(bits, input.series, axis, k)).flat();
  return all.map((points, n) => ({
    ...shared!,
    id: `outline-${axis}-${n}`,
    kind: 'polygon',
    name: `Bone slice ${n}`,
    text: '',
    segment: trackingId,
    pointsLps: JSON.parse(JSON.stringify(points)) as Triple[],
  }));
}
function inputOf(kind: ObjectKind, geometry = turned): ObjectInput {
  const masks = [maskWhere(geometry, (value) => value > 690 && value < 760), maskWhere(geometry, (value) => value >= 640 && value < 690)];
  return objectInput(geometry, masks, { kind, markups: markupsOn(geometry) });
}

describe('outlines that repeat a mask', () => {
  test.each(writers)('[P-export] %s leaves them out and says how many; what a person drew stays', async (kind, write) => {
    const input = inputOf(kind);
    const outlines = outlinesOf(input);
    expect(outlines.length).toBeGreaterThan(3);
    const full = { ...input, markups: [...input.markups, ...outlines] };
    const lean = withoutRepeatedOutlines(full, quiet);
    expect(lean.input.markups).toEqual(input.markups);
    expect(lean.findings).toHaveLength(1);
    expect(lean.findings[0]).toContain(`${outlines.length} outlines of Bone were left out: `);
    const [small, large] = [await write(lean.input, quiet), await write(full, quiet)];
    expect(small.bytes.length).toBeLessThan(large.bytes.length);
  });

  test('[P-export] without them a structure set still gives every voxel back', async () => {
    const input = inputOf('rtstruct');
    const lean = withoutRepeatedOutlines({ ...input, markups: outlinesOf(input) }, quiet);
    const { bytes } = await writeRtstruct(lean.input, quiet);
    const read = await readRtstruct(bytes, { name: 'a.dcm', targets: [{ ...input.series, source: input.source }] }, quiet);
    expect(read?.markups).toEqual([]);
    expect(unpackMask(read!.segments[0]!.bits)).toEqual(unpackMask(input.segments[0]!.bits));
  });

  test.each(Object.keys(grids))('[P-export] %s grid: on the slices of each axis', (name) => {
    const input = inputOf('sr', grids[name]);
    for (const axis of [0, 1, 2] as const) {
      const lean = withoutRepeatedOutlines({ ...input, markups: outlinesOf(input, axis) }, quiet);
      expect(lean.input.markups).toEqual([]);
    }
  });

  test('[P-export] a changed outline, one of another segment and one of a segment that is not in the file stay', () => {
    const input = inputOf('rtstruct');
    const outlines = outlinesOf(input);
    const moved = { ...outlines[0]!, pointsLps: outlines[0]!.pointsLps.map(([x, y, z]): Triple => [x + 0.01, y, z]) };
    const elsewhere = { ...outlines[1]!, segment: 'segment-2' };
    const gone = { ...outlines[1]!, segment: 'segment-9' };
    const aboutNone = { ...outlines[1]!, segment: null };
    for (const one of [moved, elsewhere, gone, aboutNone])
      expect(withoutRepeatedOutlines({ ...input, markups: [one] }, quiet)).toEqual({ input: { ...input, markups: [one] }, findings: [] });
    const [, second] = input.segments;
    expect(withoutRepeatedOutlines({ ...input, segments: [second!], markups: outlines }, quiet).input.markups).toEqual(outlines);
    expect(withoutRepeatedOutlines({ ...input, markups: outlines.slice(0, 1) }, quiet).findings).toEqual([
      '1 outline of Bone was left out: the segment itself is in the file.',
    ]);
  });

  test('[P-export] of any mask all its outlines are left out, and of a mask that changed since those that no longer are its own stay', () => {
    const small: VolumeGeometry = { ...turned, dimensions: [5, 4, 3] };
    const some = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 60, maxLength: 60 }).map((values) => Uint8Array.from(values));
    fc.assert(
      fc.property(some, some, (drawn, now) => {
        const before = objectInput(small, [drawn], { kind: 'aim' });
        const after = objectInput(small, [now], { kind: 'aim' });
        const markups = outlinesOf(before);
        expect(withoutRepeatedOutlines({ ...before, markups }, quiet).input.markups).toEqual([]);
        const own = outlinesOf(after).map((one) => JSON.stringify(one.pointsLps));
        expect(withoutRepeatedOutlines({ ...after, markups }, quiet).input.markups).toEqual(
          markups.filter((one) => !own.includes(JSON.stringify(one.pointsLps))),
        );
      }),
      { numRuns: 60 },
    );
  });
});
