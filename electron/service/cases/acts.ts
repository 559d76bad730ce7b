import type { Act, JournalEntry } from '../../../contract/case.ts';
import type { MaskSource, StrokeRequest } from '../../../contract/segmentation.ts';
import { counted, loadName, strokeName } from './act-names.ts';
import type { ActParameters, MaskMark } from './act-parameters.ts';
import { inlineRunsLimit } from './act-parameters.ts';

function act<A extends keyof ActParameters>(
  which: A,
  clause: string,
  name: string,
  parameters: ActParameters[A],
  files: { inputs?: string[]; outputs?: string[] } = {},
): Act {
  return { act: which, clause, name, parameters, inputs: files.inputs ?? [], outputs: files.outputs ?? [] };
}

/** The mark of a mask as it stands (see MaskMark). */
export function markOf(mask: MaskSource): MaskMark {
  return { base: mask.base, stroke: mask.strokes.at(-1) ?? null };
}

/** The first entry; it carries the hash of case.json, so that a change there shows. */
export function createAct(parameters: ActParameters['create']): Act {
  return act('create', '7', `Create ${parameters.name}`, parameters);
}

/** `series` as adopted into the case: their voxels by hash, path '' (cases move, so the journal keeps no paths of its own). */
export function importAct(taken: Omit<ActParameters['import'], 'files'> & { files?: string | null }): Act {
  const { files = null } = taken;
  const headers = taken.series.flatMap((one) => one.source ?? []);
  const outputs = [...taken.series.map((one) => one.voxels.sha256), ...(files === null ? [] : [files]), ...headers];
  return act('import', '7.2', `Import ${counted(taken.series.length, 'volume')}`, { ...taken, files }, { outputs });
}

/** Says that a person has read these import warnings. */
export function acknowledgeAct(parameters: ActParameters['acknowledge']): Act {
  return act('acknowledge', '7.3', `Acknowledge ${counted(parameters.codes.length, 'warning')}`, parameters);
}

/** 8.1: a series made of another; `input` is the hash of the voxels it was made of. */
export function preprocessAct(made: ActParameters['preprocess'] & { inputs: string[] }): Act {
  const { inputs, series } = made;
  const steps = series.derivation?.steps.map((one) => one.step).join(', ') ?? '';
  return act('preprocess', '8.1', `Preprocess: ${steps}`, { series }, { inputs, outputs: [series.voxels.sha256] });
}

/** 8.3, label-safe: a segment on the grid of a derived series. */
export function carryAct(carried: ActParameters['carry'] & { segmentName: string; inputs: string[]; mask: string }): Act {
  const { segmentName, inputs, mask, ...parameters } = carried;
  return act('carry', '8.3', `Carry ${segmentName} onto the preprocessed grid`, parameters, { inputs, outputs: [mask] });
}

/** What a segment act has beside its technique; left out: nothing of it. */
type SegmentExtras = Partial<
  Pick<ActParameters['segment'], 'label' | 'network' | 'into' | 'from' | 'keptByHand' | 'overwriteHand' | 'cavity'>
>;

/** A segment made anew. `input` and `mask` are hashes of the voxels read and of the mask made (null: it begins empty); `title` is the technique in words. */
export function segmentAct(
  made: Omit<ActParameters['segment'], keyof SegmentExtras> & SegmentExtras & { title: string; input: string; mask: string | null },
): Act {
  const {
    title,
    input,
    mask,
    label = null,
    network = null,
    into = null,
    from = null,
    keptByHand = 0,
    overwriteHand = false,
    cavity = null,
    ...rest
  } = made;
  const outputs = [
    ...(mask === null ? [] : [mask]),
    ...(network ? [...network.probabilities.map((p) => p.sha256), ...(network.spread ? [network.spread] : [])] : []),
  ];
  return act(
    'segment',
    network ? '12' : mask === null ? '9.1' : '5.2',
    title,
    { ...rest, label, network, into, from, keptByHand, overwriteHand, cavity },
    { inputs: [input], outputs },
  );
}

/** Another threshold or integration of a network's probabilities. `inputs` are the probabilities' hashes. */
export function adjustAct(made: ActParameters['adjust'] & { title: string; inputs: string[]; mask: string }): Act {
  const { title, inputs, mask, ...parameters } = made;
  return act('adjust', '12', title, parameters, { inputs, outputs: [mask] });
}

