import { readFile } from 'node:fs/promises';
import type { AcquisitionCheck, AcquisitionProfile } from '../../contract/acquisition.ts';
import type { Finding } from '../../contract/errors.ts';
import { type Client, Usage } from './client.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

const words = { meets: 'meets', warning: 'usable with warning', unusable: 'not usable', unknown: 'unknown' } as const;

function told(check: AcquisitionCheck): string {
  const rows = check.rows.map((row) => `${row.name}: ${row.found} (asked ${row.asked}): ${words[row.judgement]}. ${row.note}`.trim());
  const against = check.profile.name ? [`${check.profile.name}: ${check.profile.source}`] : [];
  const quality = check.quality;
  const measured = quality
    ? [
        `Quality: ${words[check.qualityJudgement]}; noise ${hu(quality.noiseSoftHu)}, edge width ${mm(quality.edgeWidthMm)}, along ${mm(quality.edgeWidthAlongMm)}`,
      ]
    : [];
  return [`${words[check.verdict]}. ${check.sentence}`, ...against, ...rows, ...measured, ...check.enhancement].join('\n');
}
const hu = (value: number | null) => (value === null ? 'not measured' : `${value.toFixed(1)} HU`);
const mm = (value: number | null) => (value === null ? 'not measured' : `${value.toFixed(2)} mm`);

async function checkOfCase(client: Client, folder: string, uid: string | null, profile: string | null): Promise<AcquisitionCheck> {
  const id = await client.openCase(folder);
  const asked = Object.entries({ series: uid, profile }).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return client.get(`/api/cases/${id}/check${asked.length > 0 ? `?${asked.join('&')}` : ''}`);
}

interface Shelf {
  profiles: AcquisitionProfile[];
  own: string[];
  folder: string;
  faults: Finding[];
}

/** 7.3 and Annex A from the command line. */
export const acquisitionVerbs: Record<string, Verb> = {
  check: {
    synopsis: 'INPUT... | --case DIR  [--series UID] [--profile ID] [--json]',
    about:
      'Holds a series against scanning conditions (7.3, Annex A): found, asked, judgement, and the thinnest wall to trust. Makes no case.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'series', 'profile'] });
      const folder = o.one('case');
      if ((folder === null) === (o.positional.length === 0)) throw new Usage('name either files or --case');
      const check =
        folder !== null
          ? await checkOfCase(client, absolute(folder), o.one('series'), o.one('profile'))
          : await client.job<AcquisitionCheck>('/api/check', {
              paths: o.positional.map(absolute),
              seriesInstanceUid: o.one('series'),
              profile: o.one('profile'),
            });
      return { json: check, text: told(check) };
    },
  },
  profiles: {
    synopsis: '[--add FILE] [--remove ID] [--json]',
    about: "Lists the scanning conditions; adds a hospital's own or its edition of ours, or removes it.",
    async run(client, argv) {
      const o = readOptions(argv, { values: ['add', 'remove'] });
      if (o.positional.length > 0) throw new Usage('profiles takes no file but with --add');
      for (const file of o.many('add')) {
        const profile = await readProfile(absolute(file));
        await client.send('PUT', `/api/profiles/${encodeURIComponent(String(profile.id))}`, profile);
      }
      for (const id of o.many('remove')) await client.send('DELETE', `/api/profiles/${encodeURIComponent(id)}`);
      const shelf = await client.get<Shelf>('/api/profiles');
      const lines = shelf.profiles.map(
        (one) => `${one.id} (${one.modality}${shelf.own.includes(one.id) ? ', own' : ''}): ${one.name}. ${one.source}`,
      );
      return { json: shelf, text: [...lines, `own profiles: ${shelf.folder}`, ...shelf.faults.map((fault) => fault.text)].join('\n') };
    },
  },
};

async function readProfile(file: string): Promise<{ id?: unknown }> {
  try {
    const profile: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof profile === 'object' && profile !== null) return profile;
  } catch (error) {
    throw new Usage(`the profile ${file} cannot be read: ${(error as Error).message}`);
  }
  throw new Usage(`the profile ${file} is not an object`);
}
