import { existsSync } from 'node:fs';
import { lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AcquisitionProfile, acquisitionProfile, kernelList } from '../../contract/acquisition.ts';
import { Refusal } from '../../contract/errors.ts';
import type { Profiles } from '../service/ports.ts';
import { errorCode, realDisk, writeAtomic } from './atomic.ts';
import { beyond, jsonFiles, mostFiles, readJson } from './json-files.ts';
import { configFolder } from './recent.ts';

/** Ours in the order of the window's switch; the first of a modality is the one that fits when nobody chooses. */
const shippedOrder = ['orbit', 'skull', 'mandible', 'joint', 'mr-head'];

/** Where the profiles and kernel names that come with Lamina lie: beside a packed program's archive, or in the repository. */
export function assetsFolder(): string {
  const { resourcesPath } = process as unknown as { resourcesPath?: string };
  const packed = resourcesPath && path.join(resourcesPath, 'assets');
  if (packed && existsSync(path.join(packed, 'kernels.json'))) return packed;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  // In the repository two above this file; of a bundle one or two.
  for (let n = 0; n < 3 && !existsSync(path.join(folder, 'assets', 'kernels.json')); n++) folder = path.dirname(folder);
  return path.join(folder, 'assets');
}

/** Whether something bears this name, be it a link to nothing. */
async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    if (errorCode(error)) return true;
    throw error;
  }
}

/** An edition takes the place of ours: one of another modality would leave its scans without conditions. Null where it does not clash. */
function ofOtherModality({ id, modality }: AcquisitionProfile, ours: readonly AcquisitionProfile[]): string | null {
  const own = ours.find((one) => one.id === id && one.modality !== modality);
  return own ? `${id} is Lamina's profile for ${own.modality}, and this one is for ${modality}. Give it an id of its own.` : null;
}

/**
 * Scanning conditions and kernel names as data that a hospital edits (7.3.2 4), 7.3.3 2)): ours, and files of the same shape in the
 * settings folder: `profiles/*.json` and `kernels.json`.
 */
export function createProfiles(options: { shipped?: string; own?: string } = {}): Profiles {
  const { shipped = assetsFolder(), own = configFolder() } = options;
  const folder = path.join(own, 'profiles');

  async function readOurs(): Promise<AcquisitionProfile[]> {
    const out: AcquisitionProfile[] = [];
    for (const id of shippedOrder) {
      const read = await readJson(path.join(shipped, 'profiles', `${id}.json`), acquisitionProfile);
      if ('fault' in read) throw new TypeError(`the profile ${id} that comes with Lamina ${read.fault}`);
      out.push(read.value);
    }
    return out;
  }

  return {
    async list() {
      const ours = await readOurs();
      const profiles = [...ours];
      const ids: string[] = [];
      const names = await jsonFiles(folder, 'profiles');
      const faults = beyond(names, folder);
      for (const name of names.slice(0, mostFiles)) {
        const file = path.join(folder, name);
        const read = await readJson(file, acquisitionProfile);
        const clash = 'value' in read ? ofOtherModality(read.value, ours) : null;
        if ('fault' in read)
          faults.push({ text: `The profile ${name} was not taken: it ${read.fault}. Correct it or remove it.`, path: file });
        else if (clash !== null) faults.push({ text: `The profile ${name} was not taken: ${clash}`, path: file });
        else if (ids.includes(read.value.id))
          faults.push({ text: `The profile ${name} was not taken: another file has the id ${read.value.id}.`, path: file });
        else {
          ids.push(read.value.id);
          const at = profiles.findIndex((one) => one.id === read.value.id);
          if (at >= 0) profiles[at] = read.value;
          else profiles.push(read.value);
        }
      }
      return { profiles, own: ids, folder, faults };
    },

    /** Kernel lists, the hospital's first. */
    async kernels() {
      const ours = await readJson(path.join(shipped, 'kernels.json'), kernelList);
      if ('fault' in ours) throw new TypeError(`the list of kernels that comes with Lamina ${ours.fault}`);
      const file = path.join(own, 'kernels.json');
      const read = (await isThere(file)) ? await readJson(file, kernelList) : null;
      if (read === null) return { lists: [ours.value], faults: [] };
      if ('value' in read) return { lists: [read.value, ours.value], faults: [] };
      return { lists: [ours.value], faults: [{ text: `The own list of kernels was not taken: it ${read.fault}.`, path: file }] };
    },

    /** Why a profile cannot stand under its id; null: it can. */
    clash: async (profile) => ofOtherModality(profile, await readOurs()),

    /** Keeps a hospital's own profile under its id. Throws Refusal OUTPUT_NOT_WRITABLE, RangeError where it clashes. */
    async save(profile) {
      const checked = acquisitionProfile.parse(profile);
      const clash = ofOtherModality(checked, await readOurs());
      if (clash !== null) throw new RangeError(clash);
      try {
        await mkdir(folder, { recursive: true });
        await writeAtomic(
          realDisk,
          path.join(folder, `${checked.id}.json`),
          new TextEncoder().encode(`${JSON.stringify(checked, null, 2)}\n`),
        );
        await removeOthers(checked.id);
      } catch (error) {
        if (!errorCode(error)) throw error;
        throw new Refusal('OUTPUT_NOT_WRITABLE', `The profile was not kept: ${folder} cannot be written (${errorCode(error)}).`);
      }
    },

    /** Removes the hospital's own edition. Throws Refusal NOT_FOUND where there is none. */
    async remove(id) {
      if (!(await removeOthers(id, true)))
        throw new Refusal('NOT_FOUND', `There is no profile ${id} of your own. Those that come with Lamina stay.`);
    },
  };

  /** Files that give this id under whatever name; `all` also the one under the id itself. */
  async function removeOthers(id: string, all = false): Promise<boolean> {
    let removed = false;
    for (const name of await jsonFiles(folder, 'profiles')) {
      if (!all && name === `${id}.json`) continue;
      const file = path.join(folder, name);
      const read = await readJson(file, acquisitionProfile);
      if (!('value' in read) || read.value.id !== id) continue;
      await rm(file);
      removed = true;
    }
    return removed;
  }
}
