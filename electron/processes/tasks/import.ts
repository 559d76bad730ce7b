import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AcquisitionFacts } from '../../../contract/acquisition.ts';
import type { DicomSource } from '../../../contract/dicom-source.ts';
import type { Coded, Finding } from '../../../contract/errors.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { ImportReport, SeriesEntry } from '../../../contract/volume.ts';
import { assemble } from '../../ports/dicom/assemble.ts';
import { DecodeHelpers } from '../../ports/dicom/decode-helpers.ts';
import { refusedFindings, rejectReasons, sideFindings, sideWarnings } from '../../ports/dicom/outcome.ts';
import { type Candidate, planVolumes } from '../../ports/dicom/plan.ts';
import { memoryFor } from '../../ports/dicom/volume-memory.ts';
import { fileUses, type UsedFiles } from '../../ports/file-uses.ts';
import { type Gathered, gather } from '../../ports/gather.ts';
import { sourceHeaders } from '../../ports/objects/source-headers.ts';
import { openVolumeFile } from '../../ports/volume-file-open.ts';
import { distinctVolumeFiles } from '../../ports/volume-file-uid.ts';
import { type ReadVolume, readVolumeFile } from '../../ports/volume-file-volume.ts';
import { measureQuality } from '../acquisition/measure-quality.ts';
import type { StagedFile, Task, TaskContext, Tasks } from '../protocol.ts';
import { stage } from './masks.ts';
import { factsOfPlan, factsOfVolumeFile } from './series-facts.ts';

