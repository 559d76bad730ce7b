import { expect, it } from 'vitest';
import { exportRefusal } from './export-refusal.ts';

const sound = { current: true, reasons: [] };
const failed = { current: true, reasons: [{ code: 'MESH_NOT_WATERTIGHT' as const, message: 'open' }] };

it('a model of a segment that has changed is not written, not even on purpose', () => {
  expect(exportRefusal({ ...sound, current: false }, false, null)).toBe('The segment has changed: make the model again.');
  expect(exportRefusal({ ...failed, current: false }, true, null)).toMatch(/make the model again/);
});
it('a failed check asks for a deliberate choice, and other work for its end', () => {
  expect(exportRefusal(failed, false, null)).toMatch(/failed/);
  expect(exportRefusal(failed, true, null)).toBeNull();
  expect(exportRefusal(sound, false, 'Clean')).toBe('Clean is running.');
  expect(exportRefusal(sound, false, null)).toBeNull();
});
