import type { Act, CaseState, Segment } from '../../../contract/case.ts';
import { type MeshReport, meshReport, meshSettings } from '../../../contract/mesh.ts';
import { type NetworkRun, networkWording } from '../../../contract/model.ts';
import { type SegmentSettings, type StrokeRequest, segmentSettings } from '../../../contract/segmentation.ts';
import type { MaskMark } from './act-parameters.ts';
import * as acts from './acts.ts';

/**
 * Acts for tests of the journal: plausible in every field, of no real image. A number picks what a case's state allows, so that any list
 * of numbers is a session at the window.
 */
export const sampleSeriesUid = '2.25.1001';

export function sampleImport(voxelsSha256: string): Act {
  const series = {
    seriesInstanceUid: sampleSeriesUid,
    patientName: 'Sample^Größe',
    modality: 'CT',
    description: 'sample',
    dimensions: [10, 10, 10] as [number, number, number],
    spacingMm: [0.5, 0.5, 2] as [number, number, number],
    originLps: [-1, -2, 3] as [number, number, number],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
    slicePositionsMm: [0, 2, 4],
    acquisition: null,
    quality: null,
    derivation: null,
    source: null,
    resampled: false,
    voxels: { path: '', dtype: 'int16' as const, units: 'HU', sha256: voxelsSha256 },
  };
  const warnings = [
    { code: 'LOSSY_COMPRESSED' as const, message: 'The series was compressed with loss.' },
    { code: 'MISSING_PATIENT_ID' as const, message: 'The series names no patient.' },
  ];
  const report = { outcome: 'accept_with_warning' as const, reasons: [], warnings, findings: [], series: [] };
  return acts.importAct({ sources: ['head'], allow: [], report, series: [series] });
}

/** A series made of the sample by smoothing. */
export function samplePreprocess(series: CaseState['series'][number], voxels: string, uid: string): Act {
  const denoise = { method: 'gaussian' as const, sigmaMm: 0.5 };
  const settings = { region: null, denoise, interpolate: null, register: null, window: null, normalize: null, pad: null };
  const derivation = { from: series.seriesInstanceUid, settings, steps: [{ step: 'denoise' as const, text: 'Gaussian, 0.5 mm' }] };
  const made = { ...series, seriesInstanceUid: uid, voxels: { ...series.voxels, path: '', sha256: voxels }, derivation };
  return acts.preprocessAct({ series: made, inputs: [series.voxels.sha256] });
}

export function sampleCarry(segment: Segment, series: string, mask: string, voxels: number): Act {
  const from = acts.markOf(segment.mask);
  const figures = { voxels, volumeMm3: voxels * 0.5 };
  const carried = { segment: segment.id, segmentName: segment.name, from, series, labels: 'majority' as const, fromMm3: segment.volumeMm3 };
  return acts.carryAct({ ...carried, ...figures, inputs: from.base ? [from.base] : [], mask });
}

export function sampleReport(sha256: string): MeshReport {
  const figures = { triangles: 12, vertices: 8, parts: 1, openEdges: 0, nonManifoldEdges: 0, misorientedEdges: 0, degenerateTriangles: 0 };
  const boundsLps = { min: [0, 0, 0] as [number, number, number], max: [1, 1, 1] as [number, number, number] };
  const rest = { selfIntersections: 0, volumeMm3: 1, areaMm2: 6, boundsLps, deviationMm: { mean: 0, p95: 0, max: 0 }, sha256 };
  return meshReport.parse({ ...figures, ...rest });
}

export const sampleSettings: SegmentSettings = { method: 'threshold', lowHu: 200, highHu: null };

export function sampleSegment(mask: string, input: string, voxels: number, name: string | null = null): Act {
  const title = 'Threshold 200 HU and above';
  const volumeMm3 = voxels * 0.5;
  return acts.segmentAct({ series: sampleSeriesUid, input, name, title, settings: sampleSettings, mask, voxels, volumeMm3 });
}

