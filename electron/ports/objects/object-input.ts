import type { DicomSource } from '../../../contract/dicom-source.ts';
import type { CodedTerm, LabelEntry } from '../../../contract/labels.ts';
import type { Markup, MarkupDraft, MarkupMeasures } from '../../../contract/markups.ts';
import type { AlgorithmType, DeidentifyOptions, ObjectKind } from '../../../contract/object-files.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import type { BitGrid } from '../../../kernels/labels/bits.ts';

/** One segment as an object file says it; the task has read its mask (ports may not import the tasks). */
export interface ObjectSegment {
  bits: BitGrid;
  name: string;
  /** SegmentNumber, label value, ROINumber: unique in the file, 1 and up. */
  number: number;
  label: LabelEntry;
  /** sRGB, 0..255. */
  rgb: [number, number, number];
  /** SegmentAlgorithmType: by a network or a threshold alone; with hand edits; by hand alone. */
  algorithmType: AlgorithmType;
  /** Technique in words, e.g. 'Threshold 200 HU and above'. */
  algorithmName: string;
  /** 'Trained on procedural phantoms only ...' where a network had its say; null: none had. */
  networkWording: string | null;
  volumeMm3: number;
  /** The same for the same segment of the same case, so that a file that comes back finds it. */
  trackingId: string;
  trackingUid: string;
}

/** All that a writer of an object file needs; nothing is looked up, no clock, no random number. */
export interface ObjectInput {
  kind: ObjectKind;
  /** Where the file is written, durably and under this name only when it is whole. */
  path: string;
  /** The image that the masks lie on. */
  series: VolumeGeometry & { seriesInstanceUid: string; modality: string; units: string; description: string; patientName: string };
  /**
   * Headers of the DICOM series that the image was read from (of a preprocessed series: of the one it came from); null: no DICOM, so that
   * patient, study and frame of reference are the file's own.
   */
  source: DicomSource | null;
  /** True where the grid is that of the source's images, so that a frame can name the image it lies on. */
  onSourceGrid: boolean;
  /** True where it is not since the images were tilted or apart unevenly, so that the import put them on a straight grid. */
  straightened: boolean;
  segments: ObjectSegment[];
  markups: (Markup & { measures: MarkupMeasures; trackingUid: string })[];
  /** The checked binary STL, of encapsulated-stl alone. */
  mesh: { stl: string; title: string; passed: boolean; signedBy: string | null } | null;
  /** Of the case: id, name, sequence of its newest entry. */
  of: { id: string; name: string; sequence: number };
  /** ISO 8601 UTC: ContentDate and so on. */
  writtenAt: string;
  version: string;
  /** All new UIDs come from this text and the object's own words: the same content, the same UIDs. */
  uidSeed: string;
  deidentify: DeidentifyOptions | null;
}

export interface ObjectWritten {
  /** What this kind of file could not say, and risks, in words. */
  findings: string[];
}
/** Writes one kind of object file and answers its bytes. Throws Refusal for what the kind cannot hold. */
export type ObjectWriter = (input: ObjectInput, tick: () => void) => Promise<ObjectWritten & { bytes: Uint8Array }>;

/** A grid that masks may be put on. */
export interface ObjectTarget extends VolumeGeometry {
  seriesInstanceUid: string;
  source: DicomSource | null;
}
export interface ReadSegment {
  /** On the target's grid; the task counts and stages it. */
  bits: BitGrid;
  name: string;
  number: number;
  label: LabelEntry | null;
  /** Type as coded in the file, where it is none of our table. */
  type: CodedTerm | null;
  trackingUid: string | null;
  /** Of a network's result that left this program: what it must be told with; null and absent: the file says nothing of it. */
  networkWording?: string | null;
  /** SegmentAlgorithmType; null and absent: the file does not say. */
  algorithmType?: AlgorithmType | null;
}
/** A markup, and the tracking UID that the file says of it, which tells whether it came from a case of ours; null: none. */
export type ReadMarkup = MarkupDraft & { trackingUid: string | null };
/** A segment that a file names and gives no voxel. `certain` false: others may lie over it, as in a file that has one label a voxel. */
export interface ReadEmpty {
  name: string;
  number: number;
  trackingUid: string | null;
  certain: boolean;
}
export interface ObjectRead {
  /** 'DICOM SEG', 'RTSTRUCT', ... */
  kind: string;
  /** The target that they lie on. */
  series: string;
  segments: ReadSegment[];
  /** Segments without a voxel, none of which is in `segments`; absent: there is none. */
  empty?: ReadEmpty[];
  markups: ReadMarkup[];
  findings: string[];
}
/**
 * Reads one kind of object file that another program may have written; its bytes are hostile. Null: it is not of this kind. Throws Refusal
 * INVALID_OBJECT, GRID_MISMATCH (no target fits), CORRUPT_FILE, TRUNCATED_FILE, TOO_LARGE.
 */
export type ObjectReader = (
  bytes: Uint8Array,
  file: { name: string; targets: ObjectTarget[] },
  tick: () => void,
) => Promise<ObjectRead | null>;
