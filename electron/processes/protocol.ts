import type {
  AcquisitionCheck,
  AcquisitionFacts,
  AcquisitionProfile,
  FileUse,
  KernelList,
  ScanQuality,
} from '../../contract/acquisition.ts';
import type { CavityReport } from '../../contract/cavity.ts';
import type { EffectSettings } from '../../contract/effects.ts';
import type { Coded, Finding } from '../../contract/errors.ts';
import type { Evaluation } from '../../contract/evaluation.ts';
import type { ExperimentResult, HeadFigures } from '../../contract/experiment.ts';
import type { MarkupDraft, MarkupMeasures } from '../../contract/markups.ts';
import type {
  MeshAbout,
  MeshCheck,
  MeshComparison,
  MeshKind,
  MeshMap,
  MeshRepair,
  MeshReport,
  MeshSettings,
  RepairSettings,
} from '../../contract/mesh.ts';
import type { ModelCard, NetworkRun } from '../../contract/model.ts';
import type { PatchesResult, PatchSettings } from '../../contract/patches.ts';
import type { PreprocessPreview, PreprocessSettings, PreprocessStep, RegistrationResult } from '../../contract/preprocessing.ts';
import type { Author, Authorship, DoubtfulPlace } from '../../contract/review.ts';
import type {
  CleanSettings,
  Connectivity,
  CrfReport,
  Island,
  MaskDelta,
  NetworkSettings,
  ValueSettings,
} from '../../contract/segmentation.ts';
import type { AllowCode, ImportReport, ScanResult, VolumeGeometry } from '../../contract/volume.ts';
import type { ObjectInput, ObjectRead, ObjectSegment, ObjectTarget, ReadSegment } from '../ports/objects/object-input.ts';

/** A file that a task wrote into the folder it was given; the host adopts it into the case by its hash. */
export interface StagedFile {
  path: string;
  sha256: string;
  bytes: number;
}
export interface VolumeFile extends VolumeGeometry {
  path: string;
  dtype: 'int16' | 'float32';
}
/** A volume whose values' unit matters: 'HU', 'intensity', 'stored', 'normalized'. */
export interface MeasuredVolume extends VolumeFile {
  units: string;
}
/** `base` is the path of a raw uint8 file, or null for an empty mask. */
export interface MaskFile {
  base: string | null;
  deltas: MaskDelta[];
}

/**
 * One act in a segment's making, for the question who drew what. 'mask': a whole mask, raw uint8 at `path`; `anew`: it owes nothing to the one
 * before it but what strokes were laid over it with, and beyond `box` it is by threshold. 'birth': what follows is another segment, made of
 * this one. `byHand`: bone that goes was taken away by a hand.
 */
export type AuthorStep =
  | { kind: 'mask'; path: string; author: Author; byHand: boolean; anew: false }
  | { kind: 'mask'; path: string; author: Author; anew: true; keepHand: boolean; box: NetworkRun['box'] | null }
  | { kind: 'runs'; runs: string; value: MaskDelta['value']; author: Author; byHand: boolean; stroke: boolean }
  | { kind: 'birth' };

/** What an edit may change (9.1): in one mask, not over others, in a range of values. */
export interface MaskingFiles {
  inside: MaskFile | null;
  notOver: MaskFile[];
  gateHu: [number, number] | null;
}

export interface MaskResult {
  mask: StagedFile;
  voxels: number;
  volumeMm3: number;
}

/** Probabilities over a box of the series' grid: uint8, i fastest, 255 = certain. */
export interface ProbabilityFile {
  model: string;
  path: string;
}

/** What a conditional random field reads beside the mask. Needed where the settings ask for one. */
export interface FieldInput {
  volume: VolumeFile;
  /** The run that made the segment; null: probabilities are made from the mask. */
  network: { box: NetworkRun['box']; probabilities: ProbabilityFile[]; settings: NetworkSettings } | null;
  /** What a hand has set; it keeps that. */
  hand: MaskDelta[];
}

/** A model file with the hash that it had when it was read; a file that has changed since is refused. */
export interface ModelFile {
  path: string;
  sha256: string;
  inputName: string;
  /** Weights in files beside it: then the runtime must read the folder itself. */
  external: boolean;
}
/** An input and what the network answered to it where it was exported: float32 files, last axis fastest. */
export interface KnownAnswer {
  tolerance: number;
  input: { path: string; shape: number[] };
  outputs: { name: string; path: string; shape: number[] }[];
}
/** A model package that fits its card, or a bare model that fits the general contract. */
export interface ModelReading {
  folder: string;
  card: ModelCard | null;
  model: ModelFile;
  bytes: number;
  opset: number;
  outputs: { name: string; shape: (number | string)[] | null }[];
  knownAnswer: KnownAnswer | null;
}

