import type { CaseState, Segment } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import { boneLabel, type LabelEntry } from '../../../contract/labels.ts';
import type { ObjectImportResult } from '../../../contract/object-files.ts';
import type { ReadEmpty } from '../../ports/objects/object-input.ts';
import type { LoadedSegment, StagedFile } from '../../processes/protocol.ts';
import { loadAct, markOf } from '../cases/acts.ts';
import { segmentIdOf } from '../cases/segment-ids.ts';
import { chooseSegment } from '../choose.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { BadRequest } from '../problems.ts';
import { changedSince } from './changed-since.ts';
import { loadedMarkups, type MarkupChange } from './loaded-markups.ts';
import { sourceOf } from './source-of.ts';
import { isTracked, trackingOf } from './tracking.ts';

/** `mask` null: without a voxel. */
type Loaded = Omit<LoadedSegment, 'mask'> & { mask: StagedFile | null };
interface Planned {
  read: Loaded;
  into: Segment | null;
  /** Null: nothing is to be kept of it. */
  staged: StagedFile | null;
  change: 'mask' | 'flips';
  changed: number;
}

/**
 * 9.1-interop: segments and markups out of a file that another program has written or changed. What came from this case, by a tracking UID
 * alone, is changed; all others are new, whatever their names. What is as it was is left out. Everything that one file makes and changes is
 * one act, so that undo takes all of it back and a disk that fails leaves none of it. Throws Refusal INVALID_OBJECT, GRID_MISMATCH, SEGMENT_LOCKED, NOT_FOUND, CASE_LOCKED and what the readers refuse.
 */
export async function loadObject(
  ports: Ports,
  session: Session,
  request: { path: string; series: string | null; into: string | null },
  context: JobContext,
): Promise<ObjectImportResult & { case: CaseState }> {
  session.assertWritable();
  const state = session.state();
  const wanted = state.series.filter((one) => request.series === null || one.seriesInstanceUid === request.series);
  if (wanted.length === 0) throw new Refusal('NOT_FOUND', `This case has no series ${request.series ?? ''}. Choose one that is listed.`);
  const targets = await Promise.all(
    wanted.map(async (one) => ({
      ...session.volumeFile(one),
      seriesInstanceUid: one.seriesInstanceUid,
      source: (await sourceOf(session, state, one)).source,
    })),
  );
  const into = session.files.stagingFolder();
  const options = { onProgress: context.progress, signal: context.signal };
  const read = await ports.compute.run('readObject', { path: ports.files.absolute(request.path), targets, into }, options);
  const staged: StagedFile[] = read.segments.map((one) => one.mask);
  try {
    const named = request.into === null ? null : chooseSegment(state, request.into);
    if (named && read.segments.length !== 1) throw new BadRequest(`into: the file holds ${read.segments.length} segments, not one`);
    const planned: Planned[] = [];
    const { gone, told: without } = emptied(read, (one) => (named ? null : cameFrom(ports, session, state, read.series, one, [])));
    for (const one of [...read.segments, ...gone]) {
      const target = named ?? cameFrom(ports, session, state, read.series, one, planned);
      // Another of the file has it: this one is a second of its UID, and there is nothing to make.
      if (!target && one.mask === null) {
        without.push(`${one.name} holds no voxel and was left out.`);
        continue;
      }
      if (target?.locked)
        throw new Refusal('SEGMENT_LOCKED', `${target.name} is locked, so nothing was loaded. Unlock it in the list of segments.`);
      if (target && target.series !== read.series)
        throw new Refusal(
          'GRID_MISMATCH',
          `${target.name} lies on another series than the file. Choose another segment, or load it as a new one.`,
        );
      planned.push(
        target
          ? await changeOf(ports, session, state, target, one, into, staged)
          : { read: one, into: null, staged: one.mask, change: 'mask', changed: one.voxels },
      );
    }
    const markups = loadedMarkups(ports, state, read.markups, (id, uid) => isTracked(ports, session, id, uid));
    const told = [...read.findings, ...without, ...planned.flatMap((one) => findingsOf(ports, session, state, read, one))];
    const touched = await record(session, read, planned, markups);
    const after = session.state();
    return {
      kind: read.kind,
      segments: planned.map((one, n) => {
        const { id, name, voxels, volumeMm3 } = chooseSegment(after, touched[n]!);
        return { id, name, into: one.into !== null, voxels, changed: one.changed, volumeMm3 };
      }),
      markups: markups.map((one) => one.markup.name),
      findings: told.map((text) => ({ text })),
      case: after,
    };
  } finally {
    for (const { path } of staged) await ports.files.remove(path);
  }
}

/**
 * What a file names and gives no voxel: a segment of this case is emptied as the file has it, where the file is certain of it; all others
 * are left out, which is told with what a person can do.
 */
