import { expect, test } from 'vitest';
import { nextBrushSize, wheelSteps } from './wheel.ts';

test('one notch of a mouse is one slice on every platform, small moves of a touch pad add up', () => {
  for (const notch of [53, 100, 120]) expect(wheelSteps(notch, 0)).toEqual({ steps: 1, left: 0 });
  expect(wheelSteps(-120, 30).steps).toBe(-1);
  expect(wheelSteps(480, 0).steps).toBe(4);
  let left = 0;
  let slices = 0;
  for (let n = 0; n < 30; n++) {
    const turned = wheelSteps(5, left);
    slices += turned.steps;
    left = turned.left;
  }
  expect(slices).toBe(3);
  expect(wheelSteps(-5, 45)).toEqual({ steps: 0, left: -5 });
});

test('brush sizes grow and shrink within 0.5 and 40 mm', () => {
  expect(nextBrushSize(4, 1)).toBe(4.4);
  expect(nextBrushSize(0.5, -3)).toBe(0.5);
  expect(nextBrushSize(0.5, 1)).toBe(0.6);
  expect(nextBrushSize(39.5, 1)).toBe(40);
});
