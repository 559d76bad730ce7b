import path from 'node:path';
import type { CaseMesh, CaseState, JournalLine, Segment } from '../../contract/case.ts';
import { type MeshReport, meshKindOf, meshKinds } from '../../contract/mesh.ts';
import { objectKinds } from '../../contract/object-files.ts';
import type { ExportResult } from '../../contract/routes.ts';
import type { CrfReport, Island } from '../../contract/segmentation.ts';
import { cavityLine, cavityOf, inMl } from './cavity-words.ts';
import { type Client, Usage } from './client.ts';
import { effectSynopsis, runEffect } from './effect-verb.ts';
import { withNetworkWording } from './network-words.ts';
import { exportObjects, objectSynopsis } from './object-verbs.ts';
import { type Options, readOptions } from './options.ts';
import { assertWritablePlace } from './output-place.ts';
import { piecesOf } from './pieces-of.ts';
import { surfaceFacts, surfaceLines } from './surface-words.ts';
import { absolute, modelPath, type Verb } from './verb.ts';

const open = (client: Client, o: Options) => client.openCase(absolute(o.need('case')));

async function labelmap(client: Client, id: string, segment: Segment, state: CaseState) {
  const series = state.series.find((s) => s.seriesInstanceUid === segment.series);
  const { path } = await client.get<{ path: string }>(`/api/cases/${id}/segments/${segment.id}/labelmap`);
  return { path, dtype: 'uint8', dimensions: series?.dimensions };
}

