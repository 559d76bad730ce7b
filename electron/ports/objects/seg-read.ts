import { Refusal } from '../../../contract/errors.ts';
import type { CodedTerm } from '../../../contract/labels.ts';
import { algorithmType } from '../../../contract/object-files.ts';
import { type BitGrid, countBits, emptyBits } from '../../../kernels/labels/bits.ts';
import { indexToLps, voxelCount } from '../../../kernels/volume/geometry.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, numberOf, type ReadDataset, textOf } from './dicom-dataset-read.ts';
import { datasetOfClass } from './dicom-object.ts';
import { pixelAt, planeStack, wholePixelMap } from './frame-onto-grid.ts';
import { networkWordingIn } from './network-wording.ts';
import type { ObjectReader, ObjectTarget, ReadEmpty, ReadSegment } from './object-input.ts';
import { type ReadFrame, type ReadFrames, readSegFrames } from './seg-frames-read.ts';

const classes = ['1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.66.7'];
/** All masks together, at one bit a voxel. */
const mostMaskBytes = 4 * 1024 ** 3;
const mostSegments = 1024;

/** A coded term of a file; null where it is none that we can keep. */
export function codeOf(item: DicomItem | undefined): CodedTerm | null {
  const [value, scheme, meaning] = ['CodeValue', 'CodingSchemeDesignator', 'CodeMeaning'].map((keyword) => textOf(item, keyword)) as [
    string,
    string,
    string,
  ];
  if (value === '' || scheme === '' || value.length > 16 || scheme.length > 16) return null;
  return { value, scheme, meaning: (meaning || value).slice(0, 64) };
}

/** Whether a file and a series say that they belong together: the series itself is named, or the frame of reference. */
function belongs({ item }: ReadDataset, { source, seriesInstanceUid }: ObjectTarget): { series: boolean; frame: boolean } {
  const frames = itemsOf(itemsOf(item, 'SharedFunctionalGroupsSequence')[0], 'FrameOfReferenceMacroSequence');
  const frame = textOf(item, 'FrameOfReferenceUID') || textOf(frames[0], 'FrameOfReferenceUID');
  const named = itemsOf(item, 'ReferencedSeriesSequence').map((one) => textOf(one, 'SeriesInstanceUID'));
  return {
    series: named.some((uid) => uid !== '' && (uid === seriesInstanceUid || uid === source?.seriesInstanceUid)),
    frame: frame !== '' && frame === source?.frameOfReferenceUid,
  };
}

/** What the file says of its segments. Throws Refusal INVALID_OBJECT where a number stands for two: frames would become the wrong one. */
function describedSegments({ item }: ReadDataset): Map<number | null, DicomItem> {
  const described = new Map<number | null, DicomItem>();
  for (const one of itemsOf(item, 'SegmentSequence')) {
    const number = numberOf(one, 'SegmentNumber');
    if (number !== null && described.has(number))
      throw new Refusal(
        'INVALID_OBJECT',
        `The segmentation describes two segments of the number ${number}, so that its frames may be of either. Number them anew in the program that made it.`,
      );
    described.set(number, one);
  }
  return described;
}

interface Placed {
  target: ObjectTarget;
  exact: boolean;
  findings: string[];
}

/** The series whose grid the frames are on, else one of the same frame of reference. Throws Refusal GRID_MISMATCH where neither is. */
function place(read: ReadDataset, frames: ReadFrames, targets: ObjectTarget[]): Placed {
  const judged = targets.map((target) => {
    const { series, frame } = belongs(read, target);
    const exact = frames.frames.every((one) => wholePixelMap(one, frames, target) !== null) && inside(frames, target);
    return { target, exact, rank: (exact ? 4 : 0) + (series ? 2 : 0) + (frame ? 1 : 0) };
  });
  const best = judged.sort((a, b) => b.rank - a.rank)[0];
  if (!best || best.rank === 0)
    throw new Refusal(
      'GRID_MISMATCH',
      'The segmentation names no series and no frame of reference of this case, and its pixels are no voxels of one. Open the case with the scan that it was made on.',
    );
  const { target, exact, rank } = best;
  const findings: string[] = [];
  if (rank === 4)
    findings.push(
      'The segmentation names neither this series nor its frame of reference. It was placed here because its pixels are voxels of this grid: check it.',
    );
  if (!exact)
    findings.push(
      'The segmentation lies on another grid than the series: each voxel took the nearest pixel, so that edges may be off by half a pixel.',
    );
  return { target, exact, findings };
}

