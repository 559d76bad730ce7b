import { describe, expect, it } from 'vitest';
import type { CaseMesh, Segment } from '../../contract/case.ts';
import { defaults, type HeldPreview, previewAge, sameSettings, settingsNow } from './draft.ts';

const mesh = { id: 'mesh-3', settings: { ...defaults, smoothIterations: 7 } } as CaseMesh;

describe('[P-finish] settings of the next model', () => {
  it('go on from those of the last one', () => {
    expect(settingsNow({ of: null, changes: {} }, null)).toEqual(defaults);
    expect(settingsNow({ of: 'mesh-3', changes: { thickenToMm: 0.5 } }, mesh)).toEqual({ ...mesh.settings, thickenToMm: 0.5 });
  });
  it('forget what was changed on another model', () => {
    expect(settingsNow({ of: 'mesh-2', changes: { thickenToMm: 0.5 } }, mesh)).toEqual(mesh.settings);
  });
  it('are the same only where every one is', () => {
    expect(sameSettings(defaults, { ...defaults, buildMm: [250, 250, 250] })).toBe(true);
    expect(sameSettings(defaults, { ...defaults, buildMm: [250, 250, 251] })).toBe(false);
    expect(sameSettings(defaults, { ...defaults, surface: 'mask' })).toBe(false);
  });
});

describe('[P-finish] a preview', () => {
  const segment = { id: 's', mask: { base: 'a', strokes: [] } } as unknown as Segment;
  const held = { segment: 's', mask: JSON.stringify(segment.mask), settings: defaults } as HeldPreview;
  it('is fresh until a setting, the mask or the segment changes', () => {
    expect(previewAge(held, defaults, segment)).toBeNull();
    expect(previewAge(held, { ...defaults, decimateTo: 0.5 }, segment)).toBe('older than the settings');
    expect(previewAge(held, defaults, { ...segment, mask: { base: 'a', strokes: [4] } } as unknown as Segment)).toBe('older than the mask');
    expect(previewAge(held, defaults, { ...segment, id: 't' } as Segment)).toBe('of another segment');
    expect(previewAge(held, defaults, null)).toBe('of another segment');
  });
});
