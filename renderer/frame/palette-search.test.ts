import { describe, expect, it } from 'vitest';
import { matches, pointIn } from './palette-search.ts';

describe('palette', () => {
  it('reads a patient point in the forms that people type, and nothing else', () => {
    expect(pointIn('12.5, -80, 55')).toEqual([12.5, -80, 55]);
    expect(pointIn('LPS 3.6, −143.6, 49.4 mm')).toEqual([3.6, -143.6, 49.4]);
    expect(pointIn('1 2')).toBeNull();
    expect(pointIn('window 1 2 3')).toBeNull();
  });
  it('finds a command by words in any order', () => {
    const command = { title: 'Window: Soft tissue (W 400 L 50)', group: 'View' } as const;
    expect(matches(command, 'soft win')).toBe(true);
    expect(matches(command, 'soft brush')).toBe(false);
  });
});
