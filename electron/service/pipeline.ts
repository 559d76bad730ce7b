import type { CaseState } from '../../contract/case.ts';
import { Refusal } from '../../contract/errors.ts';
import { meshSettings } from '../../contract/mesh.ts';
import { effectRequest, type Recipe, type RunRequest, type RunResult } from '../../contract/routes.ts';
import type { JobContext } from './jobs.ts';
import { exportMesh, kindOfName } from './modelling/export.ts';
import { makeMesh } from './modelling/mesh.ts';
import type { OpenCases, Session } from './open-cases.ts';
import type { Ports } from './ports.ts';
import { segmentSeries } from './steps/deployment/segment.ts';
import { cleanSegment } from './steps/postprocessing/clean.ts';
import { effectSegment } from './steps/postprocessing/effect.ts';
import { importIntoCase } from './steps/preparation/import.ts';
import { preprocessSeries } from './steps/preprocessing/preprocess.ts';

/** A part of a job's bar. */
export function share(context: JobContext, from: number, to: number, what: string): JobContext {
  return {
    signal: context.signal,
    progress: (fraction, note) => context.progress(from + (to - from) * fraction, note ? `${what}: ${note}` : what),
  };
}

/** The steps after import, in the order that only this file knows: preprocess, segment, clean, surface. */
export async function segmentToMesh(ports: Ports, session: Session, series: string | null, recipe: Recipe, context: JobContext) {
  const preprocessed = recipe.preprocess
    ? await preprocessSeries(ports, session, { series, settings: recipe.preprocess, segments: [] }, share(context, 0, 0.1, 'Preprocess'))
    : null;
  const on = preprocessed?.series.seriesInstanceUid ?? series;
  const segmented = await segmentSeries(
    ports,
    session,
    { series: on, name: null, settings: recipe.segment, into: null, label: null, overwriteHand: false },
    share(context, preprocessed ? 0.1 : 0, 0.2, 'Segment'),
  );
  const cleaned = recipe.clean
    ? await cleanSegment(
        ports,
        session,
        segmented.segment.id,
        recipe.clean,
        share(context, 0.2, recipe.effects.length > 0 ? 0.4 : 0.5, 'Clean'),
      )
    : null;
  let effected: Awaited<ReturnType<typeof effectSegment>> | null = null;
  for (const [n, effect] of recipe.effects.entries()) {
    const from = 0.4 + (0.1 * n) / recipe.effects.length;
    const part = share(context, from, from + 0.1 / recipe.effects.length, 'Effect');
    effected = await effectSegment(ports, session, segmented.segment.id, effectRequest.parse({ settings: effect }), part);
  }
  const meshed = await makeMesh(ports, session, segmented.segment.id, meshSettings.parse(recipe.mesh), share(context, 0.5, 1, 'Model'));
  return { preprocessed, segmented, cleaned, effected, meshed };
}

/**
 * The whole main job: import, segment, clean, mesh, check, STL. Throws Refusal with the partial result as report when the input is
 * refused or the mesh fails its check; then no STL is written, and the temporary case is gone.
 */
export async function runWhole(ports: Ports, open: OpenCases, request: RunRequest, context: JobContext): Promise<RunResult> {
  const kind = kindOfName(request.out);
  const temporary = request.folder === null ? await ports.files.temporary() : null;
  const folder = request.folder ?? ports.files.join(temporary as string, 'run.lamina');
  let session: Session | null = null;
  try {
    const imported = await importIntoCase(
      ports,
      open,
      { paths: request.paths, folder, seriesInstanceUid: request.seriesInstanceUid, allow: request.allow },
      share(context, 0, 0.4, 'Import'),
    );
    session = imported.session;
    const { preprocessed, segmented, cleaned, effected, meshed } = await segmentToMesh(
      ports,
      session,
      request.seriesInstanceUid,
      request.recipe,
      share(context, 0.4, 1, ''),
    );
    const kept = temporary === null;
    const reasons = meshed.reasons;
    const result: RunResult = {
      import: kept ? imported.report : withoutPaths(imported.report),
      preprocess: preprocessed && {
        series: preprocessed.series.seriesInstanceUid,
        steps: preprocessed.series.derivation?.steps ?? [],
      },
      segment: {
        ...summary(segmented.case, segmented.segment.id),
        labelmap: kept ? labelmapOf(session, segmented.case, segmented.segment.id) : null,
      },
      clean: cleaned ? summary(cleaned.case, cleaned.segment.id) : null,
      effects: effected ? summary(effected.case, effected.segment.id) : null,
      mesh: meshed.report,
      check: { outcome: reasons.length ? 'reject' : 'accept', reasons, warnings: [] },
      stl: null,
    };
    if (reasons.length) throw new Refusal(reasons[0]?.code ?? 'MESH_NON_MANIFOLD', reasons[0]?.message ?? '', { reasons, report: result });
    const written = await exportMesh(ports, session, { mesh: meshed.mesh.id, path: request.out, kind, unsigned: true, failed: false });
    return { ...result, stl: { path: written.path, sha256: written.sha256, signed: written.signed, reportPath: written.reportPath } };
  } catch (error) {
    // A case that was asked to be kept but came to no end is removed too: DIR does not exist after a refusal.
    if (session) {
      const made = session.files.folder;
      await open.close(session.id);
      session = null;
      await ports.files.remove(made);
    }
    throw error;
  } finally {
    if (session) await open.close(session.id);
    if (temporary) await ports.files.remove(temporary);
  }
}

function withoutPaths(report: RunResult['import']): RunResult['import'] {
  return { ...report, series: report.series.map((s) => ({ ...s, voxels: { ...s.voxels, path: null } })) };
}

function summary(state: CaseState, id: string) {
  const segment = state.segments.find((s) => s.id === id);
  if (!segment) throw new RangeError(`segment ${id} is gone`);
  return {
    series: segment.series,
    segment: segment.name,
    voxels: segment.voxels,
    volumeMm3: segment.volumeMm3,
    technique: segment.technique,
    networkWording: segment.networkWording,
  };
}

function labelmapOf(session: Session, state: CaseState, id: string) {
  const segment = state.segments.find((s) => s.id === id);
  const series = state.series.find((s) => s.seriesInstanceUid === segment?.series);
  if (!segment?.mask.base || !series) throw new RangeError(`segment ${id} has no labelmap`);
  return { path: session.files.blobPath(segment.mask.base), dtype: 'uint8' as const, dimensions: series.dimensions };
}
