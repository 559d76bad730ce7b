import type { VolumeGeometry } from '../volume/geometry.ts';
import type { Anatomy } from './anatomy.ts';
import { type Box, type Distance, smoothMin } from './distance.ts';
import type { Pose } from './pose.ts';
import { extentAlong, type Sheet, sheetCoverage, sheetLabelled, thinnestMm, thinUpToMm } from './sheet.ts';
import type { Marker } from './truth.ts';

/** Far outside any shape. */
const far = 1e3;
const tileVoxels = 8;

/** One slice while it is painted: its head coordinates and fields, one value a voxel. */
class Slice {
  readonly nx: number;
  readonly ny: number;
  readonly z: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly h: Float32Array;
  /** Extent of a voxel in head mm, the same along every direction: good enough for solids. */
  readonly extent: number;
  readonly pose: Pose;
  readonly geometry: VolumeGeometry;

  constructor(pose: Pose, geometry: VolumeGeometry, k: number) {
    [this.nx, this.ny] = geometry.dimensions;
    this.pose = pose;
    this.geometry = geometry;
    const [sx, sy, sz] = geometry.spacingMm;
    this.extent = (sx + sy + sz) / 3 / pose.scale;
    this.z = geometry.originLps[2] + k * sz;
    const area = this.nx * this.ny;
    this.x = new Float32Array(area);
    this.y = new Float32Array(area);
    this.h = new Float32Array(area);
    const head = new Float64Array(3);
    for (let j = 0, n = 0; j < this.ny; j++) {
      for (let i = 0; i < this.nx; i++, n++) {
        pose.toHead(geometry.originLps[0] + i * sx, geometry.originLps[1] + j * sy, this.z, head);
        this.x[n] = head[0];
        this.y[n] = head[1];
        this.h[n] = head[2];
      }
    }
  }

  /** Visits the voxels of this slice that may lie in a box given in head mm. */
  within(box: Box, visit: (n: number) => void): void {
    const { originLps, spacingMm } = this.geometry;
    const low = [far * far, far * far, far * far];
    const high = [-far * far, -far * far, -far * far];
    for (let corner = 0; corner < 8; corner++) {
      const p = this.pose.toLps(box[corner & 1], box[2 + ((corner >> 1) & 1)], box[4 + (corner >> 2)]);
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], p[axis] - this.pose.bendMm);
        high[axis] = Math.max(high[axis], p[axis] + this.pose.bendMm);
      }
    }
    if (this.z < low[2] || this.z > high[2]) return;
    const i0 = Math.max(0, Math.ceil((low[0] - originLps[0]) / spacingMm[0]));
    const i1 = Math.min(this.nx - 1, Math.floor((high[0] - originLps[0]) / spacingMm[0]));
    const j0 = Math.max(0, Math.ceil((low[1] - originLps[1]) / spacingMm[1]));
    const j1 = Math.min(this.ny - 1, Math.floor((high[1] - originLps[1]) / spacingMm[1]));
    for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) visit(j * this.nx + i);
  }

  /** Visits the voxels of those tiles whose middle voxel passes. */
  tiles(passes: (middle: number) => boolean, visit: (n: number) => void): void {
    const half = tileVoxels >> 1;
    for (let j0 = 0; j0 < this.ny; j0 += tileVoxels) {
      for (let i0 = 0; i0 < this.nx; i0 += tileVoxels) {
        if (!passes(Math.min(this.ny - 1, j0 + half) * this.nx + Math.min(this.nx - 1, i0 + half))) continue;
        const j1 = Math.min(this.ny, j0 + tileVoxels);
        const i1 = Math.min(this.nx, i0 + tileVoxels);
        for (let j = j0; j < j1; j++) for (let i = i0; i < i1; i++) visit(j * this.nx + i);
      }
    }
  }

  /** Part of a voxel inside a solid whose surface is `d` head mm away. */
  cover(d: number): number {
    return Math.min(1, Math.max(0, 0.5 - d / this.extent));
  }

  paint(hu: Float32Array, box: Box, distance: Distance, value: Distance): void {
    this.within(box, (n) => {
      const c = this.cover(distance(this.x[n], this.y[n], this.h[n]));
      if (c > 0) hu[n] += c * (value(this.x[n], this.y[n], this.h[n]) - hu[n]);
    });
  }
}

/**
 * Paints one slice without blur or noise: soft tissue, hollows, solid bone, thin walls, teeth, markers, later over earlier.
 * @param hu receives HU
 * @param labels receives 0, 1 cortical, 2 trabecular, 3 thin
 * @param thickness receives the true thickness of the wall in 0.01 mm where the label is 3 (of two walls the thicker one's), else 0
 */
