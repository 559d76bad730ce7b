import { describe, expect, it } from 'vitest';
import { directionWords, gapsMm } from './geometry-words.ts';
import { patientAxes } from './VolumeSlice.tsx';

describe('geometry in words', () => {
  it('[7.2-dicom] tells the least and the most gap of the slice positions', () => {
    expect(gapsMm([0, 1.5, 3, 5])).toEqual({ least: 1.5, most: 2 });
    expect(gapsMm([3])).toBeNull();
  });
  it('names directions along the patient axes and prints the numbers of oblique ones', () => {
    expect(directionWords([1, 0, 0])).toBe('to left');
    expect(directionWords([0, 0, -1])).toBe('to inferior');
    expect(directionWords([0, 0.8, 0.6])).toBe('0.0000, 0.8000, 0.6000');
  });
  it('finds the index axis that runs along each patient axis', () => {
    // a sagittal series: columns to posterior, rows to inferior, slices to right
    expect(patientAxes([0, 1, 0, 0, 0, -1, -1, 0, 0])).toEqual([
      { axis: 2, forward: false },
      { axis: 0, forward: true },
      { axis: 1, forward: false },
    ]);
  });
});
