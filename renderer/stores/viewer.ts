import { create } from 'zustand';
import type { HuSettings, StrokeDelta } from '../../contract/segmentation.ts';
import type { Integration } from '../../kernels/networks/integrate.ts';
import type { Box } from '../../kernels/volume/box.ts';
import type { VolumeGeometry } from '../../kernels/volume/geometry.ts';

export type Plane = 'axial' | 'coronal' | 'sagittal';
export type Point = [number, number, number];
export type Tool =
  | 'navigate'
  | 'crosshair'
  | 'brush'
  | 'eraser'
  | 'pick'
  | 'point'
  | 'scissors'
  | 'flood-fill'
  | 'level-trace'
  | 'livewire'
  | 'contour'
  | 'markup';

/** One CT or MR in memory; `values` is i fastest, in `units`. */
export interface LoadedVolume {
  seriesInstanceUid: string;
  geometry: VolumeGeometry;
  values: Int16Array | Float32Array;
  units: string;
}

/** One segment as it is drawn: contour first, fill second. `values` is 0 or 1 a voxel on the volume's grid and is edited in place. */
export interface MaskLayer {
  segmentId: string;
  name: string;
  /** CSS colour of the design tokens. */
  colour: string;
  values: Uint8Array;
  visible: boolean;
  /** No tool changes its voxels, nor draws over them where masking says so; absent: it is not locked. */
  locked?: boolean;
  /** 0..1, of the fill. */
  opacity: number;
  /** Where a network had its say; bone in it that no HU supports is drawn as inferred. Null and absent: no network made it. */
  networkBox?: Box | null;
}

/** What a network run has left, in the page: uint8 over the box, i fastest, 255 = certain; one a model, and how two are joined. */
export interface ProbabilityField {
  box: Box;
  parts: Uint8Array[];
  /** Set where the parts are those of the cortical and the thin-bone network, in this order. */
  integration: Integration | null;
  /** Below this HU the probability counts as 0; null: it counts everywhere. */
  airHu: number | null;
}

/** Another probability of a network's segment, before it is applied: drawn on all planes, nothing is stored. */
export interface NetworkPreview {
  segmentId: string;
  field: ProbabilityField;
  probability: number;
}

/** A segment's mask as a clean or an effect would leave it, before it is applied: drawn on all planes, nothing is stored. */
export interface MaskPreviewShown {
  segmentId: string;
  values: Uint8Array;
}

/** A map over the box of a network run: how far the runs differ, how near the probability lies to the threshold, or itself. */
export interface Heat {
  kind: 'spread' | 'near' | 'probability';
  field: ProbabilityField;
  /** Bytes over the box for 'spread'; null for the others, which read the field. */
  spread: Uint8Array | null;
  /** The threshold in force, 0..1. */
  probability: number;
}

export interface Brush {
  shape: 'circle' | 'sphere';
  diameterMm: number;
  /** Only voxels in this inclusive HU range change; null: all. */
  gateHu: [number, number] | null;
  /** Stops at edges: only voxels joined to the point under the brush whose values differ from it by at most so much; null: off. */
  edgeHu: number | null;
}

/** What may be drawn over, of all painting tools (9.1). */
export interface MaskingChoice {
  /** Only voxels of this segment change; null: all. */
  insideSegment: string | null;
  /** Voxels of locked segments stay. */
  notOverLocked: boolean;
}

/** What the viewports hand back when the mouse goes up. */
export interface FinishedStroke {
  /** The segment and the brush that it was begun with; both may be others by the time it ends. */
  segment: string;
  brush: Brush;
  tool: 'brush' | 'eraser';
  plane: Plane;
  /** Unit normal of the view where it was turned; null: it was not. */
  normalLps: Point | null;
  /** Masking as it was when the stroke began: ids of segments. */
  inside: string | null;
  notOver: string[];
  pathLps: Point[];
  voxels: number;
  delta: StrokeDelta;
}

