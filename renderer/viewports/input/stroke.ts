import { paintSegment } from '../../../kernels/labels/brush.ts';
import { encodeUnsorted, runsToText } from '../../../kernels/labels/runs.ts';
import type { Brush, FinishedStroke, LoadedVolume, MaskLayer, Plane, Point } from '../../stores/viewer.ts';
import { planeAxes } from '../camera/plane-axes.ts';

/** The contract takes no longer path; a stroke that reaches it is handed in and a new one goes on from its last point. */
export const longestPath = 20_000;

/** One stroke being drawn into a mask in place. What it changed is known at every moment, so it can be taken back or handed in. */
export class Stroke {
  readonly layer: MaskLayer;
  readonly volume: LoadedVolume;
  readonly plane: Plane;
  readonly brush: Brush;
  readonly value: 0 | 1;
  readonly pathLps: Point[] = [];
  readonly #changed: number[] = [];
  #blocked = 0;
  readonly #nearestMm: number;

  constructor(start: { layer: MaskLayer; volume: LoadedVolume; plane: Plane; brush: Brush; value: 0 | 1 }) {
    this.layer = start.layer;
    this.volume = start.volume;
    this.plane = start.plane;
    this.brush = start.brush;
    this.value = start.value;
    this.#nearestMm = Math.min(...start.volume.geometry.spacingMm) / 8;
  }

  get voxels(): number {
    return this.#changed.length;
  }

  /** Share of the voxels met so far that the gate kept from changing, 0..1. */
  get blockedShare(): number {
    const met = this.#changed.length + this.#blocked;
    return met === 0 ? 0 : this.#blocked / met;
  }

  /** Draws on to a point; points closer than an eighth of a voxel to the last are left out. Returns the voxels that changed. */
  extend(point: Point): number {
    const last = this.pathLps.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1], point[2] - last[2]) < this.#nearestMm) return 0;
    const { changed, blocked } = paintSegment({
      mask: this.layer.values,
      geometry: this.volume.geometry,
      values: this.volume.values,
      fromLps: last ?? point,
      toLps: point,
      diameterMm: this.brush.diameterMm,
      shape: this.brush.shape,
      planeNormalLps: planeAxes[this.plane].normalLps,
      gateHu: this.brush.gateHu,
      value: this.value,
      changed: this.#changed,
    });
    this.#blocked += blocked;
    this.pathLps.push(point);
    return changed;
  }

  /** Puts every changed voxel back. */
  cancel(): void {
    const before = this.value === 1 ? 0 : 1;
    for (const index of this.#changed) this.layer.values[index] = before;
    this.#changed.length = 0;
  }

  /** The stroke as the journal takes it; null where no voxel changed. */
  finished(): FinishedStroke | null {
    if (this.#changed.length === 0) return null;
    return {
      segment: this.layer.segmentId,
      brush: this.brush,
      tool: this.value === 1 ? 'brush' : 'eraser',
      plane: this.plane,
      normalLps: null,
      inside: null,
      notOver: [],
      pathLps: this.pathLps,
      voxels: this.#changed.length,
      delta: { value: this.value, runs: runsToText(encodeUnsorted(this.#changed)) },
    };
  }
}