/** Whether a frame at least begins within the grid: whole steps alone may lead anywhere. */
function inside(frames: ReadFrames, grid: ObjectTarget): boolean {
  return frames.frames.some((one) => {
    const map = wholePixelMap(one, frames, grid);
    if (!map) return false;
    const { origin, across, down } = map;
    const far = origin.map((v, n) => v + across[n]! * (frames.columns - 1) + down[n]! * (frames.rows - 1));
    return origin.every((v, n) => Math.max(v, far[n]!) >= 0 && Math.min(v, far[n]!) < grid.dimensions[n]!);
  });
}

/** Masks by segment number, made as their first voxel comes. */
class Masks {
  readonly byNumber = new Map<number, BitGrid>();
  private readonly grid: ObjectTarget;
  constructor(grid: ObjectTarget) {
    this.grid = grid;
  }
  of(number: number): BitGrid {
    const known = this.byNumber.get(number);
    if (known) return known;
    const count = this.byNumber.size + 1;
    if (count > mostSegments || (count * voxelCount(this.grid.dimensions)) / 8 > mostMaskBytes)
      throw new Refusal('TOO_LARGE', 'The segments of this file together are larger than can be held. Export fewer at a time.');
    const made = emptyBits(this.grid.dimensions);
    this.byNumber.set(number, made);
    return made;
  }
}

/** The segment that a pixel is of; 0: of none. */
function reader({ type, full, padding }: ReadFrames, segment: number | null): (value: number) => number {
  if (type === 'LABELMAP') return (value) => (value === padding ? 0 : value);
  if (type === 'FRACTIONAL') return (value) => (value * 2 >= full && value > 0 ? (segment as number) : 0);
  return (value) => (value === 0 ? 0 : (segment as number));
}

/** Pixels that are voxels, one by one. Returns how many lie outside of the grid. */
function pushFrame(frames: ReadFrames, n: number, masks: Masks, grid: ObjectTarget): number {
  const frame = frames.frames[n] as ReadFrame;
  const map = wholePixelMap(frame, frames, grid);
  if (!map) throw new RangeError('the frame is not on the grid');
  const [nx, ny, nz] = grid.dimensions;
  const values = frames.values(n);
  const segmentOf = reader(frames, frame.segment);
  const [o, a, d] = [map.origin, map.across, map.down];
  let outside = 0;
  let last = 0;
  let bits: BitGrid | null = null;
  for (let v = 0, at = 0; v < frames.rows; v++) {
    for (let u = 0; u < frames.columns; u++, at++) {
      const value = values[at] as number;
      if (value === 0 && frames.padding === 0) continue;
      const segment = segmentOf(value);
      if (segment === 0) continue;
      const i = o[0] + u * a[0] + v * d[0];
      const j = o[1] + u * a[1] + v * d[1];
      const k = o[2] + u * a[2] + v * d[2];
      if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) {
        outside++;
        continue;
      }
      if (segment !== last || bits === null) bits = masks.of(segment);
      last = segment;
      const word = (j + ny * k) * bits.wordsPerRow + (i >> 5);
      bits.words[word] = (bits.words[word] as number) | (1 << (i & 31));
    }
  }
  return outside;
}

/** Frames of one segment, or of all of a label map, looked up at each voxel's centre. */
function pullFrames(frames: ReadFrames, among: number[], masks: Masks, grid: ObjectTarget, tick: () => void): void {
  const stack = planeStack(frames, among, Math.min(...grid.spacingMm));
  if (!stack)
    throw new Refusal(
      'GRID_MISMATCH',
      'The frames of the segmentation lie in several orientations, and not on the grid of the series. Resample it to the series first.',
    );
  const [nx, ny, nz] = grid.dimensions;
  const { normal, planes, reachMm } = stack;
  const [ax, ay, az] = [0, 1, 2].map((n) => grid.directionLps[n]! * grid.spacingMm[0]) as [number, number, number];
  // One frame after the other, so that only one is decoded at a time; the nearest of two planes has the voxel.
  for (const [n, { at, frame }] of planes.entries()) {
    tick();
    const low = n > 0 && planes[n - 1]!.at < at - 1e-6 ? Math.max(at - reachMm, (at + planes[n - 1]!.at) / 2) : at - reachMm;
    const next = planes.find((one) => one.at > at + 1e-6);
    const high = next ? Math.min(at + reachMm, (at + next.at) / 2) : at + reachMm;
    const one = frames.frames[frame] as ReadFrame;
    const segmentOf = reader(frames, one.segment);
    const values = frames.values(frame);
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        const start = indexToLps(grid, 0, j, k);
        const from = start[0] * normal[0] + start[1] * normal[1] + start[2] * normal[2];
        const slope = ax * normal[0] + ay * normal[1] + az * normal[2];
        const end = from + slope * (nx - 1);
        if (Math.max(from, end) < low - 1e-6 || Math.min(from, end) > high + 1e-6) continue;
        for (let i = 0; i < nx; i++) {
          const depth = from + slope * i;
          if (depth < low - 1e-6 || depth >= high - 1e-6) continue;
          const pixel = pixelAt(one, frames, start[0] + i * ax, start[1] + i * ay, start[2] + i * az);
          if (pixel < 0) continue;
          const segment = segmentOf(values[pixel] as number);
          if (segment === 0) continue;
          const bits = masks.of(segment);
          const word = (j + ny * k) * bits.wordsPerRow + (i >> 5);
          bits.words[word] = (bits.words[word] as number) | (1 << (i & 31));
        }
      }
    }
  }
}