export function paintSlice(
  anatomy: Anatomy,
  pose: Pose,
  geometry: VolumeGeometry,
  markers: Marker[],
  k: number,
  hu: Float32Array,
  labels: Uint8Array,
  thickness: Uint8Array,
): void {
  const slice = new Slice(pose, geometry, k);
  const area = hu.length;
  const { cranium } = anatomy;
  const bone = new Float32Array(area).fill(far);
  for (const { box, distance } of [...anatomy.bones, ...cranium.solids]) {
    slice.within(box, (n) => {
      bone[n] = smoothMin(bone[n], distance(slice.x[n], slice.y[n], slice.h[n]), 3.5);
    });
  }
  const cavity = new Float32Array(area).fill(far);
  const skin = new Float32Array(area).fill(far);
  slice.tiles(
    (n) => {
      // No shape comes so far out of the skin that a tile with this margin could meet it.
      const depth = cranium.cavity(slice.x[n], slice.y[n], slice.h[n]);
      return anatomy.skin(slice.x[n], slice.y[n], slice.h[n], depth - 5) < tileVoxels * slice.extent + 8;
    },
    (n) => {
      const x = slice.x[n];
      const y = slice.y[n];
      const z = slice.h[n];
      const depth = cranium.cavity(x, y, z);
      cavity[n] = depth;
      // Deep in the brain there is nothing but brain.
      if (depth < -12) {
        skin[n] = -far;
        bone[n] = far;
        return;
      }
      const outer = depth - (depth < 40 ? cranium.shellMm(x, y, z) : 5);
      skin[n] = smoothMin(anatomy.skin(x, y, z, outer), bone[n] - 5.5, 6);
      bone[n] = Math.max(smoothMin(bone[n], Math.max(outer, -depth), 2.5), -depth);
    },
  );
  paintSoft(slice, anatomy, skin, cavity, hu);
  carve(slice, anatomy, bone, hu);
  paintBone(slice, anatomy, bone, skin, hu, labels);
  for (const sheet of anatomy.sheets) paintSheet(slice, sheet, hu, labels, thickness);
  paintTeeth(slice, anatomy, hu, labels);
  for (let n = 0; n < area; n++) if (labels[n] !== 3) thickness[n] = 0;
  paintMarkers(slice, markers, hu);
}

function paintSoft(slice: Slice, anatomy: Anatomy, skin: Float32Array, cavity: Float32Array, hu: Float32Array): void {
  const muscle = new Float32Array(skin.length).fill(far);
  for (const { box, distance } of anatomy.muscles) {
    slice.within(box, (n) => {
      muscle[n] = Math.min(muscle[n], distance(slice.x[n], slice.y[n], slice.h[n]));
    });
  }
  for (let n = 0; n < skin.length; n++) {
    hu[n] = -1000;
    const head = slice.cover(skin[n]);
    if (head === 0) continue;
    // Under two millimetres of skin lies fat, and in it the muscles.
    let inside = 45;
    inside += slice.cover(skin[n] + 2) * (-98 - inside);
    inside += slice.cover(Math.max(muscle[n], skin[n] + 3.5)) * (56 - inside);
    const brain = slice.cover(cavity[n]);
    if (brain > 0) inside += brain * (anatomy.brain(slice.x[n], slice.y[n], slice.h[n], -cavity[n]) - inside);
    hu[n] += head * (inside - hu[n]);
  }
}

/** Orbits, channels and hollows: their contents are painted and the bone field is cut away. */
function carve(slice: Slice, anatomy: Anatomy, bone: Float32Array, hu: Float32Array): void {
  const cut = (box: Box, distance: Distance, value: Distance): void => {
    slice.within(box, (n) => {
      const d = distance(slice.x[n], slice.y[n], slice.h[n]);
      const c = slice.cover(d);
      if (c > 0) hu[n] += c * (value(slice.x[n], slice.y[n], slice.h[n]) - hu[n]);
      bone[n] = Math.max(bone[n], -d);
    });
  };
  for (const { box, distance } of anatomy.cranium.channels) cut(box, distance, () => 20);
  for (const orbit of anatomy.orbits) {
    const box: Box = orbit.side === 1 ? [4, 62, -22, 46, -28, 28] : [-62, -4, -22, 46, -28, 28];
    // In front of the rim the bone ends, but lids and skin keep what they are.
    slice.within(box, (n) => {
      const x = slice.x[n];
      const y = slice.y[n];
      const z = slice.h[n];
      const d = orbit.distance(x, y, z);
      bone[n] = Math.max(bone[n], -d);
      const c = slice.cover(Math.max(d, -orbit.behindRim(x, y, z) - 2));
      if (c > 0) hu[n] += c * (-100 - hu[n]);
    });
  }
  for (const space of anatomy.spaces) {
    cut(space.box, space.distance, () => 38);
    slice.paint(hu, space.box, (x, y, z) => space.distance(x, y, z) + space.liningMm, space.hu);
  }
  for (const solid of anatomy.soft) slice.paint(hu, solid.box, solid.distance, solid.hu);
}