/** `from`: the mask that the cleaning began with (markOf); if it has changed since, the case refuses the act. */
export function cleanAct(
  made: Omit<ActParameters['clean'], 'from' | 'crf' | 'change'> & {
    title: string;
    inputs: string[];
    /** The mask's blob, or with `change` 'flips' that of its change. */
    output: string;
    from?: MaskMark;
    crf?: ActParameters['clean']['crf'];
    change?: 'mask' | 'flips';
  },
): Act {
  const { title, inputs, output, from = null, crf = null, change = 'mask', ...parameters } = made;
  return act('clean', '13', title, { ...parameters, from, crf, change }, { inputs, outputs: [output] });
}

/** Effects that 5.2 speaks of: what a segment is made of. The others are post-processing (13). */
const making = new Set<string>(['combine', 'invert', 'roi', 'grow-from-seeds', 'fill-between-slices']);

/** Tools of annotation (9.1). */
const drawing = new Set<string>(['scissors', 'flood-fill', 'level-trace', 'contour', 'island']);

/** The blob of a mask, or of what was turned in one. */
type WithOutput<Change> = Change & { output: string };

/** One effect with all the masks that it makes and changes; `inputs` are the blobs of the masks, and of the image where it was asked for. */
export function effectAct(
  made: Omit<ActParameters['effect'], 'changes'> & {
    changes: WithOutput<ActParameters['effect']['changes'][number]>[];
    title: string;
    inputs: string[];
  },
): Act {
  const { title, inputs, changes, ...parameters } = made;
  const { effect } = parameters.settings;
  const clause = making.has(effect) ? '5.2' : drawing.has(effect) ? '9.1' : '13';
  const whole = { ...parameters, changes: changes.map(({ output: _, ...change }) => change) };
  return act('effect', clause, title, whole, { inputs, outputs: changes.map((one) => one.output) });
}

/** A hint of where the hand went needs no more; a step stays within 4 kB beside its voxels. */
const pathPoints = 100;
function thinned(path: StrokeRequest['pathLps']): number[][] {
  const step = Math.max(1, Math.ceil(path.length / pathPoints));
  const points = path.filter((_, n) => n % step === 0 || n === path.length - 1);
  return points.map((point) => point.map((mm) => Math.round(mm * 100) / 100));
}

/** One stroke as the voxels it changed: `voxels` of them, all to `delta.value`. */
export function strokeAct(request: StrokeRequest & { segmentName: string; voxelVolumeMm3?: number }): Act {
  const { segment, tool, shape, diameterMm, gateHu, plane, normalLps, edgeHu, inside, notOver, voxels, delta } = request;
  const masking = { normalLps, edgeHu, inside, notOver };
  const pathLps = thinned(request.pathLps);
  const parameters = { segment, tool, shape, diameterMm, gateHu, plane, ...masking, pathLps, voxels, value: delta.value, runs: delta.runs };
  return act('stroke', '9.1', `${strokeName(request)} on ${request.segmentName}`, parameters);
}

/**
 * The text that is too long for a journal line and how the act stands once it is a blob; null for an act that fits. The journal calls
 * it before it writes, so that callers need not know.
 */
export function spilled(which: Act): { text: string; withBlob(sha256: string): Act } | null {
  const runs = which.act === 'stroke' ? which.parameters.runs : null;
  if (typeof runs !== 'string' || runs.length <= inlineRunsLimit) return null;
  return { text: runs, withBlob: (sha256) => ({ ...which, parameters: { ...which.parameters, runs: null }, outputs: [sha256] }) };
}

/** `from`: the mask that the work began with (markOf); a mesh of a mask that has changed since is kept but is not current. */
export function meshAct(
  made: Omit<ActParameters['mesh'], 'from'> & { segmentName: string; inputs: string[]; stl: string; from?: MaskMark },
): Act {
  const { segmentName, inputs, stl, from = null, ...parameters } = made;
  if (stl !== made.report.sha256) throw new RangeError('the report is not of this file');
  return act('mesh', 'Introduction', `Surface of ${segmentName}`, { ...parameters, from }, { inputs, outputs: [stl] });
}

export function renameAct(parameters: ActParameters['rename']): Act {
  return act('rename', '9.1', `Rename ${parameters.from} to ${parameters.to}`, parameters);
}

const detailWords: Record<string, (to: ActParameters['describe']['to']) => string> = {
  name: ({ name }) => `name ${name}`,
  colour: ({ colour }) => `colour ${colour}`,
  number: ({ number }) => `number ${number}`,
  locked: ({ locked }) => (locked ? 'locked' : 'unlocked'),
  review: ({ review }) => `review ${review}`,
  label: ({ label }) => `label ${label?.name}`,
};

