import type { CaseState, Segment } from '../../contract/case.ts';
import type { ObjectExportResult, ObjectImportResult } from '../../contract/object-files.ts';
import { type Client, Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { type Options, readOptions } from './options.ts';
import { absolute, type Outcome, type Verb } from './verb.ts';

/** What `lamina export --as` takes of the kinds that hold segments. */
export const objectSynopsis =
  '--case DIR --as seg|labelmap-seg|rtstruct|sr|aim|encapsulated-stl|nifti --out FILE [--segment NAME]... [--no-markups] [--deidentify [--set pseudonym=NAME retainUids=true retainDeviceIdentity=true retainInstitutionIdentity=true retainPatientCharacteristics=true retainLongitudinalFullDates=true cleanDescriptors=true]] [--unsigned] [--failed] [--json]';

/** `lamina export --as seg ...`: segments and markups for other programs. */
export async function exportObjects(client: Client, id: string, kind: string, path: string, o: Options): Promise<Outcome> {
  const segments = o.many('segment');
  const json = await client.job<ObjectExportResult & { case: CaseState }>(`/api/cases/${id}/objects`, {
    kind,
    path,
    segments: segments.length > 0 ? segments : null,
    markups: !o.flag('no-markups'),
    deidentify: o.flag('deidentify') ? o.settings() : null,
    unsigned: o.flag('unsigned'),
    failed: o.flag('failed'),
  });
  const { case: _, ...told } = json;
  const chosen = await Promise.all(
    (segments.length > 0 ? segments : ['newest']).map((one) => client.get<Segment>(`/api/cases/${id}/segments/${encodeURIComponent(one)}`)),
  );
  return withNetworkWording({ json: told, text: [told.path, ...told.findings.map((one) => `note: ${one.text}`)].join('\n') }, chosen);
}

export const objectVerbs: Record<string, Verb> = {
  load: {
    synopsis: 'FILE --case DIR [--series UID] [--into SEGMENT] [--json]',
    about:
      'Takes segments and markups out of a file of another program (DICOM SEG, RTSTRUCT, SR, encapsulated STL, AIM 4, NIfTI-1): what came from this case is changed, the rest is new.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'series', 'into'] });
      const [file] = o.positional;
      if (file === undefined || o.positional.length !== 1) throw new Usage('name one file');
      const id = await client.openCase(absolute(o.need('case')));
      const { case: state, ...json } = await client.job<ObjectImportResult & { case: CaseState }>(`/api/cases/${id}/objects/read`, {
        path: absolute(file),
        series: o.one('series'),
        into: o.one('into'),
      });
      const told = json.segments.map((one) =>
        one.into
          ? `${one.name}: ${one.changed} voxels changed, ${one.voxels} now`
          : `${one.name}: new, ${one.voxels} voxels, ${(one.volumeMm3 / 1000).toFixed(2)} ml`,
      );
      return withNetworkWording(
        { json, text: [json.kind, ...told, ...json.markups, ...json.findings.map((one) => `note: ${one.text}`)].join('\n') },
        state.segments.filter((one) => json.segments.some(({ id: loaded }) => loaded === one.id)),
      );
    },
  },
};
