import { readFile } from 'node:fs/promises';
import type { FileUse } from '../../contract/acquisition.ts';
import type { RunResult } from '../../contract/routes.ts';
import type { ImportReport } from '../../contract/volume.ts';
import { Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { assertWritablePlace } from './output-place.ts';
import { surfaceFacts, surfaceLines } from './surface-words.ts';
import { absolute, modelPath, type Verb } from './verb.ts';

/** Verbs that start from files. */
export const fileVerbs: Record<string, Verb> = {
  import: {
    synopsis: 'INPUT... --case DIR [--series UID] [--allow CODE]... [--json]',
    about: 'Reads a DICOM series (files, folders, zip), NIfTI-1, NRRD or MetaImage into a new case.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'series', 'allow'] });
      if (!o.positional.length) throw new Usage('name at least one file or folder');
      const {
        report,
        files,
        case: state,
      } = await client.job<{ report: ImportReport; files: FileUse[]; case: { id: string } }>('/api/import', {
        paths: o.positional.map(absolute),
        folder: absolute(o.need('case')),
        seriesInstanceUid: o.one('series'),
        allow: o.many('allow'),
      });
      await client.send('DELETE', `/api/cases/${state.id}`);
      const volumes = report.series.map(
        (s) => `${s.modality} ${s.dimensions.join(' x ')}, ${s.spacingMm.map((v) => +v.toFixed(3)).join(' x ')} mm`,
      );
      return {
        json: { ...report, files },
        text: [report.outcome, ...volumes, ...report.warnings.map((w) => `warning ${w.code}: ${w.message}`)].join('\n'),
      };
    },
  },
  decode: {
    synopsis: 'FILE [--json]',
    about: 'Decodes one DICOM file and prints its size, range and hash.',
    async run(client, argv) {
      const o = readOptions(argv, {});
      const json = await client.job<Record<string, unknown>>('/api/decode', { path: single(o.positional) });
      return {
        json,
        text: Object.entries(json)
          .map(([k, v]) => `${k} ${v}`)
          .join('\n'),
      };
    },
  },
  run: {
    synopsis: 'INPUT... --out FILE.{stl,ply,obj,3mf} [--case DIR] [--recipe FILE] [--series UID] [--allow CODE]... [--json]',
    about: 'The whole main job: import, segment, clean, surface, check, STL or another model file.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['out', 'case', 'recipe', 'series', 'allow'] });
      if (!o.positional.length) throw new Usage('name at least one file or folder');
      const folder = o.one('case');
      const out = modelPath(o.need('out'));
      await assertWritablePlace(out);
      const recipe = await readRecipe(o.one('recipe'));
      const json = await client.job<RunResult>('/api/run', {
        paths: o.positional.map(absolute),
        out,
        folder: folder === null ? null : absolute(folder),
        seriesInstanceUid: o.one('series'),
        allow: o.many('allow'),
        recipe,
      });
      const volume = (json.effects ?? json.clean ?? json.segment).volumeMm3;
      const asked = (recipe as { mesh?: { surface?: unknown } } | undefined)?.mesh?.surface;
      const told = `${json.stl?.path}: ${json.mesh.triangles} triangles, ${(json.mesh.volumeMm3 / 1000).toFixed(1)} ml, closed and manifold, unsigned`;
      const { segment, networkWording } = json.effects ?? json.clean ?? json.segment;
      return withNetworkWording(
        { json: { ...json, ...surfaceFacts(json.mesh, volume) }, text: [told, ...surfaceLines(json.mesh, volume, asked)].join('\n') },
        [{ name: segment, networkWording }],
      );
    },
  },
  phantom: {
    synopsis: '--seed N --out DIR [--size full|small|orbits] [--json]',
    about: 'Draws the synthetic head as a DICOM CT series with its truth labels.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['seed', 'out', 'size'] });
      const into = absolute(o.need('out'));
      const made = await client.job<object>('/api/phantom', { seed: Number(o.need('seed')), into, size: o.one('size') ?? 'full' });
      return { json: { ...made, out: into }, text: `synthetic head in ${into}` };
    },
  },
};

function single(positional: string[]): string {
  const [file] = positional;
  if (file === undefined || positional.length !== 1) throw new Usage('name one file');
  return absolute(file);
}

async function readRecipe(file: string | null): Promise<unknown> {
  if (file === null) return undefined;
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Usage(`the recipe ${file} cannot be read: ${(error as Error).message}`);
  }
}
