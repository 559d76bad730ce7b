import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MarkupKind, markupKinds, markupPoints } from '../../../contract/markups.ts';
import { indexToLps, type Triple } from '../../../kernels/volume/geometry.ts';
import { draftOf, type ForeignMarkup, givenWords, spatialOutline } from './markup-outline.ts';
import { grids } from './object-input.fixture.ts';
import type { ObjectTarget } from './object-input.ts';

const target: ObjectTarget = { ...grids.turned!, seriesInstanceUid: '1.2', source: null };
const mm = fc.oneof(fc.constantFrom(0, 1, -1), fc.double({ min: -200, max: 200, noNaN: true }));
const anyMarkup = fc.constantFrom(...markupKinds).chain((kind) => {
  const { least, most } = markupPoints[kind];
  return fc
    .array(fc.tuple(mm, mm, mm), { minLength: least, maxLength: most ?? least + 6 })
    .map((pointsLps) => ({ kind, pointsLps, normalLps: null }));
});
const foreign = (change: Partial<ForeignMarkup> & Pick<ForeignMarkup, 'outline'>): ForeignMarkup => ({
  name: 'A',
  text: '',
  kind: null,
  through: null,
  ...change,
});
const worst = (a: readonly Triple[], b: readonly Triple[]) =>
  a.length === b.length ? Math.max(...a.map((point, n) => Math.hypot(...point.map((v, axis) => v - b[n]![axis]!)))) : Infinity;

describe('markups as shapes that others know', () => {
  test('[9.1-interop] any markup comes back as it was given, whatever its points, by shape and our words', () => {
    fc.assert(
      fc.property(anyMarkup, (markup) => {
        const back = draftOf(foreign({ outline: spatialOutline(markup), text: 'x', ...givenWords(markup) }), target);
        expect(back?.kind).toBe(markup.kind);
        expect(worst(back!.pointsLps, markup.pointsLps)).toBeLessThan(0.01);
      }),
      { numRuns: 500 },
    );
  });

  test('[9.1-interop] without our words it is what it looks like: the same points of a kind that has them', () => {
    const looks: Record<string, MarkupKind[]> = {
      POINT: ['point'],
      POLYLINE: ['line', 'polyline', 'polygon'],
      POLYGON: ['polygon'],
      ELLIPSE: ['ellipse'],
    };
    fc.assert(
      fc.property(anyMarkup, (markup) => {
        const outline = spatialOutline(markup);
        const back = draftOf(foreign({ outline }), target);
        expect(looks[outline.shape]).toContain(back?.kind);
        // Of an ellipse three of the four ends; points that are one may be left out where a line comes back to its beginning.
        const points = outline.shape === 'ELLIPSE' ? outline.pointsLps.filter((_, n) => n !== 2) : outline.pointsLps;
        expect(worst(back!.pointsLps, points.slice(0, back!.pointsLps.length))).toBeLessThan(0.01);
      }),
      { numRuns: 300 },
    );
  });

  test('[9.1-interop] an ellipse is told by the ends of its longer axis first, and drawn the same from three of them', () => {
    const outline = spatialOutline({
      kind: 'ellipse',
      pointsLps: [
        [-1, 0, 0],
        [1, 0, 0],
        [0.5, 3, 0],
      ],
      normalLps: null,
    });
    expect(outline).toEqual({
      shape: 'ELLIPSE',
      pointsLps: [
        [0, -3, 0],
        [0, 3, 0],
        [-1, 0, 0],
        [1, 0, 0],
      ],
    });
    const back = draftOf(foreign({ outline }), target)!;
    expect(spatialOutline(back).pointsLps).toEqual(outline.pointsLps);
  });

  test('[9.1-interop] the plane is that of the points, along an axis of the grid where it is one; of a line that of its slice', () => {
    const at = (i: number, j: number, k: number) => indexToLps(target, i, j, k);
    const normal = (pointsLps: Triple[]) => draftOf(foreign({ outline: { shape: 'POLYLINE', pointsLps } }), target)!.normalLps;
    const [i, j, k] = [0, 1, 2].map((axis) => target.directionLps.slice(axis * 3, axis * 3 + 3) as Triple);
    expect(normal([at(1, 1, 3), at(7, 1, 3), at(5, 6, 3)])).toEqual(k);
    expect(normal([at(1, 1, 3), at(5, 6, 3), at(7, 1, 3)])).toEqual(k);
    expect(normal([at(1, 4, 3), at(7, 4, 1), at(5, 4, 5)])).toEqual(j);
    expect(normal([at(1, 1, 3), at(7, 2, 3)])).toEqual(k);
    expect(normal([at(2, 1, 3), at(2, 2, 5)])).toEqual(i);
    expect(normal([at(1, 1, 3), at(7, 2, 4)])).toBeNull();
    expect(normal([at(1, 1, 3), at(7, 2, 4), at(3, 6, 5), at(2, 2, 0)])).toBeNull();
  });

  test('[9.1-interop] what is no place or no kind of ours is none; a text without words is a point', () => {
    const point: Triple[] = [[1, 2, 3]];
    expect(draftOf(foreign({ outline: { shape: 'POINT', pointsLps: [[1, 2, 1e7]] } }), target)).toBeNull();
    expect(draftOf(foreign({ outline: { shape: 'POINT', pointsLps: [] } }), target)).toBeNull();
    expect(draftOf(foreign({ outline: { shape: 'ELLIPSOID', pointsLps: point } }), target)).toBeNull();
    expect(draftOf(foreign({ outline: { shape: 'MULTIPOINT', pointsLps: point } }), target)).toBeNull();
    expect(draftOf(foreign({ outline: { shape: 'POLYLINE', pointsLps: point } }), target)).toBeNull();
    expect(draftOf(foreign({ outline: { shape: 'POLYLINE', pointsLps: Array(5000).fill(point[0]) } }), target)).toBeNull();
    expect(draftOf(foreign({ outline: { shape: 'POINT', pointsLps: point }, kind: 'text', name: ' ' }), target)).toMatchObject({
      kind: 'point',
      name: 'point',
    });
    expect(
      draftOf(foreign({ outline: { shape: 'POINT', pointsLps: point }, kind: '__proto__', text: 'x'.repeat(3000) }), target)?.text,
    ).toHaveLength(2000);
  });
});
