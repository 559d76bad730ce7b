import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../phantoms/random.ts';
import { indexToLps, lpsToIndex, type Nine, type Triple, type VolumeGeometry, voxelCount, voxelVolumeMm3 } from '../volume/geometry.ts';
import { anyGrid, sampled, turned } from '../volume/grids.fixture.ts';
import { gridWithSpacing } from './grid.ts';
import { resampleLabels } from './resample-labels.ts';

const plain: Nine = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const labelled = (g: VolumeGeometry, seed: number, labels: number): Uint8Array => {
  const random = createRandom(seed);
  return Uint8Array.from({ length: voxelCount(g.dimensions) }, () => Math.floor(random.next() * labels));
};
const coarser = fc.constantFrom('majority', 'present');
const spacing = fc.integer({ min: 2, max: 40 }).map((n) => n / 10);

describe('labels on another grid', () => {
  it('[8.3-spacing] on their own grid are themselves, exactly', () => {
    fc.assert(
      fc.property(anyGrid(), coarser, (g, mode) => {
        const labels = labelled(g, 1, 4);
        expect(resampleLabels(labels, g, g, { coarser: mode })).toEqual(labels);
      }),
    );
  });

  it('[8.3-spacing] no label appears that was not there, on any grid', () => {
    fc.assert(
      fc.property(anyGrid(6), anyGrid(6), coarser, (g, to, mode) => {
        const labels = labelled(g, 2, 3).map((v) => [0, 17, 201][v]!);
        const out = resampleLabels(labels, g, { ...to, originLps: g.originLps }, { coarser: mode });
        const there = new Set([0, ...labels]);
        expect([...out].every((v) => there.has(v))).toBe(true);
      }),
    );
  });

  it('[8.3-spacing] made coarser along the axes, the label that fills most of what is covered wins; present: any but 0', () => {
    fc.assert(
      fc.property(anyGrid(5), spacing, spacing, fc.option(spacing), coarser, (g, x, y, z, mode) => {
        const labels = labelled(g, 3, 3);
        // Along every axis coarser, so that the rule is the same for all.
        const wanted = [x, y, z ?? 4].map((mm, a) => Math.max(mm, 1.01 * g.spacingMm[a]!)) as Triple;
        const made = gridWithSpacing(g, wanted);
        const out = resampleLabels(labels, g, made, { coarser: mode });
        const [nx, ny] = g.dimensions;
        let at = 0;
        for (let k = 0; k < made.dimensions[2]; k++)
          for (let j = 0; j < made.dimensions[1]; j++)
            for (let i = 0; i < made.dimensions[0]; i++, at++) {
              const centre = lpsToIndex(g, ...indexToLps(made, i, j, k));
              const covers = [0, 0, 0];
              for (let n = 0; n < labels.length; n++) {
                const ijk = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];
                const parts = ijk.map((v, a) => {
                  const half = made.spacingMm[a]! / g.spacingMm[a]! / 2;
                  return Math.max(0, Math.min(v + 0.5, centre[a]! + half) - Math.max(v - 0.5, centre[a]! - half));
                });
                if (parts.every((p) => p > 1e-6)) covers[labels[n]!]! += parts[0]! * parts[1]! * parts[2]!;
              }
              const most = Math.max(...(mode === 'present' && covers[1]! + covers[2]! > 0 ? covers.slice(1) : covers));
              expect(covers[out[at]!]!).toBeGreaterThan(most - 1e-6);
              if (mode === 'present') expect(out[at]! > 0).toBe(covers[1]! + covers[2]! > 0);
            }
      }),
      { numRuns: 60 },
    );
  });

  it('[8.3-spacing] a wall one voxel thick stays closed where it is to be present, along the axes and turned', () => {
    const g: VolumeGeometry = { dimensions: [48, 20, 20], spacingMm: [0.5, 1, 1], originLps: [0, 0, 0], directionLps: plain };
    fc.assert(
      fc.property(fc.integer({ min: 18, max: 30 }), spacing, fc.integer({ min: -40, max: 40 }), (place, mm, angle) => {
        const wall = sampled(g, () => 0).map((_, n) => (n % 48 === place ? 1 : 0));
        const size = Math.max(mm, 0.6);
        const middle: Triple = [12, 10, 10];
        const target: VolumeGeometry = {
          dimensions: [Math.ceil(14 / size), Math.ceil(6 / size), Math.ceil(6 / size)],
          spacingMm: [size, size, size],
          originLps: [0, 0, 0],
          directionLps: turned(angle, 0, angle / 2),
        };
        const corner = indexToLps(target, ...(target.dimensions.map((n) => (n - 1) / 2) as Triple));
        target.originLps = middle.map((v, a) => v - corner[a]!) as Triple;
        const out = resampleLabels(Uint8Array.from(wall), g, target, { coarser: 'present' });
        // Whoever walks along i, or from one voxel to its neighbour, meets the wall: every voxel that the wall's middle passes has it.
        const [nx, ny, nz] = target.dimensions;
        for (let k = 0; k < nz; k++)
          for (let j = 0; j < ny; j++)
            for (let i = 0; i < nx; i++) {
              const apart = Math.abs(lpsToIndex(g, ...indexToLps(target, i, j, k))[0] - place);
              if (apart < 0.5) expect(out[(k * ny + j) * nx + i]).toBe(1);
            }
      }),
    );
    const halved = gridWithSpacing(g, [2, null, null]);
    const thin = Uint8Array.from({ length: voxelCount(g.dimensions) }, (_, n) => (n % 48 === 21 ? 1 : 0));
    expect(resampleLabels(thin, g, halved, { coarser: 'present' }).reduce((sum, v) => sum + v, 0)).toBe(400);
    expect(resampleLabels(thin, g, halved).reduce((sum, v) => sum + v, 0)).toBe(0);
  });

  it('[8.3-spacing] a ball keeps its volume, finer, coarser and turned', () => {
    const g: VolumeGeometry = { dimensions: [40, 40, 30], spacingMm: [0.6, 0.6, 0.8], originLps: [0, 0, 0], directionLps: plain };
    const middle: Triple = [12, 12, 12];
    const ball = Uint8Array.from(sampled(g, (p) => (Math.hypot(...p.map((v, a) => v - middle[a]!)) < 9 ? 3 : 0)));
    const volume = (labels: Uint8Array, grid: VolumeGeometry) => labels.filter((v) => v === 3).length * voxelVolumeMm3(grid);
    const truth = volume(ball, g);
    const leaning: VolumeGeometry = { ...g, dimensions: [60, 60, 60], spacingMm: [0.5, 0.5, 0.5], directionLps: turned(20, -10, 35) };
    const corner = indexToLps({ ...leaning, originLps: [0, 0, 0] }, 29.5, 29.5, 29.5);
    leaning.originLps = middle.map((v, a) => v - corner[a]!) as Triple;
    for (const target of [gridWithSpacing(g, [0.3, 0.3, 0.3]), gridWithSpacing(g, [1.3, 1.3, null]), leaning])
      expect(volume(resampleLabels(ball, g, target), target) / truth).toBeCloseTo(1, 1.7);
  });

  it('[8.3-spacing] made finer, each voxel takes the largest linear weight: nested in its old label inside, and never outside of the old grid', () => {
    const g: VolumeGeometry = { dimensions: [6, 5, 4], spacingMm: [2, 2, 2], originLps: [0, 0, 0], directionLps: plain };
    const labels = labelled(g, 9, 4);
    const double = gridWithSpacing(g, [1, 1, 1]);
    const out = resampleLabels(labels, g, double);
    const [nx, ny] = g.dimensions;
    for (let n = 0; n < out.length; n++) {
      const at = lpsToIndex(g, ...indexToLps(double, n % 12, Math.floor(n / 12) % 10, Math.floor(n / 120)));
      const sums = [0, 0, 0, 0];
      for (let corner = 0; corner < 8; corner++) {
        let weight = 1;
        const ijk = at.map((v, a) => {
          const up = (corner >> a) & 1;
          weight *= up ? v - Math.floor(v) : 1 - (v - Math.floor(v));
          return Math.max(0, Math.min(g.dimensions[a]! - 1, Math.floor(v) + up));
        });
        sums[labels[(ijk[2]! * ny + ijk[1]!) * nx + ijk[0]!]!]! += weight;
      }
      expect(sums[out[n]!]!).toBeGreaterThan(Math.max(...sums) - 1e-9);
    }
    const beyond: VolumeGeometry = { ...g, originLps: [-3.2, 0, 0] };
    expect(resampleLabels(new Uint8Array(120).fill(1), g, beyond).slice(0, 6)).toEqual(Uint8Array.from([0, 0, 1, 1, 1, 1]));
  });

  it('can be stopped, and refuses labels that do not fit', () => {
    const g: VolumeGeometry = { dimensions: [3, 3, 3], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: plain };
    const stop = new Error('stopped');
    for (const directionLps of [plain, turned(30, 0, 0)])
      expect(() =>
        resampleLabels(new Uint8Array(27), g, { ...g, directionLps }, { coarser: 'majority' }, () => {
          throw stop;
        }),
      ).toThrow(stop);
    expect(() => resampleLabels(new Uint8Array(26), g, g)).toThrow(RangeError);
  });
});
