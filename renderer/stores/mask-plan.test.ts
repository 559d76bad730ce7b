import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MaskDelta } from '../../contract/segmentation.ts';
import { encodeRuns, runsToText } from '../../kernels/labels/runs.ts';
import { drawDelta, planMaskChange, takeBackDelta } from './mask-plan.ts';

const size = 64;
/** What a stroke over these voxels changes in a mask: the voxels that have the other value now. */
function strokeOn(mask: Uint8Array, voxels: number[], value: 0 | 1): MaskDelta {
  const changed = [...new Set(voxels)].sort((a, b) => a - b).filter((v) => mask[v] !== value);
  return { value, runs: runsToText(encodeRuns(changed)) };
}
const strokes = fc.array(
  fc.record({ voxels: fc.array(fc.nat(size - 1), { maxLength: 20 }), value: fc.constantFrom(0 as const, 1 as const) }),
  {
    maxLength: 12,
  },
);

describe('mask plan', () => {
  it('reaches every earlier and later state of a mask by taking back and drawing strokes', () => {
    fc.assert(
      fc.property(strokes, fc.nat(12), fc.nat(12), (drawn, a, b) => {
        const mask = new Uint8Array(size);
        const states = [mask.slice()];
        const deltas = new Map<number, MaskDelta>();
        drawn.forEach(({ voxels, value }, n) => {
          const delta = strokeOn(mask, voxels, value);
          deltas.set(n + 1, delta);
          drawDelta(mask, delta);
          states.push(mask.slice());
        });
        const from = Math.min(a, drawn.length);
        const to = Math.min(b, drawn.length);
        const names = [...deltas.keys()];
        const plan = planMaskChange({ base: 'x', strokes: names.slice(0, from) }, { base: 'x', strokes: names.slice(0, to) });
        const shown = states[from]?.slice() ?? new Uint8Array(0);
        if (plan.kind === 'strokes') {
          for (const s of plan.takeBack) takeBackDelta(shown, deltas.get(s)!);
          for (const s of plan.draw) drawDelta(shown, deltas.get(s)!);
        }
        expect(plan.kind).toBe(from === to ? 'same' : 'strokes');
        expect(shown).toEqual(states[to]);
      }),
    );
  });

  it('leaves a branch that was undone and draws the one that took its place', () => {
    expect(planMaskChange({ base: 'x', strokes: [3, 5, 7] }, { base: 'x', strokes: [3, 9] })).toEqual({
      kind: 'strokes',
      takeBack: [7, 5],
      draw: [9],
    });
  });

  it('asks for the whole mask when its base changed, when nothing is shown yet and after very many strokes', () => {
    expect(planMaskChange({ base: 'x', strokes: [] }, { base: 'y', strokes: [] }).kind).toBe('fetch');
    expect(planMaskChange(null, { base: null, strokes: [] }).kind).toBe('fetch');
    expect(planMaskChange({ base: 'x', strokes: [] }, { base: 'x', strokes: Array.from({ length: 40 }, (_, n) => n) }).kind).toBe('fetch');
  });
});
