import type { CaseState, Segment } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import { segmentColours } from '../../../contract/labels.ts';
import type { ObjectExportRequest, ObjectExportResult, ObjectKind } from '../../../contract/object-files.ts';
import type { ObjectTaskInput } from '../../processes/protocol.ts';
import { counted } from '../cases/act-names.ts';
import { exportAct, markOf } from '../cases/acts.ts';
import { chooseSegment, seriesOf } from '../choose.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { unreviewedOf, unreviewedWords } from '../steps/annotation/doubts.ts';
import { measureMarkups } from '../steps/annotation/markups.ts';
import { joinedWords } from './joined-words.ts';
import { sourceOf } from './source-of.ts';
import { trackingOf, uidSeedOf } from './tracking.ts';

/** Kinds that have a place for markups. */
const withMarkups: readonly ObjectKind[] = ['sr', 'aim', 'rtstruct'];
/** Kinds of one segment alone. */
const single: readonly ObjectKind[] = ['encapsulated-stl'];

/**
 * 9.1-interop, P-export: segments, and the markups of their series, as a file that other programs open; what the file could not say and
 * what nobody has reviewed is told; outlines that repeat a segment of the file are left out (withoutRepeatedOutlines). Throws Refusal NOT_FOUND, GRID_MISMATCH (segments of several series), MODEL_OUTDATED, NOT_SIGNED, and
 * what a kind refuses; what stood at the path before stays until the new file is whole.
 */
export async function exportObject(
  ports: Ports,
  session: Session,
  request: ObjectExportRequest,
  context: JobContext,
): Promise<ObjectExportResult & { case: CaseState }> {
  const state = session.state();
  const { kind } = request;
  const segments = distinct((request.segments ?? [null]).map((name) => chooseSegment(state, name)));
  const [first] = segments;
  if (!first) throw new RangeError('no segment was asked for');
  const series = seriesOf(state, first);
  if (segments.some((one) => one.series !== first.series))
    throw new Refusal('GRID_MISMATCH', 'The segments lie on several series; one file holds those of one series. Export each by itself.');
  if (single.includes(kind) && segments.length > 1)
    throw new Refusal('INVALID_OBJECT', `A file of the kind ${kind} holds one segment. Name one with --segment.`);
  const { source, onSourceGrid, straightened } = await sourceOf(session, state, series);
  const markups = request.markups && withMarkups.includes(kind) ? state.markups.filter((one) => one.series === first.series) : [];
  const measures = await measureMarkups(ports, session, markups);
  const uidSeed = uidSeedOf(session);
  const aside = await ports.files.temporary();
  const path = ports.files.absolute(request.path);
  try {
    const input: ObjectTaskInput = {
      kind,
      path: ports.files.join(aside, nameFor(path, kind)),
      series: { ...series, units: series.voxels.units },
      source,
      onSourceGrid,
      straightened,
      segments: await Promise.all(
        segments.map(async (one) => {
          const { id, name, number, label, colour, volumeMm3 } = one;
          return {
            mask: await session.maskFile(one),
            name,
            number,
            label,
            rgb: segmentColours[colour - 1]!,
            algorithmType: one.algorithmType,
            algorithmName: techniqueWords(one),
            networkWording: one.networkWording,
            volumeMm3,
            ...trackingOf(ports, session, id),
          };
        }),
      ),
      markups: markups.map((one, n) => ({ ...one, measures: measures[n]!, trackingUid: trackingOf(ports, session, one.id).trackingUid })),
      mesh: kind === 'encapsulated-stl' ? meshFor(session, state, first, request) : null,
      of: { id: session.files.identity.id, name: state.name, sequence: state.sequence },
      writtenAt: ports.now(),
      version: (await ports.about()).version,
      uidSeed,
      deidentify: request.deidentify,
    };
    const written = await ports.compute.run('writeObject', input, { onProgress: context.progress, signal: context.signal });
    await ports.files.copy(written.path, path);
    const reviews: { name: string; words: string }[] = [];
    for (const one of segments) reviews.push({ name: one.name, words: unreviewedWords(await unreviewedOf(ports, session, one)) });
    await session.exclusive(async () => {
      if (session.files.readOnly) return;
      await session.append(
        exportAct({
          segment: first.id,
          segmentName: segments.map((one) => one.name).join(', '),
          marks: segments.map((one) => ({ segment: one.id, from: markOf(one.mask) })),
          from: markOf(first.mask),
          kind,
          sha256: written.sha256,
          inputs: segments.flatMap((one) => (one.mask.base === null ? [] : [one.mask.base])),
        }),
      );
    });
    return {
      path,
      sha256: written.sha256,
      kind,
      segments: segments.map((one) => one.name),
      markups: written.markups,
      findings: [...written.findings, ...joinedWords(reviews)].map((text) => ({ text })),
      case: session.state(),
    };
  } finally {
    await ports.files.remove(aside);
  }
}

const distinct = (segments: Segment[]): Segment[] => [...new Map(segments.map((one) => [one.id, one])).values()];

/** A name of our own beside which the file is made; of NIfTI the ending says whether it is compressed. */
const nameFor = (path: string, kind: ObjectKind): string =>
  kind !== 'nifti' ? 'object' : /\.nii$/i.test(path) ? 'labels.nii' : 'labels.nii.gz';

/** How a segment was made, in words: what it began with, and how much was done to it since. */
function techniqueWords({ technique: [first, ...rest] }: Segment): string {
  if (!first) return 'unknown';
  return rest.length === 0 ? first.name : `${first.name} and ${counted(rest.length, 'more step')}`;
}

/** The checked model of a segment, for the file that holds one; unsigned and failed ones only where they are asked for by name. */
function meshFor(session: Session, state: CaseState, segment: Segment, { unsigned, failed }: ObjectExportRequest): ObjectTaskInput['mesh'] {
  const mesh = state.meshes.find((one) => one.segment === segment.id);
  if (!mesh) throw new Refusal('NOT_FOUND', `There is no model of ${segment.name} yet. Make it first (Model, or lamina mesh).`);
  if (!mesh.current) throw new Refusal('MODEL_OUTDATED', 'The segment has changed since this model was made. Make the model again.');
  const reason = mesh.reasons[0];
  if (reason && !failed)
    throw new Refusal(reason.code, `${reason.message} It is written only when asked for by name.`, { reasons: mesh.reasons });
  const signOff = state.signOff?.mesh === mesh.id ? state.signOff : null;
  if (!signOff && !unsigned)
    throw new Refusal('NOT_SIGNED', 'Nobody has signed this model. Review and sign it, or export it unsigned on purpose.');
  return { stl: session.files.blobPath(mesh.report.sha256), title: segment.name, passed: !reason, signedBy: signOff?.name ?? null };
}