/** One of two labelmaps that are compared: a file, or a segment of a case. */
export type EvaluationSide = { path: string } | { name: string; mask: MaskFile; geometry: VolumeGeometry; networkWording?: string | null };

/** What is known of one series when it is checked (7.3): of a case, or just read. */
export interface CheckSubject {
  modality: string;
  /** 'HU' or other units of its values. */
  units: string;
  geometry: VolumeGeometry;
  slicePositionsMm: number[];
  /** 'refused': the import would refuse it, or asks for consent; its voxels were not read. */
  grid: 'exact' | 'resampled' | 'refused';
  acquisition: AcquisitionFacts | null;
  quality: ScanQuality | null;
  /**
   * Of a series that preprocessing made (clause 8): all of the above is the scan's that it came from, this is its own. Null: as imported.
   */
  derived: {
    /** Names of the steps, from the scan on. */
    steps: string[];
    /** A denoising filter that keeps edges, in words; null: none was used. */
    edgeKeeping: string | null;
    units: string;
    spacingMm: VolumeGeometry['spacingMm'];
    quality: ScanQuality | null;
  } | null;
}

/** What an object file is made of: as its writer takes it, with masks still to be read. */
export type ObjectTaskInput = Omit<ObjectInput, 'segments'> & { segments: (Omit<ObjectSegment, 'bits'> & { mask: MaskFile })[] };
/** A mask that was read from an object file: staged whole. */
export type LoadedSegment = Omit<ReadSegment, 'bits'> & { mask: StagedFile; voxels: number; volumeMm3: number };

