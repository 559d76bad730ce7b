import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyRuns, runsFromText } from '../../../kernels/labels/runs.ts';
import type { Brush, LoadedVolume, MaskLayer, Point } from '../../stores/viewer.ts';
import { Stroke, type StrokeStart } from './stroke.ts';

const geometry = {
  dimensions: [24, 20, 12] as [number, number, number],
  spacingMm: [1, 1, 2] as [number, number, number],
  originLps: [0, 0, 0] as Point,
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
};
const voxels = 24 * 20 * 12;
const volume: LoadedVolume = {
  seriesInstanceUid: '1',
  geometry,
  units: 'HU',
  values: Int16Array.from({ length: voxels }, (_, n) => ((n * 37) % 400) - 100),
};
const layerOf = (values: Uint8Array): MaskLayer => ({ segmentId: 's', name: 's', colour: 'red', visible: true, opacity: 0.3, values });
const upright = {
  plane: 'axial' as const,
  normalLps: [0, 0, 1] as Point,
  oblique: false,
  inside: null,
  notOver: [] as MaskLayer[],
} satisfies Partial<StrokeStart>;
const point = fc.tuple(
  fc.double({ min: -3, max: 27, noNaN: true }),
  fc.double({ min: -3, max: 23, noNaN: true }),
  fc.double({ min: 0, max: 22, noNaN: true }),
) as fc.Arbitrary<Point>;
const drawings = fc.record({
  before: fc.uint8Array({ minLength: voxels, maxLength: voxels }).map((bytes) => bytes.map((b) => b & 1)),
  path: fc.array(point, { minLength: 1, maxLength: 6 }),
  value: fc.constantFrom<0 | 1>(0, 1),
  brush: fc.record<Brush>({
    shape: fc.constantFrom('circle', 'sphere'),
    diameterMm: fc.double({ min: 0.5, max: 8, noNaN: true }),
    gateHu: fc.constantFrom(null, [0, 150] as [number, number]),
    edgeHu: fc.constantFrom(null, 40),
  }),
});

function draw({ before, path, value, brush }: { before: Uint8Array; path: Point[]; value: 0 | 1; brush: Brush }) {
  const layer = layerOf(before.slice());
  const stroke = new Stroke({ ...upright, layer, volume, brush, value });
  for (const p of path) stroke.extend(p);
  return { layer, stroke };
}

test('the delta that is handed in turns the mask before into the mask after, and nothing else', () => {
  fc.assert(
    fc.property(drawings, (drawing) => {
      const { layer, stroke } = draw(drawing);
      const finished = stroke.finished();
      const changed = layer.values.reduce((sum, v, n) => sum + (v === drawing.before[n] ? 0 : 1), 0);
      if (!finished) {
        expect(changed).toBe(0);
        return;
      }
      expect(finished.voxels).toBe(changed);
      expect(finished.tool).toBe(drawing.value === 1 ? 'brush' : 'eraser');
      const again = drawing.before.slice();
      expect(applyRuns(again, runsFromText(finished.delta.runs), finished.delta.value)).toBe(changed);
      expect(again).toEqual(layer.values);
    }),
    { numRuns: 60 },
  );
});

test('a cancelled stroke leaves every voxel as it was', () => {
  fc.assert(
    fc.property(drawings, (drawing) => {
      const { layer, stroke } = draw(drawing);
      stroke.cancel();
      expect(layer.values).toEqual(drawing.before);
      expect(stroke.finished()).toBeNull();
    }),
    { numRuns: 60 },
  );
});

test('a gated stroke changes nothing outside the gate', () => {
  fc.assert(
    fc.property(drawings, (drawing) => {
      const { layer } = draw({ ...drawing, brush: { ...drawing.brush, gateHu: [0, 150] } });
      layer.values.forEach((v, n) => {
        if (v !== drawing.before[n]) expect(volume.values[n]).toSatisfy((hu: number) => hu >= 0 && hu <= 150);
      });
    }),
    { numRuns: 60 },
  );
});

test('[9.1-types] masking: a stroke changes nothing outside of its inside segment nor over a locked one, and says so', () => {
  fc.assert(
    fc.property(drawings, fc.uint8Array({ minLength: voxels, maxLength: voxels }), (drawing, bits) => {
      const layer = layerOf(drawing.before.slice());
      const inside = { ...layerOf(bits.map((b) => b & 1)), segmentId: 'in' };
      const locked = { ...layerOf(bits.map((b) => (b >> 1) & 1)), segmentId: 'held', locked: true };
      const { brush, value } = drawing;
      const stroke = new Stroke({ ...upright, layer, volume, brush, value, inside, notOver: [locked] });
      for (const p of drawing.path) stroke.extend(p);
      layer.values.forEach((v, n) => {
        if (v !== drawing.before[n]) expect([inside.values[n], locked.values[n]]).toEqual([1, 0]);
      });
      const finished = stroke.finished();
      if (finished) expect(finished).toMatchObject({ inside: 'in', notOver: ['held'], normalLps: null });
    }),
    { numRuns: 60 },
  );
});

test('[9.1-types] a circle on an oblique plane sets the slab of that plane, names its normal, and leaves no hole in it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 1.4, noNaN: true }), fc.double({ min: 0, max: 6, noNaN: true }), (lean, spin) => {
      const normalLps: Point = [Math.sin(lean) * Math.cos(spin), Math.sin(lean) * Math.sin(spin), Math.cos(lean)];
      const layer = layerOf(new Uint8Array(voxels));
      const brush: Brush = { shape: 'circle', diameterMm: 9, gateHu: null, edgeHu: null };
      const stroke = new Stroke({ ...upright, normalLps, oblique: true, layer, volume, brush, value: 1 });
      const middle: Point = [12, 10, 12];
      stroke.extend(middle);
      const half = geometry.spacingMm.reduce((sum, mm, n) => sum + mm * Math.abs(normalLps[n]!), 0) / 2;
      const wrong: number[] = [];
      layer.values.forEach((v, n) => {
        const at = [n % 24, Math.floor(n / 24) % 20, 2 * Math.floor(n / 480)].map((c, m) => c - middle[m]!) as Point;
        const off = at.reduce((sum, c, m) => sum + c * normalLps[m]!, 0);
        const far = Math.sqrt(Math.max(0, at.reduce((sum, c) => sum + c * c, 0) - off * off));
        const inside = Math.abs(off) <= half + 1e-6 && far <= 4.5 + 1e-6;
        const deep = Math.abs(off) < half - 1e-6 && far < 4.5 - 1e-6;
        if (v === 1 ? !inside : deep) wrong.push(n);
      });
      expect(wrong).toEqual([]);
      expect(stroke.finished()?.normalLps).toEqual(normalLps);
    }),
    { numRuns: 60 },
  );
});