function merged(lists: Coded[][]): Coded[] {
  const seen = new Set<string>();
  return lists.flat().filter((item) => {
    const key = `${item.code}\n${item.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** One volume to be: where its slices come from, and where it goes when it is refused. */
interface Source {
  name: string;
  read(step: (fraction: number) => void): Promise<ReadVolume>;
  /** What its headers say of the acquisition. */
  facts(modality: string): AcquisitionFacts | null;
  /** What DICOM headers say of patient, study and images; null: it is no DICOM. */
  headers(): DicomSource | null;
  /** The files that it is made of. */
  paths(): Promise<string[]>;
  refuse(reasons: Coded[]): void;
}

/** Series without a UID of their own must stay apart. */
function distinctUid(uid: string, series: SeriesEntry[]): string {
  let out = uid;
  for (let n = 2; series.some((item) => item.seriesInstanceUid === out); n++) out = `${uid}#${n}`;
  return out;
}

/** Reasons that the given consents do not cover. */
function stillRefused(reasons: Coded[], allow: string[]): Coded[] {
  const left = reasons.filter((item) => !allow.includes(item.code));
  return left.length > 0 ? left : reasons;
}

/**
 * Imports every volume of the input, or one series: raw voxels into the folder `into`, and the report of every file, used or not (7.2, 7.3).
 * A rejected import leaves `into` as it was. Throws what the file system throws where `into` cannot be written.
 */
export const importSeries: Task<'import'> = async (input, context) => {
  try {
    return await importInput(input, context);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      report: { outcome: 'reject', reasons: error.reasons, warnings: [], findings: [], series: [] },
      files: [],
      sources: [],
      uses: [],
    };
  }
};

/** From this many files on threads for decoding come up while headers are read. */
const manyFiles = 64;

const importInput: Task<'import'> = async (input, context) => {
  const helpers = new DecodeHelpers();
  try {
    const found = await gather(input.paths, input.into, (done, total) => {
      context.throwIfCancelled();
      if (total >= manyFiles) helpers.start();
      context.progress(0.2 * (done / total), `Reading headers: ${done} of ${total}`);
    });
    try {
      const out = await importGathered(found, input, context, helpers);
      return { ...out, report: { ...out.report, findings: out.report.findings.map(found.told) } };
    } finally {
      found.dispose();
    }
  } finally {
    await helpers.close();
  }
};

type Input = Tasks['import']['in'];

const stageHeaders = async (into: string, headers: DicomSource | null): Promise<StagedFile | null> =>
  headers && (await stage(into, new TextEncoder().encode(JSON.stringify(headers)), '.json'));

async function importGathered(
  found: Gathered,
  { seriesInstanceUid, allow, into }: Input,
  context: TaskContext,
  helpers: DecodeHelpers,
): Promise<Tasks['import']['out']> {
  const planned = planVolumes(found.images, context.throwIfCancelled);
  const chosen = seriesInstanceUid === null ? planned : planned.filter((item) => item.uid === seriesInstanceUid);
  const volumeFiles = (await distinctVolumeFiles(found)).filter(({ uid }) => seriesInstanceUid === null || uid === seriesInstanceUid);
  const volumes = chosen.filter((item) => item.kind === 'volume' && item.reasons.every((r) => (allow as string[]).includes(r.code)));
  if (seriesInstanceUid !== null && chosen.length + volumeFiles.length === 0)
    throw new Refusal('NOT_FOUND', `The input holds no series ${seriesInstanceUid}.`);
  const room = { helpers, memory: memoryFor(volumes) };
  const refused: Candidate[] = chosen.filter((item) => !volumes.includes(item));
  const findings: Finding[] = [...found.findings];
  const files: StagedFile[] = [];
  const headers: (StagedFile | null)[] = [];
  const series: SeriesEntry[] = [];
  const warnings: Coded[][] = [];
  const used: UsedFiles[] = [];
  try {
    const sources: Source[] = [
      ...volumes.map(
        (plan): Source => ({
          name: plan.uid,
          read: (step) => assemble(plan, step, room),
          facts: () => factsOfPlan(plan),
          headers: () => sourceHeaders(plan),
          paths: async () => plan.files.map((file) => file.path),
          refuse: (reasons) => refused.push({ ...plan, reasons }),
        }),
      ),
      ...volumeFiles.map(
        ({ path, uid }): Source => ({
          name: basename(found.nameOf(path)),
          read: (step) => readVolumeFile(path, allow, step, { name: found.nameOf(path), uid, beside: found.beside(path) }),
          facts: (modality) => factsOfVolumeFile(path, modality),
          headers: () => null,
          paths: async () => [path, ...(await openVolumeFile(path, found.beside(path))).sources.map((one) => one.path)],
          refuse: (reasons) => found.damaged.push(...reasons.map((reason) => ({ path, reason }))),
        }),
      ),
    ];
    for (const [n, source] of sources.entries()) {
      try {
        const volume = await source.read((part) => {
          context.throwIfCancelled();
          context.progress(0.2 + (0.8 * (n + part * 0.9)) / sources.length, `Decoding ${source.name}`);
        });
        const dtype = volume.values instanceof Int16Array ? 'int16' : 'float32';
        const file = await stage(into, volume.values, `.${dtype}`, context.throwIfCancelled);
        files.push(file);
        headers.push(await stageHeaders(into, source.headers()));
        const uid = distinctUid(volume.entry.seriesInstanceUid, series);
        series.push({
          ...volume.entry,
          seriesInstanceUid: uid,
          voxels: { path: file.path, dtype, units: volume.units },
          acquisition: source.facts(volume.entry.modality),
          quality: measureQuality(volume.values, volume.entry, volume.units, context.throwIfCancelled),
        });
        used.push({ series: uid, paths: await source.paths() });
        warnings.push(volume.warnings);
        findings.push(...volume.findings);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        source.refuse(error.reasons);
      }
    }
  } catch (error) {
    await Promise.all([...files, ...headers].map((file) => file && rm(file.path, { force: true })));
    throw error;
  }
  findings.push(...sideFindings(found), ...refusedFindings(refused));
  const uses = fileUses(found, used, [...refused, ...planned]);
  if (series.length === 0) {
    const reasons = stillRefused(rejectReasons(found, refused), allow);
    return { report: { outcome: 'reject', reasons, warnings: [], findings, series: [] }, files: [], sources: [], uses };
  }
  for (const item of refused)
    if (item.kind === 'volume')
      warnings.push(item.reasons.map((r) => ({ code: r.code, message: `Series ${item.uid} was not imported. ${r.message}` })));
  const all = merged([...warnings, sideWarnings(found)]);
  context.progress(1, 'Imported');
  const report: ImportReport = { outcome: all.length > 0 ? 'accept_with_warning' : 'accept', reasons: [], warnings: all, findings, series };
  return { report, files, sources: headers, uses };
}
