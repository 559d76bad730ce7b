import { describe, expect, it } from 'vitest';
import type { Island } from '../../../contract/segmentation.ts';
import { keptBy } from './kept-by.ts';

const islands: Island[] = [
  { voxels: 900, volumeMm3: 450, seedLps: [1, 2, 3] },
  { voxels: 100, volumeMm3: 50, seedLps: [4, 5, 6] },
  { voxels: 2, volumeMm3: 1, seedLps: [7, 8, 9] },
];

describe('islands before they are dropped', () => {
  it('[13-ccl] tells which islands each choice keeps and how much goes', () => {
    expect(keptBy({ keep: 'largest', minimumMm3: 50, seed: null }, islands)).toEqual({ stays: new Set([0]), droppedMm3: 51 });
    expect(keptBy({ keep: 'minimum', minimumMm3: 50, seed: null }, islands)).toEqual({ stays: new Set([0, 1]), droppedMm3: 1 });
    expect(keptBy({ keep: 'all', minimumMm3: 50, seed: null }, islands)?.droppedMm3).toBe(0);
  });
  it('[13-ccl] says nothing about a clicked point that is no listed seed', () => {
    expect(keptBy({ keep: 'seed', minimumMm3: 50, seed: [4, 5, 6] }, islands)).toEqual({ stays: new Set([1]), droppedMm3: 451 });
    expect(keptBy({ keep: 'seed', minimumMm3: 50, seed: [4, 5, 7] }, islands)).toBeNull();
  });
});