/** Verbs that act on a case. */
export const caseVerbs: Record<string, Verb> = {
  segment: {
    synopsis:
      '--case DIR --method threshold|hysteresis|region-growing|cavity|unet|multi-unet|default [--set key=value]... [--series UID] [--name NAME] [--label KEY] [--into SEGMENT [--overwrite-hand]] [--out FILE.nii.gz] [--json]',
    about:
      'Makes a segment by HU (lowHu, highHu, seedHu; inclusive), from seeds (seedLps=x,y,z deviations=N radiusMm=N rounds=N reachMm=N) or by a network (roiLps, probability, mirror ...).',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), {
        values: ['case', 'method', 'set', 'series', 'name', 'label', 'into', 'out'],
        flags: ['overwrite-hand'],
      });
      const id = await open(client, o);
      const settings = { method: o.need('method'), ...o.settings() };
      const out = o.one('out');
      if (out !== null) await assertWritablePlace(absolute(out));
      const made = await client.job<{ segment: Segment; case: CaseState }>(`/api/cases/${id}/segments`, {
        series: o.one('series'),
        name: o.one('name'),
        settings,
        into: o.one('into'),
        overwriteHand: o.flag('overwrite-hand'),
        label: o.one('label'),
      });
      const nifti =
        out === null
          ? undefined
          : await client.job<{ path: string }>(`/api/cases/${id}/nifti`, { segment: made.segment.id, path: absolute(out) });
      const { segment } = made;
      const cavity = cavityOf(segment);
      const json = {
        series: segment.series,
        method: settings.method,
        segment: segment.name,
        id: segment.id,
        label: segment.label,
        voxels: segment.voxels,
        volumeMm3: segment.volumeMm3,
        labelmap: await labelmap(client, id, segment, made.case),
        ...(segment.network ? { network: segment.network } : {}),
        ...(cavity ? { cavity: inMl(cavity) } : {}),
        ...(nifti ? { nifti } : {}),
      };
      const told = [`${segment.name}: ${segment.voxels} voxels, ${(segment.volumeMm3 / 1000).toFixed(2)} ml`];
      if (cavity) told.push(cavityLine(cavity));
      if (segment.network) told.push(...segment.network.warnings.map((w) => `${w.code}: ${w.message}`));
      return withNetworkWording({ json, text: told.join('\n') }, [segment]);
    },
  },
  adjust: {
    synopsis: '--case DIR --set probability=N [corticalWeight=N] [overlapHu=200,300] [overwriteHand=true] [--segment NAME] [--json]',
    about: "Moves the threshold of a network's segment, or how Method C integrates, without running it again.",
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'set', 'segment'] });
      const id = await open(client, o);
      const segment = await target(client, id, o);
      const done = await client.job<{ segment: Segment; case: CaseState }>(`/api/cases/${id}/segments/${segment.id}/adjust`, {
        settings: o.settings(),
      });
      const s = done.segment;
      const json = {
        series: s.series,
        segment: s.name,
        voxelsBefore: segment.voxels,
        voxels: s.voxels,
        volumeMm3: s.volumeMm3,
        keptByHand: s.technique.at(-1)?.parameters.keptByHand,
        cleansDropped: s.technique.at(-1)?.parameters.cleansDropped ?? 0,
        labelmap: await labelmap(client, id, s, done.case),
      };
      const text = `${s.name}: ${segment.voxels} voxels before, ${s.voxels} now, ${json.keptByHand} of them as a hand had set them`;
      return withNetworkWording({ json, text }, [s]);
    },
  },
  clean: {
    synopsis: `--case DIR --set [crf=true [crfIterations=5] [crfAppearanceMm=N crfAppearanceHu=N crfAppearanceWeight=N] [crfSmoothMm=N crfSmoothWeight=N] [crfSheetMm=N] [crfTrust=0.9]] [keep=largest|seed|minimum connectivity=26 minimumMm3=N seedLps=x,y,z] [fillHoles=true] [--segment NAME] [--json]\n           ${effectSynopsis} [--segment NAME] [--json]`,
    about:
      'Recovers thin structures by a conditional random field, keeps parts of a segment, fills its holes; in this order. Or one effect: morphology, margin, hollow, smoothing, joining with other segments.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'set', 'segment'] });
      const id = await open(client, o);
      const segment = await target(client, id, o);
      const settings = o.settings();
      if ('effect' in settings) return runEffect(client, id, segment, settings);
      const done = await client.job<{
        segment: Segment;
        voxelsBefore: number;
        partsBefore: number;
        partsAfter: number;
        crf: CrfReport | null;
        case: CaseState;
      }>(`/api/cases/${id}/segments/${segment.id}/clean`, { settings });
      const s = done.segment;
      const json = {
        series: s.series,
        segment: s.name,
        voxelsBefore: done.voxelsBefore,
        voxels: s.voxels,
        volumeMm3: s.volumeMm3,
        partsBefore: done.partsBefore,
        partsAfter: done.partsAfter,
        ...(done.crf ? { crf: done.crf } : {}),
        labelmap: await labelmap(client, id, s, done.case),
      };
      const text = `${s.name}: ${done.partsBefore} parts, now ${done.partsAfter}; ${(s.volumeMm3 / 1000).toFixed(2)} ml`;
      return withNetworkWording({ json, text }, [s]);
    },
  },
  islands: {
    synopsis: '--case DIR [--segment NAME] [--set connectivity=26] [--json]',
    about: 'Lists the connected parts of a segment with their volumes.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'set', 'segment'] });
      const id = await open(client, o);
      const segment = await target(client, id, o);
      const json = await client.job<{ islands: Island[]; total: number }>(`/api/cases/${id}/segments/${segment.id}/islands`, o.settings());
      const lines = json.islands.map((i) => `${(i.volumeMm3 / 1000).toFixed(3)} ml at ${i.seedLps.map((v) => v.toFixed(1)).join(', ')}`);
      return withNetworkWording({ json, text: lines.join('\n') }, [segment]);
    },
  },
  mesh: {
    synopsis:
      '--case DIR | --labelmap FILE [--image FILE]  --out FILE.{stl,ply,obj,3mf} [--segment NAME] [--set key=value]... [--failed] [--json]',
    about: 'Makes a closed surface of a segment or a labelmap file and writes it: binary STL, PLY, OBJ or 3MF.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'labelmap', 'image', 'out', 'set', 'segment'], flags: ['failed'] });
      const out = modelPath(o.need('out'));
      const file = o.one('labelmap');
      if ((file === null) === (o.one('case') === null)) throw new Usage('name either --case or --labelmap');
      await assertWritablePlace(out);
      const settings = o.settings();
      if (file !== null) {
        const image = o.one('image');
        const report = await client.job<MeshReport & { signed: boolean; segmentVolumeMm3: number; networkWording: string | null }>(
          '/api/mesh-file',
          {
            labelmap: absolute(file),
            image: image === null ? null : absolute(image),
            out,
            settings,
            failed: o.flag('failed'),
          },
        );
        const volume = report.segmentVolumeMm3;
        const told = [sentence(report, out), ...surfaceLines(report, volume, settings.surface)];
        return withNetworkWording({ json: { ...report, ...surfaceFacts(report, volume), path: out }, text: told.join('\n') }, [
          { name: path.basename(file), networkWording: report.networkWording },
        ]);
      }
      const id = await open(client, o);
      const segment = await target(client, id, o);
      const made = await client.job<{ mesh: CaseMesh; report: MeshReport }>(`/api/cases/${id}/segments/${segment.id}/mesh`, { settings });
      const written = await client.job<ExportResult>(`/api/cases/${id}/export`, {
        mesh: made.mesh.id,
        path: out,
        kind: meshKindOf(out),
        unsigned: true,
        failed: o.flag('failed'),
      });
      const json = {
        ...made.report,
        ...surfaceFacts(made.report, segment.volumeMm3),
        path: written.path,
        signed: written.signed,
        reportPath: written.reportPath,
      };
      const told = [sentence(made.report, out), ...surfaceLines(made.report, segment.volumeMm3, settings.surface)];
      return withNetworkWording({ json, text: told.join('\n') }, [segment]);
    },
  },
  sign: {
    synopsis: '--case DIR --name NAME [--remark TEXT] [--json]',
    about: 'Signs the newest model of a case as reviewed by a named person.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'name', 'remark'] });
      const id = await open(client, o);
      const mesh = newestMesh(await client.get<CaseState>(`/api/cases/${id}`));
      const state = await client.send<CaseState>('POST', `/api/cases/${id}/sign`, {
        mesh: mesh.id,
        name: o.need('name'),
        remark: o.one('remark') ?? '',
      });
      const text = `signed by ${state.signOff?.name}`;
      return withNetworkWording({ json: { ...state.signOff }, text }, segmentsOf(state, mesh));
    },
  },
  export: {
    synopsis: `--case DIR --as stl|stl-ascii|ply|obj|3mf --out FILE [--mesh ID] [--unsigned] [--failed] [--json]\n           ${objectSynopsis}`,
    about:
      'Writes the newest model, or a named one (with a report beside it); or segments and markups for other programs, de-identified by PS3.15 where that is asked for.',
    async run(client, argv) {
      const flags = ['unsigned', 'failed', 'deidentify', 'no-markups'];
      const o = readOptions(spreadSets(argv), { values: ['case', 'as', 'out', 'segment', 'mesh', 'set'], flags });
      const as = o.need('as');
      const kind = meshKinds.find((one) => one === as);
      const object = objectKinds.find((one) => one === as);
      if (!kind && !object) throw new Usage(`--as ${as} is not one of ${[...meshKinds, ...objectKinds].join(', ')}`);
      if (kind && o.flag('deidentify')) throw new Usage(`--deidentify is of ${objectKinds.join(', ')}; a ${kind} names no patient`);
      if (o.many('set').length > 0 && !o.flag('deidentify'))
        throw new Usage('--set says how to de-identify: add --deidentify, or leave it out');
      const path = absolute(o.need('out'));
      await assertWritablePlace(path);
      const id = await open(client, o);
      if (object === 'nifti' && o.many('segment').length < 2 && !o.flag('deidentify')) {
        const json = await client.job<{ path: string; sha256: string; findings: { text: string }[] }>(`/api/cases/${id}/nifti`, {
          segment: o.one('segment'),
          path,
        });
        const text = [json.path, ...json.findings.map((one) => `note: ${one.text}`)].join('\n');
        return withNetworkWording({ json, text }, [await target(client, id, o)]);
      }
      if (object) return exportObjects(client, id, object, path, o);
      const state = await client.get<CaseState>(`/api/cases/${id}`);
      const mesh = o.one('mesh') ?? newestMesh(state).id;
      const json = await client.job<ExportResult>(`/api/cases/${id}/export`, {
        mesh,
        path,
        kind,
        unsigned: o.flag('unsigned'),
        failed: o.flag('failed'),
      });
      const text = `${json.path}${json.signed ? '' : ' (unsigned)'}`;
      return withNetworkWording(
        { json, text },
        state.meshes.flatMap((one) => (one.id === mesh ? segmentsOf(state, one) : [])),
      );
    },
  },
  undo: act('undo', 'Takes the last act of a case back.'),
  redo: act('redo', 'Does the last undone act again.'),
  acknowledge: act('acknowledge', 'Acknowledges the import warnings of a case.'),
  journal: {
    synopsis: '--case DIR [--json]',
    about: 'Lists what was done in a case, and by whom.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case'] });
      const lines = await client.get<JournalLine[]>(`/api/cases/${await open(client, o)}/journal`);
      return {
        json: { entries: lines },
        text: lines.map((l) => `${l.sequence} ${l.time} ${l.who} ${l.name}${l.state === 'undone' ? ' (undone)' : ''}`).join('\n'),
      };
    },
  },
};