export function sampleStroke(segment: { id: string; name: string }, value: 0 | 1, voxels: number, runs = 'AAECAw=='): Act {
  const request: StrokeRequest = {
    segment: segment.id,
    tool: value === 1 ? 'brush' : 'eraser',
    shape: 'sphere',
    diameterMm: 2.4,
    gateHu: null,
    plane: 'axial',
    normalLps: null,
    edgeHu: null,
    inside: null,
    notOver: [],
    pathLps: [
      [1, 2, 3],
      [1.234, 2, 3],
    ],
    voxels,
    delta: { value, runs },
  };
  return acts.strokeAct({ ...request, segmentName: segment.name });
}

/** A segment that a network made, or that a run replaced (`into`). */
export function sampleNetworkSegment(
  blob: (seed: number) => string,
  voxels: number,
  into: { id: string; from: MaskMark; series?: string } | null = null,
): Act {
  const settings = segmentSettings.parse({ method: 'default' });
  const network: NetworkRun = {
    models: [{ id: 'orbit', sha256: blob(40) }],
    provider: 'cpu',
    providerReason: 'the only one here',
    roi: 'found',
    box: { offsetIjk: [1, 1, 1], dimensions: [5, 5, 5] },
    probabilities: [{ model: 'orbit', sha256: blob(41) }],
    spread: null,
    warnings: [],
    seconds: { prepare: 0, infer: 1, finish: 0 },
    wording: networkWording,
  };
  const made = {
    series: into?.series ?? sampleSeriesUid,
    input: blob(0),
    name: null,
    title: 'Orbit network',
    settings,
    network,
    mask: blob(42 + (voxels % 5)),
  };
  return acts.segmentAct({ ...made, voxels, volumeMm3: voxels * 0.5, into: into?.id ?? null, from: into?.from ?? null });
}

/** Another threshold of a network's segment. */
export function sampleAdjust(segment: Segment, mask: string, voxels: number, overwriteHand = false): Act {
  const settings = { probability: 0.4, overwriteHand };
  const figures = { voxels, volumeMm3: voxels * 0.5, keptByHand: 0 };
  return acts.adjustAct({
    segment: segment.id,
    from: acts.markOf(segment.mask),
    settings,
    title: 'Probability 0.4',
    inputs: [],
    mask,
    ...figures,
  });
}

/** An effect: joined with the others of its series, or split off as a segment of its own. */
export function sampleEffect(
  segment: Segment,
  state: CaseState,
  mask: string,
  voxels: number,
  made: { name: string; part: number } | null,
): Act {
  const others = state.segments.filter((one) => one.series === segment.series && one.id !== segment.id).slice(0, 3);
  const settings =
    made === null && others.length > 0
      ? { effect: 'combine' as const, operation: 'union' as const, with: others.map((one) => one.name) }
      : { effect: 'split' as const, connectivity: 26 as const, most: 8, minimumMm3: 0, neckMm: 0 };
  return acts.effectAct({
    segment: segment.id,
    from: acts.markOf(segment.mask),
    settings,
    with: made === null ? others.map((one) => ({ segment: one.id, from: acts.markOf(one.mask) })) : [],
    title: 'An effect',
    masking: null,
    inputs: [],
    changes: [{ into: made === null ? segment.id : null, made, change: 'mask', output: mask, voxels, volumeMm3: voxels * 0.5 }],
  });
}

/** A file of several segments: a new one, one changed by what turned in it, and another one replaced where there is one. */
function sampleLoad(segments: Segment[], blob: (seed: number) => string, voxels: number): Act {
  const figures = { label: null, networkWording: null, algorithmType: null, changed: 3, volumeMm3: voxels * 0.5 };
  const made = { name: 'Loaded', value: 1, into: null, from: null, change: 'mask' as const, voxels, output: blob(90), ...figures };
  const changes = segments.map((one, n) => ({
    ...made,
    name: one.name,
    into: one.id,
    from: acts.markOf(one.mask),
    change: n === 0 ? ('flips' as const) : ('mask' as const),
    voxels: voxels + n,
    output: blob(91 + n),
  }));
  const source = { kind: 'DICOM SEG', name: 'a.dcm', sha256: blob(89) };
  return acts.loadAct({ series: segments[0]?.series ?? sampleSeriesUid, source, changes: [made, ...changes], markups: [] });
}

