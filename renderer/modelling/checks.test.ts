import { describe, expect, it } from 'vitest';
import type { MeshReport, WallFigures } from '../../contract/mesh.ts';
import { meshChecks } from './checks.ts';
import { defaults } from './draft.ts';

const sound: MeshReport = {
  triangles: 12,
  vertices: 8,
  parts: 1,
  cavities: 0,
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
    const of = (change: Partial<MeshReport>) => meshChecks({ ...sound, ...change }).find((c) => c.id === 'parts');
    const hollow = of({ parts: 138, cavities: 133 });
    expect(hollow).toMatchObject({ of: 'info', found: '5 bodies, 133 cavities', repair: { change: { dropPartsBelowMm3: 50 } } });
    expect(hollow?.why).toContain('Fill holes in Clean closes cavities');
    expect(of({ parts: 2, cavities: 1 })).toMatchObject({ of: 'info', found: '1 body, 1 cavity', repair: null });
    expect(of({ parts: 3 })?.why).not.toContain('cavities');
    expect(of({ parts: 3, cavities: null })).toMatchObject({ of: 'info', found: '3', why: expect.stringContaining('cavities') });
    expect(meshChecks({ ...sound, parts: 3 }).filter((c) => c.of === 'warn' || c.of === 'bad')).toEqual([]);
    expect(state(sound, 'parts')).toBe('ok');
  });
  it('warn about parts beside another fault', () => {
    expect(state({ ...sound, parts: 3, openEdges: 2 }, 'parts')).toBe('warn');
    expect(state({ ...sound, parts: 3, degenerateTriangles: 1 }, 'parts')).toBe('warn');
  });
});

const thin: WallFigures = {
  minimumMm: 0.31,
  p05Mm: 0.4,
  medianMm: 2,
  belowMm2: 240,
  belowPart: 0.06,
  limitMm: 0.5,
  thinnestLps: [1, 2, 3],
};
const row = (r: MeshReport, id: string, settings = defaults) => meshChecks(r, settings).find((c) => c.id === id);

describe('[P-print] repairs that a check offers', () => {
  it('mends crossings where mending was off, and offers nothing where it was on and left some', () => {
    const crossed = { ...sound, selfIntersections: 3 };
    expect(row(crossed, 'self-intersections', { ...defaults, mendSelfIntersections: false })?.repair?.change).toEqual({
      mendSelfIntersections: true,
    });
    expect(row(crossed, 'self-intersections')).toMatchObject({ of: 'warn', repair: null, why: expect.stringContaining('left these') });
    expect(row({ ...sound, selfIntersections: 0 }, 'self-intersections')).toMatchObject({ of: 'ok', repair: null });
  });
  it("thickens to the printer's wall, once", () => {
    const r = { ...sound, walls: thin };
    expect(row(r, 'walls')).toMatchObject({ of: 'warn', found: '0.31 mm', repair: { change: { thickenToMm: 0.5 } } });
    expect(row(r, 'walls')?.why).toContain("2.40 cm² (6.0 %) under the printer's 0.5 mm");
    expect(row(r, 'walls', { ...defaults, thickenToMm: 0.5 })).toMatchObject({ of: 'warn', repair: null });
    expect(row(r, 'walls')?.why).not.toContain('folds');
    expect(row({ ...sound, walls: { ...thin, minimumMm: 0.56 } }, 'walls')?.why).toContain('Only in folds');
    expect(row({ ...sound, walls: { ...thin, belowMm2: 0 } }, 'walls')?.of).toBe('ok');
    expect(row(sound, 'walls')?.of).toBe('unknown');
  });
  it('drops parts in steps, and stops where a part may be anatomy', () => {
    const r = { ...sound, parts: 4 };
    expect(row(r, 'parts')?.repair?.change).toEqual({ dropPartsBelowMm3: 50 });
    expect(row(r, 'parts', { ...defaults, dropPartsBelowMm3: 50 })?.repair?.change).toEqual({ dropPartsBelowMm3: 1000 });
    expect(row(r, 'parts', { ...defaults, dropPartsBelowMm3: 1000 })?.repair).toBeNull();
  });
  it('says by how much a model is too large, turned as it fits best, and offers nothing', () => {
    const large = { ...sound, boundsLps: { min: [0, 0, 0], max: [100, 20, 262.5] } } satisfies MeshReport;
    expect(row(large, 'build')).toMatchObject({ of: 'warn', repair: null, why: expect.stringContaining('12.5 mm too long') });
    expect(row(large, 'build', { ...defaults, buildMm: [300, 50, 150] })?.of).toBe('ok');
  });
});
