import type { Act, CaseSeries, CaseState, JournalEntry, Segment } from '../../contract/case.ts';
import { Refusal } from '../../contract/errors.ts';
import type { MaskFile, VolumeFile } from '../processes/protocol.ts';
import { strokeDelta } from './cases/acts.ts';
import type { OpenCase } from './cases/store.ts';
import type { Ports } from './ports.ts';

/** One opened case: its journal, its folded state, and one queue so that acts follow each other. */
export interface Session {
  readonly id: string;
  readonly files: OpenCase;
  state(): CaseState;
  entries(): readonly JournalEntry[];
  /** Runs acts one after the other; `work` sees the state as the last one left it. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  append(act: Act): Promise<JournalEntry>;
  /** A segment's mask as the compute process takes it. */
  maskFile(segment: Segment): Promise<MaskFile>;
  volumeFile(series: CaseSeries): VolumeFile;
}

/** Acts after which the list of recent cases would show another step. */
const milestones = new Set<string>(['segment', 'mesh', 'sign', 'undo', 'redo']);

export function createSession(files: OpenCase, reached: (session: Session) => Promise<void>): Session {
  let queue: Promise<unknown> = Promise.resolve();
  const session: Session = {
    id: files.identity.id,
    files,
    entries: () => files.entries(),
    state: () => withPaths(files.state(), files),
    exclusive(work) {
      const result = queue.then(work);
      queue = result.catch(() => {});
      return result;
    },
    async append(act) {
      if (files.readOnly) throw readOnly(files);
      const entry = await files.append(act);
      if (milestones.has(act.act)) await reached(session);
      return entry;
    },
    async maskFile(segment) {
      const bySequence = new Map(files.entries().map((e) => [e.sequence, e]));
      const deltas = await Promise.all(
        segment.mask.strokes.map(async (sequence) => {
          const entry = bySequence.get(sequence);
          if (!entry) throw new RangeError(`stroke ${sequence} is not in the journal`);
          return strokeDelta(entry, (sha256) => files.readBlob(sha256));
        }),
      );
      return { base: segment.mask.base === null ? null : files.blobPath(segment.mask.base), deltas };
    },
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

/** The table of open cases. Opening one twice gives the same session. */
export function createOpenCases(ports: Pick<Ports, 'cases' | 'recent' | 'now'>) {
  const sessions = new Map<string, Session>();
  const byFolder = (folder: string) => [...sessions.values()].find((s) => s.files.folder === folder);
  function add(files: OpenCase): Session {
    const session = createSession(files, remember);
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
  return {
    async create(folder: string, name: string): Promise<Session> {
      return add(await ports.cases.create(folder, { name }));
    },
    async open(folder: string, options: { readOnly?: boolean; salvage?: boolean } = {}): Promise<Session> {
      return byFolder(folder) ?? add(await ports.cases.open(folder, options));
    },
    get(id: string): Session {
      const session = sessions.get(id);
      if (!session) throw new Refusal('NOT_FOUND', 'This case is not open any more. Open it again.');
      return session;
    },
    remember,
    async close(id: string): Promise<void> {
      const session = sessions.get(id);
      sessions.delete(id);
      await session?.files.close();
    },
    async closeAll(): Promise<void> {
      for (const id of [...sessions.keys()]) await this.close(id);
    },
  };
}
export type OpenCases = ReturnType<typeof createOpenCases>;