/** Name, colour, number, lock, review state or label of a segment. */
export function describeAct({ segmentName, ...parameters }: ActParameters['describe'] & { segmentName: string }): Act {
  const words = Object.keys(parameters.to).map((key) => detailWords[key]?.(parameters.to) ?? key);
  return act('describe', '9.1', `${segmentName}: ${words.join(', ')}`, parameters);
}

/** Doubtful places that a person has looked at (11.3, 9.1). */
export function reviewAct({ segmentName, ...parameters }: ActParameters['review'] & { segmentName: string }): Act {
  const places = counted(parameters.places.length, 'doubtful place');
  return act('review', '9.1', `${parameters.reviewed ? 'Reviewed' : 'To review again'}: ${places} of ${segmentName}`, parameters);
}

/** Markups made, changed or taken away in one step; `title` says it in words. */
export function markupAct(changes: ActParameters['markup']['changes'], title: string): Act {
  return act('markup', '9.1', title, { changes });
}

/** All that one file of another program makes and changes in a case. */
export function loadAct(
  loaded: Omit<ActParameters['load'], 'changes'> & { changes: WithOutput<ActParameters['load']['changes'][number]>[] },
): Act {
  const { changes, ...parameters } = loaded;
  const inputs = changes.flatMap(({ from }) => from?.base ?? []);
  const whole = { ...parameters, changes: changes.map(({ output: _, ...change }) => change) };
  return act('load', '9.1', loadName(whole), whole, { inputs, outputs: changes.map((one) => one.output) });
}

export function removeAct(segment: { segment: string; segmentName: string }): Act {
  return act('remove', '9.1', `Remove ${segment.segmentName}`, { segment: segment.segment });
}

/** `stl` is the hash of the mesh's bytes: the signature is under these. */
export function signAct(signed: ActParameters['sign'] & { stl: string }): Act {
  const { stl, ...parameters } = signed;
  return act('sign', 'Introduction', `Signed by ${parameters.name}`, parameters, { inputs: [stl] });
}

type MeshExport = { mesh: string; stl: string; kind: string; sha256?: string; signed: boolean; checkPassed: boolean };
type SegmentExport = {
  segment: string;
  segmentName: string;
  /** Where one file holds several: the masks of all of them; left out: the one. */
  marks?: ActParameters['export']['marks'];
  from: MaskMark;
  kind: string;
  sha256: string;
  inputs: string[];
};

/**
 * A mesh or a segment was written out. `stl` is the hash of the mesh's bytes, which are the bytes written unless `sha256` says of which
 * others; of a segment `inputs` are the blobs of its mask and `sha256` is of what was written.
 */
export function exportAct(written: MeshExport | SegmentExport): Act {
  const clause = 'Introduction';
  if ('segment' in written) {
    const { inputs, segmentName, marks = [{ segment: written.segment, from: written.from }], ...rest } = written;
    const parameters = { ...rest, segments: marks.map((one) => one.segment), marks, mesh: null, signed: false, checkPassed: true };
    return act('export', clause, `Export ${segmentName} as ${written.kind === 'nifti' ? 'NIfTI' : written.kind}`, parameters, { inputs });
  }
  const { stl, ...parameters } = written;
  const manner = `${parameters.signed ? '' : ', unsigned'}${parameters.checkPassed ? '' : ', check failed'}`;
  const whole = { ...parameters, segment: null, segments: [], marks: [], from: null, sha256: parameters.sha256 ?? null };
  return act('export', clause, `Export ${parameters.kind.toUpperCase()}${manner}`, whole, { inputs: [stl] });
}

/** 11: what was measured of a segment. `inputs` are the hashes of the masks compared. */
export function evaluateAct(measured: ActParameters['evaluate'] & { inputs: string[] }): Act {
  const { inputs, ...parameters } = measured;
  const { figures, segmentName } = parameters;
  const outcome = figures.dsc === null ? figures.state : `DSC ${(100 * figures.dsc).toFixed(1)} %`;
  return act('evaluate', '11.3', `Evaluate ${segmentName} against ${figures.truth.name}: ${outcome}`, parameters, { inputs });
}

export function undoAct(target: JournalEntry): Act {
  return act('undo', target.clause, `Undo: ${target.name}`, { undoes: target.sequence });
}

export function redoAct(target: JournalEntry): Act {
  return act('redo', target.clause, `Redo: ${target.name}`, { redoes: target.sequence });
}
