import { expect, test } from 'vitest';
import type { MeshFinish, MeshReport } from '../../contract/mesh.ts';
import { surfaceFacts, surfaceLines } from './surface-words.ts';

const report = (volumeMm3: number, finish: Partial<MeshFinish>): MeshReport =>
  ({ volumeMm3, finish: { grey: null, thickening: null, repairs: [], ...finish } }) as unknown as MeshReport;
const grey = { vertices: 10, part: 1, movedMm: { mean: 0.1, max: 0.2 } };

test('[P-surface] it is told where the mask alone decided, and why', () => {
  const alone = report(1000, {});
  expect(surfaceLines(alone, 1000, 'grey')).toEqual(['surface of the mask alone: no image in HU']);
  expect(surfaceLines(alone, 1000, undefined)).toEqual(['surface of the mask alone: no image in HU']);
  expect(surfaceLines(alone, 1000, 'mask')).toEqual(['surface of the mask alone: as asked']);
  expect(surfaceFacts(alone, 1000)).toEqual({ surface: 'mask', segmentVolumeMm3: 1000 });
  expect(surfaceFacts(report(1000, { grey }), 1000).surface).toBe('grey');
});

test("[P-surface] a volume that is more than 2 % off the segment's is told beside it, with what moved it", () => {
  expect(surfaceLines(report(463_700, { grey }), 554_400, undefined)).toEqual([
    'segment 554.4 ml, model 463.7 ml: points lie at the half-maximum, not at the threshold',
  ]);
  for (const same of [980, 1020]) expect(surfaceLines(report(same, { grey }), 1000, 'grey')).toEqual([]);
  const repairs: MeshFinish['repairs'] = [{ kind: 'dropped-part', count: 2, text: '' }];
  expect(surfaceLines(report(900, { repairs }), 1000, 'mask')[1]).toBe('segment 1.0 ml, model 0.9 ml: parts were left out');
  expect(surfaceLines(report(900, {}), 1000, 'mask')[1]).toBe('segment 1.0 ml, model 0.9 ml');
});
