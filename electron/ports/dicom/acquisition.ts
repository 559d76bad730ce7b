import type { AcquisitionFacts } from '../../../contract/acquisition.ts';
import { Refusal } from '../../../contract/errors.ts';
import { framePlaces, numberAt, places, positiveAt, wordsAt } from './acquisition-tags.ts';
import { code } from './attributes.ts';
import type { DataSet } from './elements.ts';
import { openDicom } from './open.ts';
import { kernelsDiffer, processingSaid } from './processing-words.ts';

/** Files whose headers are read; of a longer series evenly spaced ones, the first and the last among them. */
const mostFiles = 512;

/** Texts in which a vendor says what was done to the images beside plain reconstruction (7.3.2 5)). FilterType is a piece of metal: it is none. */
const processingTags: [string, number][] = [
  ['ReconstructionAlgorithm', 0x00189315],
  ['ImageFilter', 0x00189320],
  ['AcquisitionDeviceProcessingDescription', 0x00181400],
  ['AcquisitionDeviceProcessingCode', 0x00181401],
  ['DerivationDescription', 0x00082111],
  ['ImageComments', 0x00204000],
  ['SeriesDescription', 0x0008103e],
  ['ProtocolName', 0x00181030],
  ['ReconstructionMethod', 0x00541103],
];

/** RevolutionTime in s; else ExposureTime in ms where it is of the length of a rotation: vendors write one or the other. */
function rotationTimeS(where: DataSet[]): number | null {
  const stated = positiveAt(where, 0x00189305);
  if (stated !== null) return stated;
  const exposureMs = positiveAt(where, 0x00181150, 0x00189328);
  return exposureMs !== null && exposureMs >= 200 && exposureMs <= 3000 ? exposureMs / 1000 : null;
}

function mrFacts(where: DataSet[]): NonNullable<AcquisitionFacts['mr']> {
  const sequence = [wordsAt(where, 0x00180020), wordsAt(where, 0x00180021)].filter((one) => one !== null).join(' ');
  return {
    fieldStrengthT: positiveAt(where, 0x00180087),
    repetitionTimeMs: numberAt(where, 0x00180080),
    echoTimeMs: numberAt(where, 0x00180081, 0x00189082),
    flipAngleDegrees: numberAt(where, 0x00181314),
    sequence: sequence === '' ? wordsAt(where, 0x00180024) : sequence,
    acquisitionType: wordsAt(where, 0x00180023),
  };
}

function firstFacts(set: DataSet): AcquisitionFacts {
  const where = places(set);
  const modality = code(set, 0x00080060).slice(0, 16);
  return {
    format: 'DICOM',
    modality,
    manufacturer: wordsAt(where, 0x00080070),
    model: wordsAt(where, 0x00081090),
    bodyPart: wordsAt(where, 0x00180015),
    patientPosition: wordsAt(where, 0x00185100),
    tubeVoltageKv: positiveAt(where, 0x00180060),
    tubeCurrentMa: null,
    exposureControl: wordsAt(where, 0x00189323),
    rotationTimeS: rotationTimeS(where),
    collimationMm: positiveAt(where, 0x00189306),
    fieldOfViewMm: positiveAt(where, 0x00181100, 0x00189317),
    sliceThicknessMm: positiveAt(where, 0x00180050),
    kernel: null,
    imageType: (wordsAt([set], 0x00080008) ?? '').split(' ').filter((part) => part !== ''),
    processing: [],
    lossy: code(set, 0x00282110) === '01',
    mr: modality === 'MR' ? mrFacts(where) : null,
  };
}

/** mA of each frame of a file: XRayTubeCurrent, its enhanced twin, or the one in µA. */
function tubeCurrents(set: DataSet): number[] {
  const found: number[] = [];
  for (const frame of framePlaces(set)) {
    const mA = positiveAt(frame, 0x00181151, 0x00189330);
    const microA = mA === null ? positiveAt(frame, 0x00188151) : null;
    if (mA !== null) found.push(mA);
    else if (microA !== null) found.push(microA / 1000);
  }
  if (found.length === 0) {
    const shared = positiveAt(places(set), 0x00181151, 0x00189330);
    if (shared !== null) found.push(shared);
  }
  return found;
}

function evenly(paths: string[]): string[] {
  if (paths.length <= mostFiles) return paths;
  return Array.from({ length: mostFiles }, (_, n) => paths[Math.round((n * (paths.length - 1)) / (mostFiles - 1))] as string);
}

/**
 * What the headers of one series' files say of how it was made (7.3.2, 7.3.3, Table A.1; attributes of PS3.3 C.7.6, C.8.2, C.8.15).
 * Tube current is the smallest and the largest of the series; of the rest the first file's value stands, and slices that name another
 * kernel are said in `processing`. A header that cannot be read any more is left out: what it said decides no geometry.
 * Returns null where no header could be read. Cost: a header read of at most 512 files (about 0.1 ms each).
 */
export function readAcquisition(files: readonly string[]): AcquisitionFacts | null {
  let facts: AcquisitionFacts | null = null;
  const kernels = new Set<string>();
  const processing = new Set<string>();
  for (const path of evenly([...new Set(files)])) {
    let set: DataSet;
    try {
      set = openDicom(path).dataSet;
    } catch (error) {
      if (error instanceof Refusal) continue;
      throw error;
    }
    facts ??= firstFacts(set);
    const where = places(set);
    const kernel = wordsAt(where, 0x00181210);
    if (kernel !== null && kernels.size < 8) kernels.add(kernel);
    for (const [keyword, tag] of processingTags) {
      const words = processing.size < 24 ? wordsAt(where, tag) : null;
      if (words !== null && processingSaid(words)) processing.add(`${keyword}: ${words}`);
    }
    for (const mA of tubeCurrents(set)) {
      const [low, high] = facts.tubeCurrentMa ?? [mA, mA];
      facts.tubeCurrentMa = [Math.min(low, mA), Math.max(high, mA)];
    }
    if (code(set, 0x00282110) === '01') facts.lossy = true;
  }
  if (facts === null) return null;
  const [first = null, ...others] = [...kernels];
  if (others.length > 0) processing.add(`${kernelsDiffer} ${[first, ...others].join(', ')}`);
  return { ...facts, kernel: first, processing: [...processing] };
}