/** The next act of a session: `pick` chooses its kind and `size` its figures. Null where the state allows no such act. */
export function sampleAct(
  pick: number,
  size: number,
  state: CaseState,
  next: { undo: () => Act | null; redo: () => Act | null },
  blob: (seed: number) => string,
): Act | null {
  const segment = state.segments[size % Math.max(1, state.segments.length)];
  const mesh = state.meshes.findLast((one) => one.current);
  const voxels = 1 + (size % 50);
  const volumeMm3 = voxels * 0.5;
  switch (pick % 22) {
    case 0:
    case 1:
      return state.segments.length < 10 ? sampleSegment(blob(size % 7), blob(0), 100 + voxels) : null;
    case 2:
      return segment ? acts.renameAct({ segment: segment.id, from: segment.name, to: `Part ${size % 5}` }) : null;
    case 3:
      return segment ? acts.removeAct({ segment: segment.id, segmentName: segment.name }) : null;
    case 4: {
      if (!segment) return null;
      const settings = { keep: 'largest' as const, connectivity: 26 as const, fillHoles: false, crf: false };
      const figures = { voxels, volumeMm3, partsBefore: 3, partsAfter: 1 };
      const files = { inputs: segment.mask.base ? [segment.mask.base] : [], output: blob(10 + (size % 7)) };
      return acts.cleanAct({
        segment: segment.id,
        title: 'Keep largest part',
        settings,
        ...files,
        ...figures,
        from: acts.markOf(segment.mask),
      });
    }
    case 5: {
      if (!segment) return null;
      const stl = blob(20 + (size % 7));
      const settings = meshSettings.parse({ smoothIterations: 16 });
      const made = { segment: segment.id, segmentName: segment.name, settings, reasons: [], inputs: [], stl };
      return acts.meshAct({ ...made, report: sampleReport(stl) });
    }
    case 6:
      return mesh ? acts.signAct({ mesh: mesh.id, stl: mesh.report.sha256, name: 'R. Reviewer', remark: '' }) : null;
    case 7:
      return mesh ? acts.exportAct({ mesh: mesh.id, stl: mesh.report.sha256, kind: 'stl', signed: false, checkPassed: true }) : null;
    case 8:
      return state.unacknowledged[0] ? acts.acknowledgeAct({ codes: [state.unacknowledged[0].code] }) : null;
    case 9:
      return next.undo();
    case 10:
      return next.redo();
    case 14:
      return state.segments.length < 10 ? sampleNetworkSegment(blob, 100 + voxels) : null;
    case 15:
      return segment ? sampleNetworkSegment(blob, 60 + voxels, { ...segment, from: acts.markOf(segment.mask) }) : null;
    case 16:
      return segment?.network ? sampleAdjust(segment, blob(50 + (size % 5)), 80 + voxels) : null;
    case 17: {
      const uid = `${sampleSeriesUid}.${state.series.length}`;
      const source = state.series[size % Math.max(1, state.series.length)];
      return source && state.series.length < 6 ? samplePreprocess(source, blob(60 + (size % 5)), uid) : null;
    }
    case 18: {
      const made = state.series.findLast((one) => one.derivation !== null);
      return segment && made ? sampleCarry(segment, made.seriesInstanceUid, blob(70 + (size % 5)), voxels) : null;
    }
    case 19:
      return segment ? sampleEffect(segment, state, blob(80 + (size % 5)), voxels, null) : null;
    case 20: {
      const made = { name: `${segment?.name} part 1`, part: 1 };
      return segment && state.segments.length < 10 ? sampleEffect(segment, state, blob(80 + (size % 5)), voxels, made) : null;
    }
    case 21: {
      const two = state.segments.filter((one) => one.series === segment?.series).slice(-2);
      return state.segments.length < 10 ? sampleLoad(two, blob, voxels) : null;
    }
    default: {
      if (!segment) return null;
      const value = size % 3 === 0 && segment.voxels >= voxels ? 0 : 1;
      return sampleStroke(segment, value, voxels);
    }
  }
}