/** Frames that are looked up together: those of a segment, or all of a label map. */
function groups({ frames }: ReadFrames): number[][] {
  const by = new Map<number | null, number[]>();
  frames.forEach(({ segment }, n) => {
    const group = by.get(segment);
    if (group) group.push(n);
    else by.set(segment, [n]);
  });
  return [...by.values()];
}

function segmentOf(number: number, bits: BitGrid, described: DicomItem | undefined): ReadSegment {
  const type = codeOf(itemsOf(described, 'SegmentedPropertyTypeCodeSequence')[0]);
  const name = (textOf(described, 'SegmentLabel') || textOf(described, 'SegmentDescription')).trim().slice(0, 64).trim();
  return {
    bits,
    name: name || `Segment ${number}`,
    number,
    label: null,
    type,
    trackingUid: textOf(described, 'TrackingUID').slice(0, 64) || null,
    networkWording: networkWordingIn(textOf(described, 'SegmentDescription')),
    algorithmType: algorithmType.safeParse(textOf(described, 'SegmentAlgorithmType').trim()).data ?? null,
  };
}

/**
 * DICOM Segmentation of any program: BINARY, FRACTIONAL (half and more counts as inside, which is said), and label maps; any number of
 * segments, frames placed by their positions. Pixels that are voxels of the series come over one by one; another grid is looked up at each
 * voxel's centre, which is said.
 */
export const readSeg: ObjectReader = async (bytes, { targets }, tick) => {
  const read = datasetOfClass(bytes, classes);
  if (!read) return null;
  const described = describedSegments(read);
  const frames = readSegFrames(read);
  tick();
  const { target, exact, findings } = place(read, frames, targets);
  const masks = new Masks(target);
  let outside = 0;
  if (exact)
    for (let n = 0; n < frames.frames.length; n++) {
      tick();
      outside += pushFrame(frames, n, masks, target);
    }
  else for (const group of groups(frames)) pullFrames(frames, group, masks, target, tick);
  if (outside > 0) findings.push(`${outside} voxels lie outside of the series and were left out.`);
  if (frames.type === 'FRACTIONAL')
    findings.push(
      `The segmentation holds fractions (${frames.fractionalType === 'OCCUPANCY' ? 'occupancy' : 'probability'}): voxels with one half and more count as inside.`,
    );
  const filled = new Map([...masks.byNumber].filter(([, bits]) => countBits(bits) > 0));
  const named = new Set(frames.frames.map(({ segment }) => segment));
  const empty: ReadEmpty[] = [];
  for (const [number, one] of described) {
    if (number === null || filled.has(number) || (frames.type === 'LABELMAP' && number === frames.padding)) continue;
    const { name, trackingUid } = segmentOf(number, emptyBits([1, 1, 1]), one);
    // What lies outside of the series, between its voxels, below a half or under another label is no segment that somebody emptied.
    const certain = frames.type !== 'LABELMAP' && (!named.has(number) || (frames.type === 'BINARY' && exact && outside === 0));
    empty.push({ name, number, trackingUid, certain });
  }
  const segments = [...filled].sort(([a], [b]) => a - b).map(([number, bits]) => segmentOf(number, bits, described.get(number)));
  if (segments.length === 0)
    throw new Refusal('EMPTY_SEGMENT', 'The segmentation has no voxel on this series. Check that it was made on this scan.');
  return { kind: 'DICOM SEG', series: target.seriesInstanceUid, segments, empty, markups: [], findings };
};
