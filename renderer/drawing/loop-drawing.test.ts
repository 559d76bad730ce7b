import { expect, test } from 'vitest';
import { LoopDrawing } from './loop-drawing.ts';
import { draggedLoop, encloses } from './loop-shape.ts';

test('[9.1-types] a rectangle and an ellipse lie in the box of the drag, a circle round its beginning', () => {
  expect(draggedLoop('rectangle', [2, 3], [10, 7])).toEqual([
    [2, 3],
    [10, 3],
    [10, 7],
    [2, 7],
  ]);
  const ellipse = draggedLoop('ellipse', [2, 3], [10, 7]);
  for (const [x, y] of ellipse) expect(((x - 6) / 4) ** 2 + ((y - 5) / 2) ** 2).toBeCloseTo(1, 9);
  for (const [x, y] of draggedLoop('circle', [2, 3], [5, 7])) expect(Math.hypot(x - 2, y - 3)).toBeCloseTo(5, 9);
});

test('[9.1-types] what has no area is no line: a click, a stroke along one way', () => {
  expect(
    encloses(
      [
        [0, 0],
        [9, 9],
      ],
      3,
    ),
  ).toBe(false);
  expect(
    encloses(
      [
        [0, 0],
        [5, 1],
        [9, 2],
      ],
      3,
    ),
  ).toBe(false);
  expect(
    encloses(
      [
        [0, 0],
        [5, 1],
        [9, 3],
      ],
      3,
    ),
  ).toBe(true);
  const drawing = new LoopDrawing('rectangle', [4, 4]);
  expect(drawing.finished()).toBeNull();
  drawing.move([5, 40]);
  expect(drawing.finished()).toBeNull();
  drawing.move([15, 40]);
  expect(drawing.finished()).toHaveLength(4);
});

test('[9.1-types] a polygon closes on its first corner, takes a corner back, and a double click is one corner', () => {
  const drawing = new LoopDrawing('polygon', [0, 0]);
  expect(drawing.click([50, 0])).toBe(false);
  expect(drawing.click([51, 1])).toBe(false);
  expect(drawing.corners).toEqual([
    [0, 0],
    [50, 0],
  ]);
  // Two corners have no inside yet: the first one is not a way to close.
  expect(drawing.click([1, 1])).toBe(false);
  expect(drawing.takeBack()).toBe(true);
  drawing.click([50, 50]);
  drawing.move([0, 50]);
  expect(drawing.line).toHaveLength(4);
  expect(drawing.click([3, 4])).toBe(true);
  expect(drawing.finished()).toEqual([
    [0, 0],
    [50, 0],
    [50, 50],
  ]);
  expect([drawing.takeBack(), drawing.takeBack(), drawing.takeBack()]).toEqual([true, true, false]);
});

test('[9.1-types] a line drawn by hand leaves out points of the same place, and never grows beyond what the service takes', () => {
  const drawing = new LoopDrawing('freehand', [0, 0]);
  drawing.move([1, 0]);
  drawing.move([2, 0]);
  expect(drawing.line).toEqual([
    [0, 0],
    [2, 0],
  ]);
  for (let n = 0; n < 30_000; n++) drawing.move([400 * Math.cos(n), 400 * Math.sin(n)]);
  expect(drawing.line.length).toBeLessThanOrEqual(8192);
  expect(drawing.line[0]).toEqual([0, 0]);
});
