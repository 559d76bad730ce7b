import { describe, expect, it } from 'vitest';
import type { MeshReport } from '../../contract/mesh.ts';
import { meshChecks } from './checks.ts';

const sound: MeshReport = {
  triangles: 12,
  vertices: 8,
  parts: 1,
  openEdges: 0,
  nonManifoldEdges: 0,
  misorientedEdges: 0,
  degenerateTriangles: 0,
  selfIntersections: null,
  eulerNumber: 2,
  genus: 0,
  volumeMm3: 1,
  areaMm2: 6,
  boundsLps: { min: [0, 0, 0], max: [1, 1, 1] },
  deviationMm: { mean: 0.01, p95: 0.03, max: 0.08 },
  sha256: 'x',
  finish: null,
  walls: null,
  warnings: [],
};
const state = (r: MeshReport, id: string) => meshChecks(r).find((c) => c.id === id)?.of;

const failed = (r: MeshReport) => meshChecks(r).some((c) => c.of === 'bad');

describe('checks of a model', () => {
  it('pass a closed, manifold, outward mesh and call what was not checked unknown', () => {
    expect(failed(sound)).toBe(false);
    expect(state(sound, 'self-intersections')).toBe('unknown');
  });
  it.each([
    ['closed', { openEdges: 1 }],
    ['manifold', { nonManifoldEdges: 2 }],
    ['outward', { misorientedEdges: 1 }],
    ['outward', { volumeMm3: -1 }],
  ])('fail %s for %o', (id, change) => {
    const broken = { ...sound, ...change };
    expect(state(broken, id)).toBe('bad');
    expect(failed(broken)).toBe(true);
  });
  it('tell the parts of a sound model without a warning', () => {
    const parts = meshChecks({ ...sound, parts: 3 }).find((c) => c.id === 'parts');
    expect(parts).toMatchObject({ of: 'info', found: '3', why: expect.stringContaining('cavities') });
    expect(meshChecks({ ...sound, parts: 3 }).filter((c) => c.of === 'warn' || c.of === 'bad')).toEqual([]);
    expect(state(sound, 'parts')).toBe('ok');
  });
  it('warn about parts beside another fault', () => {
    expect(state({ ...sound, parts: 3, openEdges: 2 }, 'parts')).toBe('warn');
    expect(state({ ...sound, parts: 3, degenerateTriangles: 1 }, 'parts')).toBe('warn');
  });
});
