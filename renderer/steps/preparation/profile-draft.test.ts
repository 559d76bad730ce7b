import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { acquisitionProfile } from '../../../contract/acquisition.ts';
import { copyOf, draftFault, idOf, limitWords, withCriterion, withLimit } from './profile-draft.ts';

const orbit = acquisitionProfile.parse(JSON.parse(readFileSync(new URL('../../../assets/profiles/orbit.json', import.meta.url), 'utf8')));
const at = orbit.criteria.findIndex((c) => c.parameter === 'sliceThickness');

describe('a draft of a profile', () => {
  it('[7.3-acquisition] sets and takes out one limit and leaves the rest and the original as they are', () => {
    const before = structuredClone(orbit);
    const finer = withLimit(orbit, at, 'meets', 'below', 0.7);
    expect(finer.criteria[at]?.meets).toEqual({ below: 0.7 });
    expect(finer.criteria.filter((_, n) => n !== at)).toEqual(orbit.criteria.filter((_, n) => n !== at));
    expect(orbit).toEqual(before);
    const free = withLimit(finer, at, 'meets', 'below', null);
    expect(free.criteria[at]).not.toHaveProperty('meets');
    expect(() => withLimit(orbit, 99, 'meets', 'min', 1)).toThrow(RangeError);
  });
  it('[7.3-acquisition] a profile of ours can be saved as it is; what contradicts itself cannot', () => {
    expect(draftFault(orbit)).toBeNull();
    expect(draftFault(withLimit(orbit, at, 'meets', 'min', 3))).toBe('Slice thickness: the lowest asked value is above the highest.');
    expect(draftFault(withLimit(orbit, at, 'meets', 'below', null))).toBe('Slice thickness: what is usable is set, but not what is asked.');
    expect(draftFault({ ...orbit, name: '' })).toMatch(/^name: /);
    expect(draftFault(withCriterion(orbit, at, { asked: 'x'.repeat(121) }))).toMatch(/criteria/);
  });
  it('[7.3-acquisition] a copy has a name and an id of its own that the contract takes', () => {
    const copy = copyOf(orbit, [orbit.id]);
    expect(copy).toMatchObject({ id: 'orbit-copy', name: 'Orbit copy' });
    expect(copyOf(orbit, ['orbit', 'orbit-copy']).id).toBe('orbit-copy-2');
    expect(draftFault(copyOf({ ...orbit, name: 'x'.repeat(40) }, []))).toBeNull();
    expect(idOf('Größe 0,6 mm!', [])).toBe('gro-e-0-6-mm');
    expect(idOf('骨', [])).toBe('profile');
  });
  it('prints limits as they are said', () => {
    expect(limitWords({ min: 80, max: 120 }, 'kV')).toBe('80 to 120 kV');
    expect(limitWords({ min: 512 }, 'pixels')).toBe('at least 512 pixels');
    expect(limitWords({ below: 1.25 }, 'mm')).toBe('below 1.25 mm');
    expect(limitWords(undefined, 'mm')).toBe('everything');
  });
});
