import { readFile } from 'node:fs/promises';
import type { CaseSeries, CaseState, Segment } from '../../contract/case.ts';
import type { ReplayResult } from '../../contract/preprocessing.ts';
import { spreadSets } from './case-verbs.ts';
import { Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

/** Points that a command line gives as one list of numbers. */
const pointLists = new Set(['supraorbitalLps', 'infraorbitalLps', 'outlineLps']);

function inThrees(values: unknown, name: string): unknown {
  if (!Array.isArray(values)) return values;
  if (values.length % 3 !== 0) throw new Usage(`${name} takes points as x,y,z,x,y,z in LPS mm`);
  return Array.from({ length: values.length / 3 }, (_, n) => values.slice(n * 3, n * 3 + 3));
}

/** `denoise.method=median` sets the member `method` of the step `denoise`; a step by itself is read as it stands (`pad=null`). */
export function nested(flat: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, Record<string, unknown> | unknown> = {};
  for (const [key, value] of Object.entries(flat)) {
    const [step, member, ...rest] = key.split('.');
    if (step === undefined || rest.length > 0) throw new Usage(`--set takes STEP.NAME=VALUE, not '${key}'`);
    if (member === undefined) out[step] = value;
    else out[step] = { ...(out[step] as object | undefined), [member]: pointLists.has(member) ? inThrees(value, member) : value };
  }
  return out;
}

async function recipeOf(file: string | null): Promise<Record<string, unknown>> {
  if (file === null) return {};
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Usage(`the recipe ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Verbs of clause 8, and the replay of what a journal says. */
export const preprocessVerbs: Record<string, Verb> = {
  preprocess: {
    synopsis:
      '--case DIR [--recipe FILE] [--set region.by=box region.boxLps=xmin,ymin,zmin,xmax,ymax,zmax | denoise.method=gaussian|median|non-local-means|anisotropic | interpolate.spacing=smallest|largest|given interpolate.spacingMm=N interpolate.plane=2d|3d | register.onto=UID | window.lowHu=N window.highHu=N | normalize.method=range|z-score|percentile | pad.multiple=a,b,c ...] [--series UID] [--carry SEGMENT]... [--json]',
    about:
      'Makes a series of another by the steps of clause 8.1, in their order: region, denoise, interpolate, register, window, normalize, pad.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'set', 'recipe', 'series', 'carry'] });
      const settings = { ...(await recipeOf(o.one('recipe'))), ...nested(o.settings()) };
      const id = await client.openCase(absolute(o.need('case')));
      const made = await client.job<{ series: CaseSeries; segments: Segment[]; made: boolean; case: CaseState }>(
        `/api/cases/${id}/preprocess`,
        {
          series: o.one('series'),
          settings,
          segments: o.many('carry'),
        },
      );
      const { series } = made;
      const carried = made.segments.map((s) => ({
        id: s.id,
        segment: s.name,
        voxels: s.voxels,
        volumeMm3: s.volumeMm3,
        fromMm3: Number(s.technique[0]?.parameters.fromMm3),
      }));
      const steps = series.derivation?.steps.map((one) => one.text) ?? [];
      return withNetworkWording(
        {
          json: { series, segments: carried, made: made.made },
          text: [
            ...(made.made ? [] : ['The case holds this series already; it was not made again.']),
            ...steps,
            `${series.seriesInstanceUid}: ${series.dimensions.join(' x ')}, ${series.spacingMm.map((v) => +v.toFixed(3)).join(' x ')} mm, ${series.voxels.units}`,
            ...carried.map(
              (s) =>
                `${s.segment}: ${s.voxels} voxels, ${(s.volumeMm3 / 1000).toFixed(2)} ml (${(s.fromMm3 / 1000).toFixed(2)} ml where it came from)`,
            ),
          ].join('\n'),
        },
        made.segments,
      );
    },
  },
  replay: {
    synopsis: 'CASE [--json]',
    about: 'Carries out again what a case says was done, and holds every result against the journal: same inputs, same bytes.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case'] });
      const folder = o.one('case') ?? o.positional[0];
      if (folder === undefined || o.positional.length > 1) throw new Usage('name one case');
      const json = await client.job<ReplayResult>(`/api/cases/${await client.openCase(absolute(folder))}/replay`, {});
      const words = { same: 'same', different: 'DIFFERENT', 'not replayed': 'not replayed' };
      return {
        json,
        text: json.entries.map((e) => `${e.sequence} ${words[e.verdict]} ${e.name}${e.why ? ` (${e.why})` : ''}`).join('\n'),
        exitCode: json.different > 0 ? 3 : 0,
      };
    },
  },
};
