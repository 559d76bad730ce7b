import { describe, expect, it } from 'vitest';
import type { Rgb } from './compose.ts';
import { layMaskPreview } from './mask-preview.ts';
import type { PlaneGrid } from './plane-grid.ts';

const side = 24;
const grid: PlaneGrid = {
  width: side,
  height: side,
  offsets: Int32Array.from({ length: side * side }, (_, n) => n),
  left: 0,
  top: 0,
  right: side,
  bottom: side,
};
const square = (from: number, to: number) =>
  Uint8Array.from({ length: side * side }, (_, n) => {
    const [x, y] = [n % side, Math.floor(n / side)];
    return x >= from && x < to && y >= from && y < to ? 1 : 0;
  });
const rgb: Rgb = [200, 40, 10];
const drawn = (mask: Uint8Array, next: Uint8Array) => {
  const picture = new Uint32Array(side * side);
  const told = layMaskPreview(grid, mask, next, { rgb, fill: 0.3, lineWidthPx: 1, stripePx: 2 }, new Uint8Array(side * side), picture);
  return { ...told, alpha: (x: number, y: number) => picture[y * side + x]! >>> 24 };
};

describe('[M-combine] a mask as it would be, over the slices', () => {
  it('tells what stays, what comes and what goes apart', () => {
    const grown = drawn(square(8, 16), square(4, 20));
    expect([grown.added, grown.removed]).toEqual([192, 0]);
    expect(grown.alpha(12, 12)).toBe(77);
    expect(grown.alpha(6, 12)).toBe(128);
    expect(grown.alpha(2, 12)).toBe(0);

    const shrunk = drawn(square(4, 20), square(8, 16));
    expect([shrunk.added, shrunk.removed]).toEqual([0, 192]);
    // Struck through: stripes, and the image between them.
    const row = Array.from({ length: 16 }, (_, n) => shrunk.alpha(4 + n, 5));
    expect(new Set(row)).toEqual(new Set([0, 255]));
  });
  it('dashes the outline of what would be', () => {
    const { alpha } = drawn(square(4, 20), square(4, 20));
    const top = Array.from({ length: 16 }, (_, n) => alpha(4 + n, 4));
    expect(new Set(top)).toEqual(new Set([77, 255]));
  });
  it('draws nothing of nothing', () => {
    const { added, removed, alpha } = drawn(square(0, 0), square(0, 0));
    expect([added, removed, alpha(3, 3)]).toEqual([0, 0, 0]);
  });
});