function emptied(read: { empty?: ReadEmpty[] }, from: (one: ReadEmpty) => Segment | null): { gone: Loaded[]; told: string[] } {
  const gone: Loaded[] = [];
  const told: string[] = [];
  for (const empty of read.empty ?? []) {
    const { certain, ...one } = empty;
    const own = from(empty);
    if (!own) told.push(`${one.name} holds no voxel and was left out.`);
    else if (certain) gone.push({ ...one, mask: null, label: null, type: null, voxels: 0, volumeMm3: 0 });
    else if (own.voxels > 0)
      told.push(
        `${own.name} has no voxel of its own in the file, which may be because others lie over it. It stays as it is; if it is to go, clear or remove it here.`,
      );
  }
  return { gone, told };
}

/** The segment of this case that one of a file came from, which a tracking UID alone proves; each takes part once. */
function cameFrom(
  ports: Ports,
  session: Session,
  state: CaseState,
  series: string,
  read: Pick<Loaded, 'trackingUid'>,
  taken: Planned[],
): Segment | null {
  const { trackingUid } = read;
  if (trackingUid === null) return null;
  const free = state.segments.filter((one) => one.series === series && !taken.some((other) => other.into?.id === one.id));
  return free.find((one) => isTracked(ports, session, one.id, trackingUid)) ?? null;
}

/** Kinds whose names are those of segments; a label file has numbers, and a model the name of its title. */
const withNames = ['DICOM SEG', 'RTSTRUCT'];
const letters = (name: string): string => name.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/**
 * A segment that is called otherwise in the file. Its name here stays: reports, models and files refer to it, and other programs shorten
 * names and make them plain, which is no wish to rename. What was de-identified has names of its own, and nothing is told of them.
 */
function renamedOf(ports: Ports, session: Session, kind: string, { name, trackingUid }: Loaded, into: Segment): string | null {
  const isOwn = trackingUid === trackingOf(ports, session, into.id).trackingUid;
  if (!withNames.includes(kind) || !isOwn || letters(into.name) === letters(name)) return null;
  return `${into.name} is called ${name} in the file. It keeps its name here; rename it in the list of segments if it is to be ${name}.`;
}

/** What a person should know of where a segment of a file went. */
function findingsOf(
  ports: Ports,
  session: Session,
  state: CaseState,
  file: { kind: string; sha256: string },
  { read, into, changed }: Planned,
): string[] {
  if (into) {
    const since = changed === 0 ? null : changedSince(session.entries(), into, file);
    const cleared =
      changed > 0 && read.voxels === 0
        ? `${into.name} has no voxel in the file, so it has none here now: ${changed} were taken away. Undo takes it back; leave the segment out of the file where it is to stay.`
        : null;
    return [cleared, since, renamedOf(ports, session, file.kind, read, into)].filter((one) => one !== null);
  }
  const { name } = read;
  if (!state.segments.some((one) => one.name === name)) return [];
  return [`${name} has the name of a segment of this case; it was loaded as a new one. Load it as a change of ${name} if it is one.`];
}

async function changeOf(
  ports: Ports,
  session: Session,
  state: CaseState,
  target: Segment,
  read: Loaded,
  into: string,
  staged: StagedFile[],
): Promise<Planned> {
  const on = state.series.find((one) => one.seriesInstanceUid === target.series);
  if (!on) throw new RangeError('a segment without its series');
  const made = await ports.compute.run('maskChange', {
    before: await session.maskFile(target),
    after: read.mask?.path ?? null,
    dimensions: on.dimensions,
    into,
  });
  if (made.file) staged.push(made.file);
  return { read, into: target, staged: made.file ?? read.mask, change: made.change, changed: made.changed };
}

/** Journals what was planned as one act, which the case takes as a whole or not at all; answers the id of every segment, changed or new or as it was. */
async function record(
  session: Session,
  read: { kind: string; name: string; sha256: string; series: string },
  planned: Planned[],
  markups: MarkupChange[],
): Promise<string[]> {
  const acting = planned.flatMap((one) => {
    const { staged, into, changed } = one;
    return staged !== null && (into === null || changed > 0) ? [{ ...one, staged }] : [];
  });
  if (acting.length + markups.length === 0) return planned.map(({ into }) => into!.id);
  const { sequence } = await session.record(
    acting.map((one) => one.staged),
    loadAct({
      series: read.series,
      source: { kind: read.kind, name: read.name, sha256: read.sha256 },
      changes: acting.map(({ read: one, into, staged, change, changed }) => ({
        name: into?.name ?? (one.name.slice(0, 64) || 'Loaded'),
        value: one.number,
        networkWording: one.networkWording ?? null,
        algorithmType: one.algorithmType ?? null,
        label: labelOf(one),
        into: into?.id ?? null,
        from: into ? markOf(into.mask) : null,
        change,
        voxels: one.voxels,
        changed,
        volumeMm3: one.volumeMm3,
        output: staged.sha256,
      })),
      markups,
    }),
  );
  return planned.map(
    (one) =>
      one.into?.id ??
      segmentIdOf(
        sequence,
        acting.findIndex(({ read: of }) => of === one.read),
        acting.length,
      ),
  );
}

/** The label that the file gives; a type that is none of our table's stands under it as coded there. */
function labelOf({ label, type, name }: Loaded): LabelEntry | null {
  if (label) return label;
  return type && { ...boneLabel, key: 'loaded', name: type.meaning.slice(0, 64) || name.slice(0, 64), type };
}
