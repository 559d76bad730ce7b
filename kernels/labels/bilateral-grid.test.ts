import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { bilateralCells, createBilateralGrid } from './bilateral-grid.ts';
import { gaussianTaps } from './blur-axis.ts';
import { createPositionFilter } from './position-filter.ts';

const settings = { sigmaMm: 1.5, sigmaHu: 60, rangeHu: [-300, 700] as [number, number] };

function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The kernel from one voxel to all. */
function kernelFrom(hu: Float32Array, dimensions: Triple, spacingMm: Triple, from: number): Float32Array {
  const grid = createBilateralGrid(hu, dimensions, spacingMm, settings);
  grid.put(Int32Array.of(from), Float32Array.of(1));
  grid.blur();
  const out = new Float32Array(hu.length);
  grid.read(null, out);
  return out;
}

test('[13-crf] filter over position and HU against the sum over all pairs, each over its own sum of ones: RMS 0.03, furthest 0.08 of 1', () => {
  const dimensions: Triple = [17, 15, 9];
  const spacingMm: Triple = [0.47, 0.43, 0.8];
  const random = stream(5);
  const hu = Float32Array.from({ length: 17 * 15 * 9 }, () => -150 + random() * 500);
  const place = (at: number) => [(at % 17) * 0.47, (Math.floor(at / 17) % 15) * 0.43, Math.floor(at / 255) * 0.8];
  const values = Float32Array.from({ length: hu.length }, (_, at) => (place(at)[0] > 4 + random() ? 1 : -1));
  const grid = createBilateralGrid(hu, dimensions, spacingMm, settings);
  const filtered = [values, new Float32Array(hu.length).fill(1)].map((put) => {
    const out = new Float32Array(hu.length);
    grid.put(null, put);
    grid.blur();
    grid.read(null, out);
    return out;
  });
  const errors = Array.from({ length: 150 }, (_, n) => {
    const a = (n * 1009) % hu.length;
    let sum = 0;
    let ones = 0;
    for (let b = 0; b < hu.length; b++) {
      const [p, r] = [place(a), place(b)];
      const mm2 = p.reduce((all, v, axis) => all + (v - r[axis]) ** 2, 0);
      const kernel = Math.exp(-mm2 / (2 * settings.sigmaMm ** 2) - (hu[a] - hu[b]) ** 2 / (2 * settings.sigmaHu ** 2));
      sum += kernel * values[b];
      ones += kernel;
    }
    return Math.abs(filtered[0][a] / filtered[1][a] - sum / ones);
  });
  expect(Math.max(...errors)).toBeLessThan(0.08);
  expect(Math.sqrt(errors.reduce((s, e) => s + e * e, 0) / errors.length)).toBeLessThan(0.03);
});

test('[13-crf] fast kernel of one pair, in the mean over where the pair lies between the cells, is the Gaussian but for 0.03 of its peak', () => {
  // One axis alone: a row of voxels much finer than a cell, all of one HU.
  const dimensions: Triple = [400, 1, 1];
  const spacingMm: Triple = [0.031, 1, 1];
  const grid = createBilateralGrid(new Int16Array(400), dimensions, spacingMm, settings);
  const apart = [0, 10, 24, 48, 72, 97, 130];
  const sums = apart.map(() => 0);
  const out = new Float32Array(400);
  // One whole cell of starts, in the middle of the row.
  for (let from = 130; from < 178; from++) {
    grid.put(Int32Array.of(from), Float32Array.of(1));
    grid.blur();
    grid.read(null, out);
    apart.forEach((step, n) => {
      sums[n] += out[from + step];
    });
  }
  const exact = apart.map((step) => Math.exp(-((step * 0.031) ** 2) / (2 * settings.sigmaMm ** 2)));
  const factor = exact.reduce((s, e, n) => s + e * sums[n], 0) / sums.reduce((s, v) => s + v * v, 0);
  for (const [n, e] of exact.entries()) expect(Math.abs(factor * sums[n] - e)).toBeLessThan(0.03);
});

test('[13-crf] fast kernel is symmetric, and its value of a voxel with itself is what put and read give', () => {
  const dimensions: Triple = [7, 6, 5];
  const hu = Float32Array.from({ length: 210 }, (_, n) => ((n * 137) % 900) - 250);
  const kernels = Array.from({ length: 210 }, (_, n) => kernelFrom(hu, dimensions, [0.5, 0.6, 0.9], n));
  const self = new Float32Array(210);
  createBilateralGrid(hu, dimensions, [0.5, 0.6, 0.9], settings).self(
    Int32Array.from({ length: 210 }, (_, n) => n),
    self,
  );
  for (let a = 0; a < 210; a++) {
    expect(self[a]).toBeCloseTo(kernels[a][a], 6);
    for (let b = 0; b < a; b++) expect(kernels[a][b]).toBeCloseTo(kernels[b][a], 6);
  }
});

test('[13-crf] chosen voxels read what all of them read', () => {
  const dimensions: Triple = [5, 4, 3];
  const hu = Int16Array.from({ length: 60 }, (_, n) => n * 11 - 200);
  for (const filter of [createBilateralGrid(hu, dimensions, [1, 1, 1], settings), createPositionFilter(dimensions, [1, 1, 1], 1.2)]) {
    const values = Float32Array.from({ length: 60 }, (_, n) => (n % 7) - 3);
    filter.put(null, values);
    filter.blur();
    const all = new Float32Array(60);
    filter.read(null, all);
    const some = Int32Array.of(0, 7, 31, 59);
    const read = new Float32Array(4);
    filter.put(some, Float32Array.of(9, 9, 9, 9));
    filter.put(
      Int32Array.from({ length: 60 }, (_, n) => n),
      values,
    );
    filter.blur();
    filter.read(some, read);
    expect(Array.from(read)).toEqual(Array.from(some, (n) => all[n]));
  }
});

test('[13-crf] position kernel is the product of its taps', () => {
  const filter = createPositionFilter([9, 7, 5], [0.5, 0.7, 1], 0.9);
  filter.put(Int32Array.of((2 * 7 + 3) * 9 + 4), Float32Array.of(1));
  filter.blur();
  const out = new Float32Array(315);
  filter.read(null, out);
  const taps = [0.5, 0.7, 1].map((mm) => gaussianTaps(0.9 / mm));
  for (let at = 0; at < 315; at++) {
    const apart = [Math.abs((at % 9) - 4), Math.abs((Math.floor(at / 9) % 7) - 3), Math.abs(Math.floor(at / 63) - 2)];
    expect(out[at]).toBeCloseTo(
      apart.reduce((product, n, axis) => product * (taps[axis][n] ?? 0), 1),
      6,
    );
  }
});

test('[13-crf] cells of a grid are known before it is made', () => {
  expect(bilateralCells([260, 224, 90], [0.45, 0.45, 0.75], { sigmaMm: 2, sigmaHu: 60, rangeHu: [-300, 700] })).toBe(60 * 52 * 35 * 18);
});
