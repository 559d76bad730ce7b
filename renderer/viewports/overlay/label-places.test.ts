import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Box, labelPlaces, type Px, type WantedLabel } from './label-places.ts';

const view: Box = { left: 6, top: 28, right: 434, bottom: 334 };
const kept: Box[] = [
  { left: 200, top: 310, right: 254, bottom: 334 },
  { left: 6, top: 160, right: 40, bottom: 184 },
];
const overlap = (a: Box, b: Box) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1e-9 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1e-9;
const within = (a: Box) => a.left >= view.left && a.right <= view.right && a.top >= view.top && a.bottom <= view.bottom;

const px = fc.tuple(fc.integer({ min: -60, max: 500 }), fc.integer({ min: -60, max: 400 })) as fc.Arbitrary<Px>;
const label: fc.Arbitrary<WantedLabel> = fc.record({
  width: fc.integer({ min: 20, max: 120 }),
  height: fc.constantFrom(14, 28, 42),
  points: fc.array(px, { minLength: 1, maxLength: 6 }),
  at: fc.option(px, { nil: null }),
  gap: fc.constantFrom(10, 22),
});
const wanted = (points: Px[], more: Partial<WantedLabel> = {}): WantedLabel => ({
  width: 60,
  height: 28,
  points,
  at: null,
  gap: 10,
  ...more,
});

/** Whether a label could stand anywhere, by trying every whole pixel. */
function hasRoom({ width, height }: WantedLabel, taken: readonly Box[]): boolean {
  for (let left = view.left; left + width <= view.right; left++)
    for (let top = view.top; top + height <= view.bottom; top++)
      if (!taken.some((one) => overlap(one, { left, top, right: left + width, bottom: top + height }))) return true;
  return false;
}

describe('[9.1-types] where the figures of markups stand', () => {
  test('never outside of the view, nor over another label or a letter while there is room, and the same every time', () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 24 }), (labels) => {
        const lines = labels.map((one) => one.points);
        const places = labelPlaces(labels, lines, view, kept);
        expect(labelPlaces(labels, lines, view, kept)).toEqual(places);
        const taken = [...kept];
        for (const [n, { box }] of places.entries()) {
          expect(within(box)).toBe(true);
          if (taken.some((one) => overlap(one, box)))
            // Labels keep a small distance from each other: room is where that fits too.
            expect(
              hasRoom(
                labels[n]!,
                taken.map((one, k) =>
                  k < kept.length ? one : { left: one.left - 4, top: one.top - 4, right: one.right + 4, bottom: one.bottom + 4 },
                ),
              ),
            ).toBe(false);
          taken.push(box);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a label more moves none before it', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 10 }), (labels) => {
        const all = labelPlaces(labels, [], view, kept);
        expect(labelPlaces(labels.slice(0, -1), [], view, kept)).toEqual(all.slice(0, -1));
      }),
      { numRuns: 50 },
    );
  });

  test('right of its drawing where that is free, left of it at the edge, beside its corner where it has one', () => {
    const line: Px[] = [
      [100, 100],
      [160, 140],
    ];
    expect(labelPlaces([wanted(line)], [line], view, kept)).toEqual([
      { box: { left: 170, top: 126, right: 230, bottom: 154 }, leader: null },
    ]);
    const far: Px[] = [
      [380, 100],
      [425, 140],
    ];
    expect(labelPlaces([wanted(far)], [far], view, kept)[0]!.box).toMatchObject({ right: 370, top: 86 });
    expect(labelPlaces([wanted(line, { at: [100, 100], gap: 22 })], [], view, kept)[0]!.box).toMatchObject({ left: 122, top: 86 });
  });

  test('off a line that passes where it would stand', () => {
    const line: Px[] = [
      [100, 100],
      [160, 140],
    ];
    const other: Px[] = [
      [165, 100],
      [300, 180],
    ];
    const [place] = labelPlaces([wanted(line)], [line, other], view, []);
    expect(place!.box).not.toMatchObject({ left: 170, top: 126 });
    expect(place!.leader).toBeNull();
  });

  test('six at one point stand apart; those that had to move away are led back to it', () => {
    const places = labelPlaces(
      Array.from({ length: 14 }, () => wanted([[220, 180]])),
      [],
      view,
      kept,
    );
    expect(places[0]!.leader).toBeNull();
    const led = places.filter((place) => place.leader);
    expect(led.length).toBeGreaterThan(0);
    for (const { leader, box } of led) {
      expect(leader![1]).toEqual([220, 180]);
      expect(leader![0][0] === box.left || leader![0][0] === box.right || leader![0][1] === box.top || leader![0][1] === box.bottom).toBe(
        true,
      );
    }
  });

  test('larger than the view it begins at its corner; without labels there is nothing', () => {
    expect(labelPlaces([wanted([[50, 50]], { width: 900, height: 500 })], [], view, [])[0]!.box).toEqual({
      left: 6,
      top: 28,
      right: 906,
      bottom: 528,
    });
    expect(labelPlaces([], [], view, kept)).toEqual([]);
  });
});
