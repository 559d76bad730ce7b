import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  });
});