function paintBone(slice: Slice, anatomy: Anatomy, bone: Float32Array, skin: Float32Array, hu: Float32Array, labels: Uint8Array): void {
  for (let n = 0; n < bone.length; n++) {
    if (bone[n] > slice.extent || skin[n] > -1) continue;
    const x = slice.x[n];
    const y = slice.y[n];
    const z = slice.h[n];
    const cortical = anatomy.corticalMm(x, y, z);
    const whole = slice.cover(bone[n]);
    if (whole > 0) hu[n] += whole * (anatomy.corticalHu(x, y, z) - hu[n]);
    const core = slice.cover(bone[n] + cortical);
    if (core > 0) hu[n] += core * (anatomy.trabecularHu(x, y, z) - hu[n]);
    if (bone[n] <= 0) labels[n] = bone[n] + cortical <= 0 ? 2 : 1;
  }
}

function paintSheet(slice: Slice, sheet: Sheet, hu: Float32Array, labels: Uint8Array, thicknesses: Uint8Array): void {
  const { spacingMm, originLps } = slice.geometry;
  const reach = 2 * slice.extent + 2.5;
  const step = 0.15;
  const head = new Float64Array(3);
  slice.within(sheet.box, (n) => {
    const x = slice.x[n];
    const y = slice.y[n];
    const z = slice.h[n];
    const rough = sheet.distance(x, y, z);
    if (!(Math.abs(rough) < reach)) return;
    const thickness = sheet.thicknessMm(x, y, z);
    if (thickness < thinnestMm) return;
    // The slope in patient mm turns the rough distance into a true one, whatever pose and bending do.
    const px = originLps[0] + (n % slice.nx) * spacingMm[0];
    const py = originLps[1] + Math.floor(n / slice.nx) * spacingMm[1];
    const slope = (dx: number, dy: number, dz: number): number => {
      slice.pose.toHead(px + dx, py + dy, slice.z + dz, head);
      const ahead = sheet.distance(head[0], head[1], head[2]);
      slice.pose.toHead(px - dx, py - dy, slice.z - dz, head);
      return (ahead - sheet.distance(head[0], head[1], head[2])) / (2 * step);
    };
    const gx = slope(step, 0, 0);
    const gy = slope(0, step, 0);
    const gz = slope(0, 0, step);
    const steep = Math.hypot(gx, gy, gz);
    if (!(steep > 0.2)) return;
    const d = rough / steep;
    const extent = extentAlong(gx / steep, gy / steep, gz / steep, spacingMm);
    const c = sheetCoverage(d, thickness, extent);
    if (c > 0 && hu[n] < sheet.hu) hu[n] += c * (sheet.hu - hu[n]);
    if (sheetLabelled(d, thickness, extent) && labels[n] !== 1) {
      labels[n] = thickness <= thinUpToMm ? 3 : 1;
      thicknesses[n] = Math.max(thicknesses[n], Math.min(255, Math.round(100 * thickness)));
    }
  });
}

function paintTeeth(slice: Slice, anatomy: Anatomy, hu: Float32Array, labels: Uint8Array): void {
  for (const tooth of anatomy.teeth) {
    slice.paint(hu, tooth.root.box, tooth.root.distance, () => 1750);
    slice.paint(hu, tooth.crown.box, tooth.crown.distance, () => tooth.crownHu);
    slice.paint(hu, tooth.pulp.box, tooth.pulp.distance, () => 250);
    for (const part of [tooth.root, tooth.crown]) {
      slice.within(part.box, (n) => {
        if (part.distance(slice.x[n], slice.y[n], slice.h[n]) <= 0) labels[n] = 1;
      });
    }
  }
}

function paintMarkers(slice: Slice, markers: Marker[], hu: Float32Array): void {
  const { spacingMm, originLps } = slice.geometry;
  const extent = (spacingMm[0] + spacingMm[1] + spacingMm[2]) / 3;
  for (const { centreLps, radiusMm, hu: value } of markers) {
    if (Math.abs(slice.z - centreLps[2]) > radiusMm + extent) continue;
    for (let n = 0; n < hu.length; n++) {
      const px = originLps[0] + (n % slice.nx) * spacingMm[0] - centreLps[0];
      const py = originLps[1] + Math.floor(n / slice.nx) * spacingMm[1] - centreLps[1];
      const c = Math.min(1, Math.max(0, 0.5 - (Math.hypot(px, py, slice.z - centreLps[2]) - radiusMm) / extent));
      if (c > 0) hu[n] += c * (value - hu[n]);
    }
  }
}
