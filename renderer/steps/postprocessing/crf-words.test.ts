import { expect, test } from 'vitest';
import { effectOf } from './crf-words.ts';

const segment = (parameters: Record<string, unknown>) => ({
  technique: [
    { sequence: 1, name: 'Threshold', parameters: {} },
    { sequence: 2, name: 'Clean', parameters },
  ],
  voxels: 1000,
  volumeMm3: 500,
});

test('[13-crf] the effect is told in voxels and ml, with what stayed; nothing is told of a clean without a field', () => {
  const words = effectOf(segment({ crfAdded: 2400, crfRemoved: 1, crfHeld: 7 }));
  expect(words).toContain('(1.2 ml) added');
  expect(words).toMatch(/2.?400 voxels/);
  expect(words).toContain('1 voxel (');
  expect(words).toContain('7 stayed');
  expect(effectOf(segment({ crfAdded: 0, crfRemoved: 0, crfHeld: 0 }))).not.toContain('stayed');
  expect(effectOf(segment({ keep: 'largest' }))).toBeNull();
});
