import { describe, expect, test } from 'vitest';
import type { Segment } from '../../contract/case.ts';
import { madeOf, originOf } from './technique-words.ts';

const threshold = { sequence: 2, name: 'Threshold 200 HU and above', parameters: { method: 'threshold', lowHu: 200 } };
const strokes = (addedVoxels: number, removedVoxels: number) => ({
  sequence: 3,
  name: '3 strokes by hand',
  parameters: { strokes: 3, addedVoxels, removedVoxels },
});
const segment = (technique: Segment['technique'], voxels = 10_000, more: Partial<Segment> = {}): Segment =>
  ({ technique, voxels, network: null, ...more }) as Segment;

describe('[9.1-values] what a segment was made of, in the list', () => {
  test('what made it alone, where nobody has drawn on it', () => {
    expect(originOf(segment([threshold]))).toBe('threshold');
    expect(originOf(segment([{ sequence: 1, name: 'Load', parameters: { file: 'a.dcm' } }]))).toBe('imported');
    expect(originOf(segment([{ sequence: 1, name: 'Carry', parameters: { labels: 'majority' } }]))).toBe('carried');
    expect(madeOf(segment([threshold]))).toBe('Made by threshold');
  });

  test('a stroke does not make it the work of a hand: the share that was drawn stands beside what made it', () => {
    expect(originOf(segment([threshold, strokes(150, 50)]))).toBe('threshold, hand 2 %');
    expect(originOf(segment([threshold, strokes(150, 50)]), true)).toBe('threshold + hand');
    expect(originOf(segment([threshold, strokes(4, 0)]))).toBe('threshold, hand < 0.1 %');
    expect(originOf(segment([threshold, strokes(40, 6), strokes(0, 4)]))).toBe('threshold, hand 0.5 %');
    expect(madeOf(segment([threshold, strokes(1500, 50)]))).toBe(
      'Made by threshold; strokes by hand added 1\u202f500 and removed 50 of its 10\u202f000 voxels, some perhaps more than once',
    );
  });

  test('without a share where strokes changed as much as there is, or all went', () => {
    expect(originOf(segment([threshold, strokes(9000, 4000)]))).toBe('threshold + hand');
    expect(originOf(segment([threshold, strokes(0, 9000)], 0))).toBe('threshold + hand');
    expect(originOf(segment([threshold, strokes(0, 0)]))).toBe('threshold');
  });

  test('tools that follow a hand are told, and a segment that began empty is by hand', () => {
    const scissors = { sequence: 4, name: 'Scissors', parameters: { effect: 'scissors' } };
    expect(originOf(segment([threshold, scissors]))).toBe('threshold + tools');
    expect(originOf(segment([threshold, strokes(100, 0), scissors]))).toBe('threshold, hand 1 %');
    const manual = { sequence: 1, name: 'By hand', parameters: { method: 'manual' } };
    expect(originOf(segment([manual, strokes(500, 0)], 500))).toBe('hand');
    expect(originOf(segment([manual], 0))).toBe('hand');
  });

  test('of a network by its name, with or without a hand', () => {
    const network = { settings: { method: 'default' } } as Segment['network'];
    expect(originOf(segment([], 100, { network }))).toBe('network');
    expect(originOf(segment([strokes(1, 0)], 100, { network }))).toBe('network, hand 1 %');
  });
});
