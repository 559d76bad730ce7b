import { dilatePlanes } from '../../kernels/labels/ball-dilation.ts';
import { countRuns } from '../../kernels/labels/bit-runs.ts';
import { nearestByPlanes, nearestThrough } from '../../kernels/labels/distance-parts.ts';
import { joinRunsPart } from '../../kernels/labels/join-runs.ts';
import { blurPlanes } from '../../kernels/labels/smooth-gaussian.ts';
import { majorityPlanes } from '../../kernels/labels/smooth-median.ts';
import { rangePart } from '../../kernels/labels/threshold.ts';
import { gapPlacesPart } from '../../kernels/labels/wall-gap-parts.ts';
import { collapsePart } from '../../kernels/mesh/collapse-pass.ts';
import { distancePart } from '../../kernels/mesh/deviation.ts';
import { placePart, smoothNormalsPart } from '../../kernels/mesh/grey-parts.ts';
import { pairPart, starPart } from '../../kernels/mesh/half-edges.ts';
import { countNeighbours, endsOfRuns, listNeighbours } from '../../kernels/mesh/neighbours.ts';
import { coincidentVertices, flatTriangles } from '../../kernels/mesh/retreat.ts';
import { crossingsOfStretch } from '../../kernels/mesh/self-intersections.ts';
import { doubtPart, settlePart } from '../../kernels/mesh/settle-offsets.ts';
import { signedPart } from '../../kernels/mesh/signed-distances.ts';
import { confine, enterField, measureMoves } from '../../kernels/mesh/smooth-bounds.ts';
import { factorPass, roughnessPass } from '../../kernels/mesh/smooth-passes.ts';
import { stlPart } from '../../kernels/mesh/stl-write.ts';
import { countSurface } from '../../kernels/mesh/surface-rows.ts';
import { writeSurface } from '../../kernels/mesh/surface-write.ts';
import { turnedPart } from '../../kernels/mesh/turned-triangles.ts';
import { areaVectors, volumesOfRuns } from '../../kernels/mesh/volume-kept.ts';
import { wallPart } from '../../kernels/mesh/wall-thickness.ts';

/** Every part that may run in a thread, by the name it goes by between threads. One line each. */
export const crewParts = {
  blurPlanes,
  dilatePlanes,
  majorityPlanes,
  nearestByPlanes,
  nearestThrough,
  rangePart,
  gapPlacesPart,
  countRuns,
  joinRunsPart,
  countSurface,
  writeSurface,
  endsOfRuns,
  countNeighbours,
  listNeighbours,
  enterField,
  roughnessPass,
  factorPass,
  confine,
  measureMoves,
  volumesOfRuns,
  areaVectors,
  coincidentVertices,
  flatTriangles,
  crossingsOfStretch,
  stlPart,
  smoothNormalsPart,
  placePart,
  doubtPart,
  settlePart,
  turnedPart,
  wallPart,
  distancePart,
  signedPart,
  pairPart,
  starPart,
  collapsePart,
};
