import type { Act, CaseSeries, CaseState, JournalEntry, Segment } from '../../contract/case.ts';
import { Refusal } from '../../contract/errors.ts';
import type { MaskDelta } from '../../contract/segmentation.ts';
import type { MaskFile, StagedFile, VolumeFile } from '../processes/protocol.ts';
import { handStrokes } from './cases/hand-strokes.ts';
import { maskDelta } from './cases/mask-deltas.ts';
import type { OpenCase } from './cases/store.ts';
import type { Files, Ports } from './ports.ts';

/** One opened case: its journal, its folded state, and one queue so that acts follow each other. */
export interface Session {
  /** Of this opening: a copied folder has the same identity but is another session. */
  readonly id: string;
  readonly files: OpenCase;
  state(): CaseState;
  entries(): readonly JournalEntry[];
  /** Runs acts one after the other; `work` sees the state as the last one left it. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  append(act: Act): Promise<JournalEntry>;
  /** Moves staged files into the case and journals them as one act; on failure the files are gone. */
  record(staged: StagedFile | StagedFile[], act: Act): Promise<JournalEntry>;
  /** Throws Refusal CASE_READ_ONLY: asked before work whose result could not be kept. */
  assertWritable(): void;
  /** A place for what can be made again: the case's cache, or a folder of our own where the case may not be written. */
  cacheFile(name: string): Promise<string>;
  close(): Promise<void>;
  /** A segment's mask as the compute process takes it. */
  maskFile(segment: Segment): Promise<MaskFile>;
  /** What a hand has set in a segment, in order: no network overwrites it unasked. */
  handOf(segment: string): Promise<MaskDelta[]>;
  volumeFile(series: CaseSeries): VolumeFile;
}

/** Acts after which the list of recent cases would show another step. */
const milestones = new Set<string>(['segment', 'mesh', 'sign', 'undo', 'redo']);

export function createSession(id: string, files: OpenCase, disk: Files, reached: (session: Session) => Promise<void>): Session {
  let queue: Promise<unknown> = Promise.resolve();
  let scratch: Promise<string> | null = null;
  function deltasOf(segment: string, sequences: readonly number[]): Promise<MaskDelta[]> {
    const bySequence = new Map(files.entries().map((e) => [e.sequence, e]));
    return Promise.all(
      sequences.map(async (sequence) => {
        const entry = bySequence.get(sequence);
        if (!entry) throw new RangeError(`stroke ${sequence} is not in the journal`);
        return maskDelta(entry, segment, (sha256) => files.readBlob(sha256));
      }),
    );
  }
  const session: Session = {
    id,
    files,
    entries: () => files.entries(),
    state: () => ({ ...withPaths(files.state(), files), id }),
    exclusive(work) {
      const result = queue.then(work);
      queue = result.catch(() => {});
      return result;
    },
    async append(act) {
      session.assertWritable();
      const entry = await files.append(act);
      if (milestones.has(act.act)) await reached(session);
      return entry;
    },
    record(staged, act) {
      const all = [staged].flat();
      return session.exclusive(async () => {
        try {
          session.assertWritable();
          for (const one of all) await files.adopt(one);
          return await session.append(act);
        } finally {
          // Adopted, they lie elsewhere by now; refused, they must not stay behind.
          for (const one of all) await disk.remove(one.path);
        }
      });
    },
    assertWritable() {
      if (files.readOnly) throw readOnly(files);
    },
    async cacheFile(name) {
      if (!files.readOnly) return files.cachePath(name);
      scratch ??= disk.temporary();
      return disk.join(await scratch, name);
    },
    async close() {
      await files.close();
      if (scratch) await disk.remove(await scratch);
    },
    async maskFile(segment) {
      const deltas = await deltasOf(segment.id, segment.mask.strokes);
      return { base: segment.mask.base === null ? null : files.blobPath(segment.mask.base), deltas };
    },
    handOf: (segment) => deltasOf(segment, handStrokes(files.entries(), segment)),
    volumeFile: (series) => ({
      dimensions: series.dimensions,
      spacingMm: series.spacingMm,
      originLps: series.originLps,
      directionLps: series.directionLps,
      path: files.blobPath(series.voxels.sha256),
      dtype: series.voxels.dtype,
    }),
  };
  return session;
}

function readOnly(files: OpenCase): Refusal {
  return new Refusal(
    'CASE_READ_ONLY',
    `This case is open read-only${files.heldBy ? `: ${files.heldBy}` : ''}. Nothing can be changed here.`,
  );
}

/** The journal names voxels by hash so that a case can be moved; the state names them by where they lie now. */
function withPaths(state: CaseState, files: OpenCase): CaseState {
  return {
    ...state,
    series: state.series.map((s) => ({ ...s, voxels: { ...s.voxels, path: files.blobPath(s.voxels.sha256) } })),
  };
}

/** The table of open cases. A folder is opened once, also when it is asked for twice at the same time or by another name. */
export function createOpenCases(ports: Pick<Ports, 'cases' | 'recent' | 'now' | 'newId' | 'files'>) {
  const sessions = new Map<string, Session>();
  const byPlace = new Map<string, Promise<Session>>();

  function add(files: OpenCase): Session {
    const session = createSession(ports.newId(), files, ports.files, remember);
    sessions.set(session.id, session);
    return session;
  }
  async function remember(session: Session): Promise<void> {
    const state = session.state();
    const first = state.series[0];
    await ports.recent.touch({
      folder: state.folder,
      name: state.name,
      openedAt: ports.now(),
      summary: first ? `${first.modality} · ${first.dimensions.join(' × ')}` : 'empty',
      steps: state.signOff ? 8 : state.meshes.length ? 7 : state.segments.length ? 3 : 1,
    });
  }
  /** Keeps the opening under its real place until it is closed or has failed. */
  function hold(place: string, opening: Promise<Session>): Promise<Session> {
    byPlace.set(place, opening);
    opening.catch(() => byPlace.delete(place));
    return opening;
  }
  return {
    async create(folder: string, name: string): Promise<Session> {
      const session = add(await ports.cases.create(folder, { name }));
      return hold(await ports.files.realPath(folder), Promise.resolve(session));
    },
    async open(folder: string, options: { readOnly?: boolean; salvage?: boolean } = {}): Promise<Session> {
      const place = await ports.files.realPath(folder);
      const opening = async () => {
        const files = await ports.cases.open(folder, options);
        // What an earlier session cached is made again: nothing vouches for its bytes.
        if (!files.readOnly) await ports.files.clear(ports.files.join(files.folder, 'cache'), ['mask-', 'preview-']);
        return add(files);
      };
      return byPlace.get(place) ?? hold(place, opening());
    },
    get(id: string): Session {
      const session = sessions.get(id);
      if (!session) throw new Refusal('NOT_FOUND', 'This case is not open any more. Open it again.');
      return session;
    },
    remember,
    async close(id: string): Promise<void> {
      const session = sessions.get(id);
      if (!session) return;
      sessions.delete(id);
      for (const [place, opening] of byPlace) if ((await opening.catch(() => null)) === session) byPlace.delete(place);
      await session.close();
    },
    async closeAll(): Promise<void> {
      for (const id of [...sessions.keys()]) await this.close(id);
    },
  };
}
export type OpenCases = ReturnType<typeof createOpenCases>;