/** The planes where they were turned away from axial, coronal and sagittal: unit vectors in LPS, as the views' axes are. */
export type TurnedPlanes = Record<Plane, { rightLps: Point; downLps: Point; normalLps: Point }>;

/** Who takes the clicks of the tool 'point': a step that asks for places in the patient, one after another. */
export interface Picker {
  pick: (lps: Point, plane: Plane) => void;
  /** Right click: the last place goes. */
  takeBack?: () => void;
  /** Double click: that was the last one. */
  finish?: () => void;
}

/** Places and an outline drawn over the planes while a step asks for them. */
export interface Sketch {
  points: { lps: Point; label: string }[];
  outline: {
    plane: Plane;
    pointsLps: Point[];
    closed: boolean;
    /** Points with a mark; absent: all. */
    cornersLps?: Point[];
    /** Dashed: it takes away. */
    erases?: boolean;
    /** How it would be closed, from the last of `cornersLps` to the first; absent: straight. */
    closingLps?: Point[];
    /** It is drawn on its own slice alone. */
    sliceOnly?: boolean;
  } | null;
}

export interface ViewerState {
  volume: LoadedVolume | null;
  layers: MaskLayer[];
  activeSegment: string | null;
  /** Counts up whenever voxels of a layer changed in place, so that the planes draw again. */
  revision: number;
  /** Live preview of a threshold on all planes; drawn from HU, nothing is stored. */
  preview: HuSettings | null;
  networkPreview: NetworkPreview | null;
  maskPreview: MaskPreviewShown | null;
  heat: Heat | null;
  /** Who set each voxel of a segment last: 0, or 1 + place in `authors`; drawn in place of its fill. Null: not shown. */
  authorMap: { segmentId: string; values: Uint8Array } | null;
  /** Draws bone that no HU supports as inferred. */
  inferredShown: boolean;
  /** Box in LPS mm (xmin, ymin, zmin, xmax, ymax, zmax) that is outlined on the planes: where a network works or worked. */
  regionLps: readonly number[] | null;
  sketch: Sketch | null;
  picker: Picker | null;
  tool: Tool;
  brush: Brush;
  masking: MaskingChoice;
  window: { center: number; width: number };
  /** Under the pointer. */
  cursor: { plane: Plane; lps: Point; value: number | null } | null;
  /** The point that the three planes share. */
  crosshairLps: Point;
  crosshairShown: boolean;
  /** Null: the planes are the patient's own. */
  turned: TurnedPlanes | null;
  maximised: Plane | '3d' | null;
  /** Why the active segment cannot be edited now (hidden, locked, read-only); null: it can. */
  editRefusal: string | null;
  onStroke: (stroke: FinishedStroke) => void;
  onPick: (lps: Point) => void;
  set: (change: Partial<Omit<ViewerState, 'set'>>) => void;
}

export const useViewer = create<ViewerState>()((set) => ({
  volume: null,
  layers: [],
  activeSegment: null,
  revision: 0,
  preview: null,
  networkPreview: null,
  maskPreview: null,
  heat: null,
  authorMap: null,
  inferredShown: true,
  regionLps: null,
  sketch: null,
  picker: null,
  tool: 'navigate',
  brush: { shape: 'sphere', diameterMm: 4, gateHu: null, edgeHu: null },
  masking: { insideSegment: null, notOverLocked: true },
  window: { center: 450, width: 1900 },
  cursor: null,
  crosshairLps: [0, 0, 0],
  crosshairShown: true,
  turned: null,
  maximised: null,
  editRefusal: null,
  onStroke: () => {},
  onPick: () => {},
  set: (change) => set(change),
}));

/** Window presets, in the order of the menu. HU. */
export const windowPresets = [
  { name: 'Bone', center: 450, width: 1900 },
  { name: 'Thin bone', center: 100, width: 700 },
  { name: 'Soft tissue', center: 50, width: 400 },
  { name: 'Full', center: 1023, width: 4096 },
] as const;
