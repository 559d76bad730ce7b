import type { Triple, VolumeGeometry } from '../volume/geometry.ts';
import { type Anatomy, makeAnatomy } from './anatomy.ts';
import { paintSlice } from './paint-slice.ts';
import { drawingCentre, makePose } from './pose.ts';
import { drawOrbitProtocol, type Kernel, type ScanProtocol } from './protocol.ts';
import { createRandom } from './random.ts';
import { type ScannerSettings, scanSlice } from './scanner.ts';
import type { Marker, WallTruth } from './truth.ts';

/** A synthetic head with everything that is true of it. */
export interface HeadPhantom {
  geometry: VolumeGeometry;
  hu: Int16Array;
  /** 0 other, 1 cortical bone, 2 trabecular bone, 3 thin bone. */
  labels: Uint8Array;
  /** True thickness of the thin wall in 0.01 mm where the label is 3, else 0. */
  thickness: Uint8Array;
  markers: Marker[];
  walls: WallTruth[];
  scanner: ScannerSettings & { kernel: Kernel };
}

/** `orbits`: a cut around the orbits whose voxels, kernel and noise are drawn from the seed too. */
export type HeadSize = 'full' | 'small' | 'orbits';

const wholeScanner: ScannerSettings = { fwhmMm: 0.9, sliceLeak: 0.08, noiseHu: 13 };
const wholeHeads: Record<'full' | 'small', ScanProtocol> = {
  full: { dimensions: [256, 256, 160], spacingMm: [0.8, 0.8, 1], middle: drawingCentre, scanner: wholeScanner },
  small: { dimensions: [96, 96, 64], spacingMm: [2.1, 2.1, 2.5], middle: drawingCentre, scanner: wholeScanner },
};

/** The protocol of a size: fixed for whole heads, drawn for the orbits. */
function protocolOf(seed: number, size: HeadSize): ScanProtocol & { kernel: Kernel } {
  return size === 'orbits' ? drawOrbitProtocol(createRandom(seed, 5)) : { ...wholeHeads[size], kernel: 'standard' };
}

/**
 * Makes a head CT with known truth. No patient's image went into it.
 * @param seed whole number from 0: the same seed gives the same head, another seed another head
 * @param eachSlice called after each slice of each of the two passes
 * @returns HU (int16, [-1024, 3071]) and labels on a grid in LPS mm, i fastest
 * @throws RangeError on a seed that is not a whole number from 0 on
 * Cost: about 15 s for the full size on one core, 70 MB; about half of it for the orbits.
 */
export function makeHead(seed: number, size: HeadSize, eachSlice: (done: number, total: number) => void = () => undefined): HeadPhantom {
  const pose = makePose(createRandom(seed, 1));
  const { dimensions, spacingMm, middle, scanner, kernel } = protocolOf(seed, size);
  const [nx, ny, nz] = dimensions;
  const middleLps = pose.toLps(...middle);
  const originLps = dimensions.map((n, axis) => middleLps[axis] - ((n - 1) / 2) * spacingMm[axis]) as Triple;
  const geometry: VolumeGeometry = { dimensions, spacingMm, originLps, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const anatomy = makeAnatomy(createRandom(seed, 2));
  const markers = placeMarkers(pose, anatomy, createRandom(seed, 3));
  const ideal = new Float32Array(nx * ny * nz);
  const labels = new Uint8Array(nx * ny * nz);
  const thickness = new Uint8Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) {
    const [from, to] = [k * nx * ny, (k + 1) * nx * ny];
    const truth = [labels.subarray(from, to), thickness.subarray(from, to)] as const;
    paintSlice(anatomy, pose, geometry, markers, k, ideal.subarray(from, to), ...truth);
    eachSlice(k + 1, 2 * nz);
  }
  const hu = new Int16Array(nx * ny * nz);
  const random = createRandom(seed, 4);
  for (let k = 0; k < nz; k++) {
    hu.set(scanSlice(ideal, dimensions, k, spacingMm[0], scanner, random), k * nx * ny);
    eachSlice(nz + k + 1, 2 * nz);
  }
  return { geometry, hu, labels, thickness, markers, walls: anatomy.walls, scanner: { ...scanner, kernel } };
}

/** Four balls on the skin, no two alike and no two mirrored: they tell a flipped or turned image at once. */
function placeMarkers(pose: ReturnType<typeof makePose>, anatomy: Anatomy, random: ReturnType<typeof createRandom>): Marker[] {
  const radiusMm = 4;
  const wanted: [string, Triple, number][] = [
    ['left temple', [0.93, -0.25, 0.28], 400],
    ['right parietal', [-0.75, 0.35, 0.55], 800],
    ['forehead, left of the middle', [0.2, -0.86, 0.47], 1600],
    ['occiput, right of the middle', [-0.3, 0.93, 0.2], 2400],
  ];
  const head = new Float64Array(3);
  return wanted.map(([name, direction, hu]) => {
    const size = Math.hypot(...direction);
    const toward = direction.map((v) => v / size + random.between(-0.02, 0.02));
    const start = pose.toLps(...drawingCentre);
    for (let mm = 40; mm < 140; mm += 0.25) {
      const centreLps = start.map((v, n) => Math.round((v + mm * toward[n]) * 10) / 10) as Triple;
      pose.toHead(...centreLps, head);
      const [x, y, z] = head;
      const skull = anatomy.cranium.cavity(x, y, z) - anatomy.cranium.shellMm(x, y, z);
      if (anatomy.skin(x, y, z, skull) * pose.scale > radiusMm + 0.6) return { name, centreLps, radiusMm, hu };
    }
    throw new RangeError(`no place on the skin for the marker ${name}`);
  });
}
