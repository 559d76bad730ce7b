import { describe, expect, it } from 'vitest';
import type { MeshFinish } from '../../contract/mesh.ts';
import { finishLines } from './finish-words.ts';

const plain: MeshFinish = {
  found: { triangles: 12, parts: 1, eulerNumber: 2 },
  grey: null,
  smoothing: { iterations: 0, greyToleranceMm: null, maskToleranceMm: 0.5, greyMovedMm: null, maskMovedMm: null },
  thickening: null,
  decimation: null,
  repairs: [],
};
const texts = (finish: MeshFinish) => Object.fromEntries(finishLines(finish).map((line) => [line.id, line.text]));

describe('[P-finish] what was done to a model, in words', () => {
  it('says nothing of what was not asked for', () => {
    expect(texts(plain)).toEqual({ surface: 'From the mask alone.', smoothing: 'Left as found.' });
  });
  it('names the tolerance that held where grey values decided and where the mask did', () => {
    const said = texts({
      ...plain,
      grey: { vertices: 90, part: 0.9, movedMm: { mean: 0.12, max: 0.7 } },
      smoothing: {
        iterations: 20,
        greyToleranceMm: 0.1,
        maskToleranceMm: 0.55,
        greyMovedMm: { mean: 0.02, max: 0.1 },
        maskMovedMm: { mean: 0.2, max: 0.41 },
      },
    });
    expect(said.surface).toContain('90.0 %');
    expect(said.surface).toContain('at most 0.70');
    expect(said.smoothing).toBe(
      '20 rounds. By grey values within 0.10 mm: moved at most 0.10. By the mask within 0.55 mm: moved at most 0.41.',
    );
  });
  it('tells reduction by its proven bound and what was measured, thickening by what it could not reach, each repair in its own words', () => {
    const said = texts({
      ...plain,
      thickening: { toMm: 0.5, side: 'left', vertices: 40, largestMm: 0.3, addedMm3: 120, leftMm2: 30 },
      decimation: { before: 4000, after: 1000, limitMm: 0.1, boundMm: 0.09, measuredMm: { mean: 0.01, p95: 0.03, max: 0.06 } },
      repairs: [
        { kind: 'dropped-part', count: 2, text: '2 parts were left out' },
        { kind: 'filled-hole', count: 1, text: '1 hole was closed' },
      ],
    });
    expect(said.thickening).toBe('To 0.5 mm, towards left: 40 points, at most 0.30 mm, 0.12 ml added. 0.30 cm² stay thinner.');
    expect(said.decimation).toContain('Proven within 0.090 mm either way, measured at most 0.060.');
    expect([said['repair-0'], said['repair-1']]).toEqual(['2 parts were left out.', '1 hole was closed.']);
  });
});