function act(name: string, about: string): Verb {
  return {
    synopsis: '--case DIR [--json]',
    about,
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case'] });
      const state = await client.send<CaseState>('POST', `/api/cases/${await open(client, o)}/${name}`, {});
      const json = { sequence: state.sequence, undo: state.undo, redo: state.redo, unacknowledged: state.unacknowledged };
      return { json, text: `next undo: ${state.undo ?? 'none'}; next redo: ${state.redo ?? 'none'}` };
    },
  };
}

/** `--set a=1 b=2` as the contract writes it: further pairs after one --set belong to it. */
export function spreadSets(argv: string[]): string[] {
  const out: string[] = [];
  let setting = false;
  for (const word of argv) {
    if (word.startsWith('--')) {
      setting = word === '--set';
      out.push(word);
    } else if (setting && word.includes('=') && out.at(-1) !== '--set') out.push('--set', word);
    else {
      if (out.at(-1) !== '--set') setting = false;
      out.push(word);
    }
  }
  return out;
}

async function target(client: Client, id: string, o: Options): Promise<Segment> {
  const name = o.one('segment');
  return client.get<Segment>(`/api/cases/${id}/segments/${name === null ? 'newest' : encodeURIComponent(name)}`);
}

function newestMesh(state: CaseState): CaseMesh {
  const mesh = state.meshes.reduce<CaseMesh | null>((best, m) => (best === null || m.sequence > best.sequence ? m : best), null);
  if (!mesh) throw new Usage('the case has no model yet: run `lamina mesh` first');
  return mesh;
}

/** The segment that a mesh was made of. */
const segmentsOf = (state: CaseState, mesh: CaseMesh): Segment[] => state.segments.filter((one) => one.id === mesh.segment);

function sentence(report: MeshReport, out: string): string {
  return `${out}: ${report.triangles} triangles, ${(report.volumeMm3 / 1000).toFixed(2)} ml, ${piecesOf(report)}, ${report.openEdges} open edges`;
}
