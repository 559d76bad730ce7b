import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquisitionProfile } from '../../contract/acquisition.ts';
import { createProfiles } from './profiles.ts';

let own = '';
beforeEach(async () => {
  own = await mkdtemp(path.join(tmpdir(), 'lamina-profiles-'));
});
afterEach(() => rm(own, { recursive: true, force: true }));

const orbit = async () => (await createProfiles({ own }).list()).profiles.find((one) => one.id === 'orbit')!;

describe('scanning conditions as data', () => {
  test('[7.3-acquisition] ours come in, the orbit first, and its numbers are those of Table A.1', async () => {
    const { profiles, own: ids, faults } = await createProfiles({ own }).list();
    expect(profiles.map((one) => one.id)).toEqual(['orbit', 'skull', 'mandible', 'joint', 'mr-head']);
    expect([ids, faults]).toEqual([[], []]);
    const meets = Object.fromEntries(profiles[0]!.criteria.map((one) => [one.parameter, one.meets ?? one.oneOf]));
    expect(meets).toEqual({
      region: ['both orbits'],
      position: ['supine'],
      matrix: { min: 512 },
      tubeVoltage: { min: 80, max: 120 },
      tubeCurrent: { min: 250, max: 400 },
      scanSliceThickness: { below: 1 },
      rotationTime: { min: 0.5, max: 1.5 },
      fieldOfView: { min: 100, max: 150 },
      sliceThickness: { below: 1.25 },
      sliceSpacing: { below: 1 },
      kernel: ['standard', 'bone'],
      format: ['DICOM'],
    });
  });

  test('[7.3-acquisition] every profile asks each parameter once, with limits in order and usable ones no narrower', async () => {
    for (const { criteria, walls } of (await createProfiles({ own }).list()).profiles) {
      expect(new Set(criteria.map((one) => one.parameter)).size).toBe(criteria.length);
      for (const { meets, usable, oneOf } of criteria) {
        expect(meets !== undefined || oneOf !== undefined).toBe(true);
        const top = (limits: typeof meets) => limits?.max ?? limits?.below ?? Infinity;
        const bottom = (limits: typeof meets) => limits?.min ?? -Infinity;
        if (meets) expect(bottom(meets)).toBeLessThan(top(meets));
        if (usable) expect([bottom(usable) <= bottom(meets), top(usable) >= top(meets)]).toEqual([true, true]);
      }
      for (const wall of walls) expect(wall.thinnestMm).toBeLessThan(wall.thickestMm);
    }
  });

  test('[7.3-acquisition] a hospital’s edition takes the place of ours, a profile of its own comes behind, and both can go again', async () => {
    const shelf = createProfiles({ own });
    await shelf.save({ ...(await orbit()), name: 'Orbit here' });
    await shelf.save({ ...(await orbit()), id: 'temporal', name: 'Temporal bone' });
    const listed = await shelf.list();
    expect(listed.profiles.map((one) => one.name)).toEqual(['Orbit here', 'Skull', 'Jaw', 'Joint', 'Head MR', 'Temporal bone']);
    expect(listed.own).toEqual(['orbit', 'temporal']);
    await shelf.remove('orbit');
    await shelf.remove('temporal');
    expect((await shelf.list()).profiles.map((one) => one.name)).toEqual(['Orbit', 'Skull', 'Jaw', 'Joint', 'Head MR']);
    await expect(shelf.remove('orbit')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('[7.3-acquisition] a file that does not parse is named, not passed over', async () => {
    await mkdir(path.join(own, 'profiles'));
    await writeFile(path.join(own, 'profiles', 'broken.json'), '{"schema":');
    await writeFile(path.join(own, 'profiles', 'typo.json'), JSON.stringify({ ...(await orbit()), criterias: [] }));
    await writeFile(path.join(own, 'profiles', 'long.json'), ' '.repeat(300 * 1024));
    const { profiles, faults } = await createProfiles({ own }).list();
    expect(profiles).toHaveLength(5);
    expect(faults.map((fault) => fault.text)).toEqual([
      expect.stringContaining('broken.json'),
      expect.stringContaining('long.json'),
      expect.stringContaining('typo.json'),
    ]);
  });

  test.each([
    ['min above max', { parameter: 'tubeVoltage', asked: 'x', meets: { min: 120, max: 80 } }, /min 120 lies above max 80/],
    ['nothing below', { parameter: 'tubeVoltage', asked: 'x', meets: { min: 2, below: 2 } }, /nothing lies/],
    ['no limit', { parameter: 'tubeVoltage', asked: 'x', meets: {} }, /no limit/],
    ['usable narrower', { parameter: 'tubeVoltage', asked: 'x', meets: { max: 3 }, usable: { max: 2 } }, /narrower/],
    ['usable alone', { parameter: 'tubeVoltage', asked: 'x', usable: { max: 2 } }, /not what meets/],
    ['nothing asked', { parameter: 'tubeVoltage', asked: ' ', meets: { max: 3 } }, /say what is asked/],
    ['limits on a word', { parameter: 'kernel', asked: 'x', meets: { min: 1 } }, /kernel is a word/],
    ['words on a number', { parameter: 'tubeVoltage', asked: 'x', oneOf: ['high'] }, /tubeVoltage is a number/],
    ['words and limits', { parameter: 'region', asked: 'x', oneOf: ['both orbits'], meets: { min: 1 } }, /words and for limits/],
    ['a word that is never found', { parameter: 'kernel', asked: 'x', oneOf: ['sharp'] }, /never 'sharp'/],
    ['no word', { parameter: 'position', asked: 'x', oneOf: [''] }, /no word/],
  ] as [string, object, RegExp][])(
    '[7.3-acquisition] a condition that can never be asked is refused in plain words: %s',
    async (_, criterion, why) => {
      const checked = acquisitionProfile.safeParse({ ...(await orbit()), criteria: [criterion] });
      expect(checked.error?.issues.map((issue) => issue.message).join()).toMatch(why);
    },
  );

  test('[7.3-acquisition] min with below, one word of its kind and an extent of the region are taken; a parameter twice, walls upside down and lists without end are not', async () => {
    const of = async (change: object) => acquisitionProfile.safeParse({ ...(await orbit()), ...change });
    const wall = { name: 'w', thinnestMm: 2, thickestMm: 1 };
    const good = [
      { parameter: 'sliceThickness', asked: 'x', meets: { min: 0.1, below: 1 } },
      { parameter: 'kernel', asked: 'x', oneOf: ['Bone'] },
      { parameter: 'region', asked: 'x', meets: { min: 80 } },
    ];
    expect((await of({ criteria: good })).error).toBeUndefined();
    expect((await of({ criteria: [...good, good[1]] })).error?.issues[0]?.message).toBe('kernel is asked twice');
    expect((await of({ walls: [wall] })).error?.issues[0]?.message).toMatch(/thinnestMm lies above/);
    expect((await of({ walls: Array(21).fill({ ...wall, thickestMm: 3 }) })).success).toBe(false);
  });

  test('[7.3-acquisition] an own profile of another modality does not take the place of ours: not saved, and a fault where it lies', async () => {
    const shelf = createProfiles({ own });
    const wrong = { ...(await orbit()), modality: 'MR' as const };
    await expect(shelf.save(wrong)).rejects.toThrow(RangeError);
    expect(await shelf.clash(wrong)).toMatch(/Lamina's profile for CT, and this one is for MR/);
    expect(await shelf.clash({ ...wrong, id: 'orbit-mr' })).toBeNull();
    await mkdir(path.join(own, 'profiles'));
    await writeFile(path.join(own, 'profiles', 'orbit.json'), JSON.stringify(wrong));
    const { profiles, own: ids, faults } = await shelf.list();
    expect([profiles[0]!.modality, ids]).toEqual(['CT', []]);
    expect(faults).toMatchObject([{ text: expect.stringMatching(/orbit\.json was not taken.*for MR/) }]);
  });

  test('[7.3-acquisition] files beyond those that are read are named', async () => {
    await mkdir(path.join(own, 'profiles'));
    const text = JSON.stringify(await orbit());
    for (let n = 0; n < 212; n++)
      await writeFile(path.join(own, 'profiles', `p${String(n).padStart(3, '0')}.json`), text.replace('"orbit"', `"p${n}"`));
    const { own: ids, faults } = await createProfiles({ own }).list();
    expect(ids).toHaveLength(200);
    expect(faults).toMatchObject([{ text: expect.stringMatching(/first 200.*p200\.json.*p209\.json and 2 more/) }]);
  });

  test('a saved edition is the one file of its id, under whatever name the old one lay', async () => {
    const shelf = createProfiles({ own });
    await mkdir(path.join(own, 'profiles'));
    await writeFile(path.join(own, 'profiles', 'ours-2019.json'), JSON.stringify({ ...(await orbit()), name: 'Old' }));
    await shelf.save({ ...(await orbit()), name: 'New' });
    const listed = await shelf.list();
    expect([listed.profiles[0]!.name, listed.faults]).toEqual(['New', []]);
    expect(JSON.parse(await readFile(path.join(own, 'profiles', 'orbit.json'), 'utf8')).name).toBe('New');
  });

  test('[7.3-enhancement] a hospital’s list of kernels is asked first; a broken one is named', async () => {
    const file = path.join(own, 'kernels.json');
    const vendor = {
      vendor: 'House',
      manufacturers: ['ACME'],
      source: 'own',
      kernels: [{ names: ['X1'], class: 'bone', edgeEnhancing: false }],
    };
    await writeFile(file, JSON.stringify({ schema: 'lamina-kernels/1', vendors: [vendor] }));
    expect((await createProfiles({ own }).kernels()).lists.map((list) => list.vendors[0]!.vendor)).toEqual(['House', 'Siemens']);
    await writeFile(file, '{}');
    const { lists, faults } = await createProfiles({ own }).kernels();
    expect([lists.length, faults.length]).toEqual([1, 1]);
    await rm(file);
    expect((await createProfiles({ own }).kernels()).faults).toEqual([]);
    await symlink(path.join(own, 'gone.json'), file);
    expect((await createProfiles({ own }).kernels()).faults).toMatchObject([{ text: expect.stringMatching(/ENOENT/), path: file }]);
    await rm(file);
    await mkdir(file);
    expect((await createProfiles({ own }).kernels()).faults).toMatchObject([{ text: expect.stringMatching(/is not a file/) }]);
  });
});