/** Everything that runs in the compute process: foreign bytes and kernels. Paths in, paths out; messages stay small. */
export interface Tasks {
  scan: { in: { paths: string[] }; out: ScanResult };
  import: {
    in: { paths: string[]; seriesInstanceUid: string | null; allow: AllowCode[]; into: string };
    /**
     * `report.series[n].voxels.path` is `files[n].path`; `sources[n]` its DicomSource as JSON, null: no DICOM; `uses` has every file of the
     * input.
     */
    out: { report: ImportReport; files: StagedFile[]; sources: (StagedFile | null)[]; uses: FileUse[] };
  };
  /** 7.3, Annex A: of series that are known, or of the one that the paths hold, which is read for it and not kept. */
  check: {
    in: {
      of: { subjects: CheckSubject[] } | { paths: string[]; seriesInstanceUid: string | null };
      /** Id of the profile; null: the first of the series' modality. */
      profile: string | null;
      profiles: AcquisitionProfile[];
      /** The hospital's own list first. */
      kernels: KernelList[];
    };
    out: { checks: AcquisitionCheck[] };
  };
  decode: { in: { path: string }; out: { rows: number; columns: number; min: number; max: number; mean: number; sha256Int32: string } };
  segment: {
    in: { volume: VolumeFile; settings: ValueSettings; into: string };
    /** `cavity` is kept in the act; left out by other methods. */
    out: { mask: StagedFile; voxels: number; volumeMm3: number; cavity?: CavityReport };
  };
  /** Clause 8.1: the chosen steps in their order. `spacingMm` is what the interpolation's choice comes to; `onto` the series that registration goes onto. */
  preprocess: {
    in: { volume: MeasuredVolume; settings: PreprocessSettings; spacingMm: number | null; onto: VolumeFile | null; into: string };
    out: {
      file: StagedFile;
      dtype: 'int16' | 'float32';
      units: string;
      geometry: VolumeGeometry;
      steps: PreprocessStep[];
      registration: RegistrationResult | null;
      /** Measured anew where the values are still HU. */
      quality: ScanQuality | null;
    };
  };
  /** The same on a slab around one slice: pictures, nothing written. */
  preprocessPreview: {
    in: { volume: MeasuredVolume; settings: PreprocessSettings; spacingMm: number | null; atLps: [number, number, number] };
    out: PreprocessPreview;
  };
  /** 8.3, label-safe: a mask on another grid, moved by the registration that the series was moved by. */
  carry: {
    in: {
      mask: MaskFile;
      geometry: VolumeGeometry;
      registration: RegistrationResult | null;
      target: VolumeGeometry;
      labels: 'majority' | 'present';
      into: string;
    };
    out: MaskResult;
  };
  /** A region of a volume as a network takes it: the orbits looked for, resampled where the card asks for it, float32, W fastest. */
  networkInput: {
    in: {
      volume: VolumeFile;
      card: {
        pixelMm: { trained: [number, number]; resampleTo: number };
        sliceMm: { trained: [number, number] };
        rangeHu: [number, number];
      };
      roiLps: [number, number, number, number, number, number] | null;
      into: string;
    };
    out: { input: StagedFile; grid: VolumeGeometry; box: NetworkRun['box']; roi: NetworkRun['roi']; warnings: Coded[] };
  };
  /** What networks answered, back on the series' own grid, integrated and post-processed. `outputs` are float32 on `grid`. */
  networkResult: {
    in: {
      volume: VolumeFile;
      grid: VolumeGeometry;
      box: NetworkRun['box'];
      outputs: { model: string; probability: string; spread: string | null }[];
      settings: NetworkSettings;
      /** What a hand had set in the segment that is run into; it keeps that. */
      hand: MaskDelta[];
      into: string;
    };
    out: MaskResult & { probabilities: { model: string; file: StagedFile }[]; spread: StagedFile | null; keptByHand: number };
  };
  /** Another threshold or integration of stored probabilities. */
  adjust: {
    in: {
      volume: VolumeFile;
      box: NetworkRun['box'];
      probabilities: ProbabilityFile[];
      settings: NetworkSettings;
      hand: MaskDelta[];
      into: string;
    };
    out: MaskResult & { keptByHand: number };
  };
  /** The integrated probability over the box as one raw uint8 file: what the slider of the window moves over. */
  integrated: {
    in: { volume: VolumeFile; box: NetworkRun['box']; probabilities: ProbabilityFile[]; settings: NetworkSettings; path: string };
    out: StagedFile;
  };
  clean: {
    in: { mask: MaskFile; geometry: VolumeGeometry; settings: CleanSettings; field: FieldInput | null; whole: boolean; into: string };
    /** `change` as of an effect; with `whole` always the mask. */
    out: MaskResult & { change: 'mask' | 'flips'; partsBefore: number; partsAfter: number; crf: CrfReport | null };
  };
  /**
   * One effect on the mask `at`; the others are those that its settings name, all on one grid. `volume` is there where the effect asks for
   * the image. Made: masks in the place of that number, null: a new one. `together`: only what the segment's own would be (of several new
   * ones all together), with its parts counted. `changed`: not voxel for voxel the mask in whose place it comes.
   */
  effect: {
    in: {
      masks: MaskFile[];
      names: string[];
      at: number;
      geometry: VolumeGeometry;
      volume: VolumeFile | null;
      settings: EffectSettings;
      masking: MaskingFiles | null;
      together: boolean;
      into: string;
    };
    /** `change` 'flips': the file holds the run code, as text, of the voxels that are not as in the mask `of`. */
    out: {
      made: (MaskResult & { of: number | null; changed: boolean; change: 'mask' | 'flips' })[];
      voxelsBefore: number;
      partsAfter: number | null;
    };
  };
  /** Who set each voxel of a segment last (9.1), by what was done to it in order. `map`: uint8, 0 or 1 + place in `authors`. */
  authorship: {
    in: { steps: AuthorStep[]; dimensions: [number, number, number]; into: string };
    out: Omit<Authorship, 'map'> & { map: StagedFile };
  };
  /** Closed contours of a mask (9.1), slice by slice: on the slice through a point, or on every one. `number` counts slices from 1. */
  contours: {
    in: {
      mask: MaskFile;
      name: string;
      geometry: VolumeGeometry;
      normalLps: [number, number, number] | null;
      atLps: [number, number, number] | null;
    };
    out: { normalLps: [number, number, number]; slices: { number: number; contoursLps: [number, number, number][][] }[] };
  };
  /** Length, angle, area and values of markups on one series (9.1), in their order. */
  measureMarkup: {
    in: { volume: MeasuredVolume; markups: Pick<MarkupDraft, 'kind' | 'pointsLps' | 'normalLps'>[] };
    out: { measures: MarkupMeasures[] };
  };
  /** Doubtful places, worst first, at most `limit`; `total` counts all. `network`: the run behind the mask and its spread. */
  doubts: {
    in: {
      mask: MaskFile;
      geometry: VolumeGeometry;
      volume: VolumeFile | null;
      network: {
        run: { volume: VolumeFile; box: NetworkRun['box']; probabilities: ProbabilityFile[]; settings: NetworkSettings };
        spread: string | null;
      } | null;
      limit: number;
    };
    out: { places: Omit<DoubtfulPlace, 'reviewed'>[]; total: number };
  };
  islands: {
    in: { mask: MaskFile; geometry: VolumeGeometry; connectivity: Connectivity; limit: number };
    out: { islands: Island[]; total: number };
  };
  /** Writes base + deltas as one raw uint8 file. */
  materialise: { in: { mask: MaskFile; dimensions: [number, number, number]; path: string }; out: StagedFile };
  mesh: {
    /** `volume`: the values on the mask's grid, in HU; null: there are none, and the mask alone decides. */
    in: { mask: MaskFile; geometry: VolumeGeometry; volume: VolumeFile | null; settings: MeshSettings; into: string; header: string };
    out: { stl: StagedFile; report: MeshReport; reasons: Coded[]; seconds: number };
  };
  /** A light surface for the 3D view: every second voxel where the grid is large. */
  preview: { in: { mask: MaskFile; geometry: VolumeGeometry; path: string }; out: StagedFile & { triangles: number } };
  /** `networkWording`: what the file says of a network that had its say; null: nothing. */
  readLabelmap: {
    in: { path: string; into: string };
    out: { mask: StagedFile; geometry: VolumeGeometry; voxels: number; networkWording: string | null };
  };
  /** Segments and markups as a file of another program's kind (9.1-interop), at `path`, where nothing is yet. */
  /** `markups`: how many of them are in the file. */
  writeObject: { in: ObjectTaskInput; out: StagedFile & { markups: number; findings: string[] } };
  /** What such a file holds; masks are staged. Refuses what is of no kind that is read. */
  readObject: {
    in: { path: string; targets: ObjectTarget[]; into: string };
    out: Omit<ObjectRead, 'segments'> & { name: string; sha256: string; segments: LoadedSegment[] };
  };
  /** A mask that is to stand in the place of another: what changes, as `effect` keeps it. `after` null: one without a voxel; `file` null: nothing does. */
  maskChange: {
    in: { before: MaskFile; after: string | null; dimensions: [number, number, number]; into: string };
    out: { change: 'mask' | 'flips'; file: StagedFile | null; changed: number };
  };
  /** `value` is what bone is written as: the label's (9.1), 1 when nothing else is said. */
  writeNifti: {
    in: { mask: MaskFile; geometry: VolumeGeometry; value?: number; networkWording?: string | null; path: string };
    out: StagedFile;
  };
  /** A checked STL as a file of another kind at `path`, compared as read again. */
  writeMesh: { in: { stl: string; kind: MeshKind; about: MeshAbout; path: string }; out: StagedFile };
  /** `format` null, `reasons` and the figures of no mesh: the file is none. */
  checkMesh: { in: { path: string } & Pick<MeshSettings, 'minimumWallMm' | 'buildMm'>; out: MeshCheck };
  /** A mesh file mended into a binary STL in `into`. Refuses what stays unprintable, with the checks as its report. */
  repairMesh: {
    in: { path: string; settings: RepairSettings; into: string; header: string };
    out: { stl: StagedFile; before: MeshCheck; after: MeshCheck; repairs: MeshRepair[] };
  };
  /** Values for the vertices of a mesh file as joined from it: float32 at `path`, where nothing is yet. */
  meshMap: {
    in: {
      stl: string;
      of: { kind: 'thickness' } | { kind: 'deviation'; against: { path: string } | { mask: MaskFile; geometry: VolumeGeometry } };
      path: string;
    };
    out: Omit<MeshMap, 'values'> & { file: StagedFile };
  };
  /** `b` is a mesh file or a labelmap file; with `into` a coloured PLY of `a` is staged there. */
  compareMeshes: {
    in: { a: string; b: string; into: string | null };
    out: Omit<MeshComparison, 'path'> & { ply: StagedFile | null };
  };
  /** `source` goes into patches.json as it is; `staging` is a path beside `out` where nothing is yet. */
  patches: {
    in: { volume: VolumeFile; mask: MaskFile; settings: PatchSettings; source: Record<string, unknown>; staging: string; out: string };
    out: PatchesResult;
  };
  /** A model package or a bare .onnx, held against its card or the general contract; never handed to the runtime before. */
  readModel: { in: { path: string }; out: ModelReading };
  /** Agreement of a mask with the truth of a test head; `truth` and `thickness` (0.01 mm) are NIfTI files on its grid. */
  measureTruth: { in: { volume: VolumeFile; mask: MaskFile; truth: string; thickness: string | null }; out: HeadFigures };
  /** Refuses a folder that is neither new nor empty. */
  checkNewFolder: { in: { out: string }; out: object };
  writeExperiment: {
    in: { measured: Omit<ExperimentResult, 'summary' | 'differences'>; out: string; staging: string };
    out: { result: ExperimentResult; files: { name: string; sha256: string; bytes: number }[] };
  };
  phantom: {
    in: { seed: number; into: string; size: 'full' | 'small' | 'orbits' };
    out: { files: number; dimensions: [number, number, number]; findings: Finding[] };
  };
  evaluate: {
    in: { truth: EvaluationSide; result: EvaluationSide; roi: string | null; toleranceMm: number };
    out: Evaluation;
  };
}
export type TaskName = keyof Tasks;

/** What a task gets besides its input. `progress` may be called often; `throwIfCancelled` between slices or rounds. */
export interface TaskContext {
  progress(fraction: number, note: string): void;
  throwIfCancelled(): void;
}
export type Task<N extends TaskName> = (input: Tasks[N]['in'], context: TaskContext) => Promise<Tasks[N]['out']>;
