import { dilatePlanes } from '../../kernels/labels/ball-dilation.ts';
import { countRuns } from '../../kernels/labels/bit-runs.ts';
import { nearestByPlanes, nearestThrough } from '../../kernels/labels/distance-parts.ts';
import { joinRunsPart } from '../../kernels/labels/join-runs.ts';
import { blurPlanes } from '../../kernels/labels/smooth-gaussian.ts';
import { majorityPlanes } from '../../kernels/labels/smooth-median.ts';
import { rangePart } from '../../kernels/labels/threshold.ts';
import { placePart, smoothNormalsPart } from '../../kernels/mesh/grey-parts.ts';
import { crossingsOfStretch } from '../../kernels/mesh/self-intersections.ts';
import { settlePart } from '../../kernels/mesh/settle-offsets.ts';
import { countSurface } from '../../kernels/mesh/surface-rows.ts';
import { writeSurface } from '../../kernels/mesh/surface-write.ts';

/** Every part that may run in a thread, by the name it goes by between threads. One line each. */
export const crewParts = {
  blurPlanes,
  dilatePlanes,
  majorityPlanes,
  nearestByPlanes,
  nearestThrough,
  rangePart,
  countRuns,
  joinRunsPart,
  countSurface,
  writeSurface,
  crossingsOfStretch,
  smoothNormalsPart,
  placePart,
  settlePart,
};
