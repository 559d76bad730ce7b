import { paintSegment } from '../../../kernels/labels/brush.ts';
import { paintEdgeSegment } from '../../../kernels/labels/edge-brush.ts';
import { runsToText } from '../../../kernels/labels/runs.ts';
import { VoxelSet } from '../../../kernels/labels/voxel-set.ts';
import type { Brush, FinishedStroke, LoadedVolume, MaskLayer, Plane, Point } from '../../stores/viewer.ts';

/** The contract takes no longer path; a stroke that reaches it is handed in and a new one goes on from its last point. */
export const longestPath = 20_000;

/** What a stroke is begun with; it keeps all of it to its end. */
export interface StrokeStart {
  layer: MaskLayer;
  volume: LoadedVolume;
  plane: Plane;
  /** Unit normal of the view that it is drawn on. */
  normalLps: Point;
  /** The view was turned away from its plane. */
  oblique: boolean;
  brush: Brush;
  value: 0 | 1;
  /** Masking: only voxels of `inside` change, none of `notOver`. */
  inside: MaskLayer | null;
  notOver: MaskLayer[];
}

/** One stroke being drawn into a mask in place. What it changed is known at every moment, so it can be taken back or handed in. */
export class Stroke implements StrokeStart {
  readonly layer: MaskLayer;
  readonly volume: LoadedVolume;
  readonly plane: Plane;
  readonly normalLps: Point;
  readonly oblique: boolean;
  readonly brush: Brush;
  readonly value: 0 | 1;
  readonly inside: MaskLayer | null;
  readonly notOver: MaskLayer[];
  readonly pathLps: Point[] = [];
  readonly #changed = new VoxelSet();
  #blocked = 0;
  readonly #nearestMm: number;

  constructor(start: StrokeStart) {
    this.layer = start.layer;
    this.volume = start.volume;
    this.plane = start.plane;
    this.normalLps = start.normalLps;
    this.oblique = start.oblique;
    this.inside = start.inside;
    this.notOver = start.notOver;
    this.brush = start.brush;
    this.value = start.value;
    this.#nearestMm = Math.min(...start.volume.geometry.spacingMm) / 8;
  }

  get voxels(): number {
    return this.#changed.size;
  }

  /** No voxel further from the path than this changes, and none whose body reaches further. */
  get reachMm(): number {
    return this.brush.diameterMm / 2 + 2 * Math.max(...this.volume.geometry.spacingMm);
  }

  /** Share of the voxels met so far that gate and masking kept from changing, 0..1. */
  get blockedShare(): number {
    const met = this.#changed.size + this.#blocked;
    return met === 0 ? 0 : this.#blocked / met;
  }

  /** Draws on to a point; points closer than an eighth of a voxel to the last are left out. Returns the voxels that changed. */
  extend(point: Point): number {
    const last = this.pathLps.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1], point[2] - last[2]) < this.#nearestMm) return 0;
    const { edgeHu } = this.brush;
    const segment = {
      mask: this.layer.values,
      geometry: this.volume.geometry,
      values: this.volume.values,
      fromLps: last ?? point,
      toLps: point,
      diameterMm: this.brush.diameterMm,
      shape: this.brush.shape,
      planeNormalLps: this.normalLps,
      gateHu: this.brush.gateHu,
      only: this.inside?.values ?? null,
      never: this.notOver.map((layer) => layer.values),
      value: this.value,
      changed: this.#changed,
    };
    const { changed, blocked } = edgeHu === null ? paintSegment(segment) : paintEdgeSegment({ ...segment, edgeHu });
    this.#blocked += blocked;
    this.pathLps.push(point);
    return changed;
  }

  /** Puts every changed voxel back. */
  cancel(): void {
    const before = this.value === 1 ? 0 : 1;
    this.#changed.runs((start, length) => this.layer.values.fill(before, start, start + length));
    this.#changed.clear();
  }

  /** The stroke as the journal takes it; null where no voxel changed. */
  finished(): FinishedStroke | null {
    if (this.#changed.size === 0) return null;
    return {
      segment: this.layer.segmentId,
      brush: this.brush,
      tool: this.value === 1 ? 'brush' : 'eraser',
      plane: this.plane,
      normalLps: this.oblique ? this.normalLps : null,
      inside: this.inside?.segmentId ?? null,
      notOver: this.notOver.map((layer) => layer.segmentId),
      pathLps: this.pathLps,
      voxels: this.#changed.size,
      delta: { value: this.value, runs: runsToText(this.#changed.encode()) },
    };
  }
}
