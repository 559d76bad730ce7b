import { describe, expect, it } from 'vitest';
import { drawnEffects, effectSettings } from '../../../contract/effects.ts';
import { effectOf, effectRefusal, firstDraft } from './effect-draft.ts';
import { effectNames } from './effect-words.ts';

const volume: [number, number, number, number, number, number] = [0, 0, 0, 10, 10, 10];

describe('[M-combine] effects of the Clean panel', () => {
  it.each(effectNames.flatMap((group) => group.effects.map((e) => e.effect)))('asks for %s as the service takes it', (effect) => {
    for (const unit of ['mm', 'voxels'] as const)
      for (const filter of ['median', 'joint'] as const) {
        const asked = effectOf({ ...firstDraft, effect, unit, filter, with: ['segment-2'] }, ['segment-2'], volume);
        expect(effectSettings.parse(asked)).toMatchObject({ effect });
        expect(effectSettings.parse(asked)).toEqual(asked);
      }
  });
  it('names every effect once', () => {
    const listed = effectNames.flatMap((group) => group.effects.map((e) => e.effect));
    expect(new Set(listed).size).toBe(listed.length);
    const drawn = new Set<string>(drawnEffects);
    const all = effectSettings.options.map((o) => o.shape.effect.value).filter((effect) => !drawn.has(effect));
    expect(listed.toSorted()).toEqual(all.toSorted());
  });
  it('says why it cannot be done', () => {
    const refusal = (change: object, others = ['segment-2']) => effectRefusal({ ...firstDraft, ...change }, others, volume);
    expect(refusal({})).toBeNull();
    expect(refusal({ effect: 'combine' }, [])).toContain('no other segment');
    expect(refusal({ effect: 'combine', with: ['segment-9'] })).toBe('Choose the other segment.');
    expect(refusal({ effect: 'combine', with: ['segment-2'] })).toBeNull();
    expect(refusal({ effect: 'smooth', filter: 'joint' })).toBe('Choose the other segment.');
    expect(refusal({ effect: 'margin', marginMm: 0 })).toContain('changes nothing');
    expect(refusal({ effect: 'roi', box: [0, 0, 5, 1, 1, 5] })).toContain('empty');
  });
});
