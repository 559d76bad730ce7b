import type { Triple } from './geometry.ts';

/** Slices of one orientation as their headers place them: LPS mm, the centre of the first transmitted pixel. */
export interface SlicePlanes {
  positionsLps: Triple[];
  /** Unit vector along a row (increasing column), and along a column (increasing row). */
  rowDirection: Triple;
  columnDirection: Triple;
}

/** Slices that lie on the same plane and the same point, as indices of the input. */
export interface OrderedStack {
  normal: Triple;
  /** One group a position, by increasing projection on the normal; more than one index in a group are duplicates. */
  groups: number[][];
  /** Projection of each group's first slice on the normal, mm. */
  projectionsMm: number[];
}

export type StackFault = 'GANTRY_TILT' | 'VARIABLE_SPACING' | 'MISSING_SLICES' | 'INCONSISTENT_SLICES' | 'TOO_FEW_SLICES';

export interface StackGeometry {
  /** Empty where the slices form a regular box. */
  faults: StackFault[];
  normal: Triple;
  /** Distance between neighbours along the normal: all of them where regular, else the prevailing one. */
  spacingMm: number;
  /** Unit step from slice to slice: the normal, unless the stack is slanted. */
  stepDirection: Triple;
  /** Distance between neighbours along the step. */
  stepMm: number;
  /** Along row and column, mm of slant for each mm along the normal. */
  shear: [number, number];
  tiltDegrees: number;
  /** Projections of the slices on the normal, mm, increasing. */
  positionsMm: number[];
  gapsMm: { min: number; max: number };
  /** Projections at which a slice is absent; only with MISSING_SLICES. */
  missingMm: number[];
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Right-handed vector product. */
export function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Decimal strings in headers are rounded; closer than this two planes are the same plane. */
const samePlaneMm = 0.01;

/**
 * Orders slices by their projection on the normal (row x column) and joins those that lie on the same point.
 * PS3.3 C.7.6.2: nothing but position and cosines is used, in double precision.
 * Cost: a sort. Throws RangeError on a position that is not finite.
 */
export function orderStack(planes: SlicePlanes): OrderedStack {
  const normal = cross(planes.rowDirection, planes.columnDirection);
  const slices = planes.positionsLps.map((position, index) => ({ index, position, at: dot(position, normal) }));
  for (const slice of slices) if (!Number.isFinite(slice.at)) throw new RangeError('a slice position is not finite');
  slices.sort((a, b) => a.at - b.at || a.index - b.index);
  const wide = slices.map((slice, n) => (n === 0 ? 0 : slice.at - slices[n - 1].at)).filter((gap) => gap > samePlaneMm / 10);
  wide.sort((a, b) => a - b);
  const typical = wide[wide.length >> 1] ?? samePlaneMm;
  const near = Math.min(samePlaneMm, typical * 0.1);
  const groups: number[][] = [];
  const projectionsMm: number[] = [];
  for (const slice of slices) {
    const last = projectionsMm.length - 1;
    if (last >= 0 && slice.at - projectionsMm[last] <= near) groups[last].push(slice.index);
    else {
      groups.push([slice.index]);
      projectionsMm.push(slice.at);
    }
  }
  return { normal, groups, projectionsMm };
}

/**
 * How far a slice may lie from where a regular grid puts it: header rounding, not another spacing. Together with `sidewaysLimitMm`, and with
 * what cosines may differ by, a voxel stays within 0.05 mm of where its header puts it.
 */
function toleranceMm(spacingMm: number): number {
  return Math.min(0.03, Math.max(0.01, 0.02 * spacingMm), 0.1 * spacingMm);
}

/** Above this slant a stack counts as tilted, unless its whole shift is below `shiftLimitMm`; the slant itself is stated truly either way. */
const tiltLimitDegrees = 0.02;
const shiftLimitMm = 0.05;
/** How far a slice may lie beside the line from the first to the last. */
const sidewaysLimitMm = 0.02;

interface Spacing {
  spacingMm: number;
  fault: StackFault | null;
  missingMm: number[];
}

function judgeSpacing(at: number[]): Spacing {
  const count = at.length;
  const gaps = at.slice(1).map((value, n) => value - at[n]);
  const mean = (at[count - 1] - at[0]) / (count - 1);
  if (at.every((value, n) => Math.abs(value - at[0] - n * mean) <= toleranceMm(mean))) {
    return { spacingMm: mean, fault: null, missingMm: [] };
  }
  const sorted = [...gaps].sort((a, b) => a - b);
  const prevailing = sorted[(sorted.length - 1) >> 1];
  const steps = gaps.map((gap) => Math.round(gap / prevailing));
  const total = steps.reduce((sum, n) => sum + n, 0);
  const fitted = (at[count - 1] - at[0]) / total;
  const wide = steps.filter((n) => n > 1).length;
  let slot = 0;
  const missingMm: number[] = [];
  let fits = fitted > 0 && wide > 0 && wide * 3 <= gaps.length && steps.every((n) => n >= 1);
  for (let n = 0; fits && n < gaps.length; n++) {
    for (let m = 1; m < steps[n]; m++) missingMm.push(at[0] + (slot + m) * fitted);
    slot += steps[n];
    if (Math.abs(at[n + 1] - at[0] - slot * fitted) > toleranceMm(fitted)) fits = false;
  }
  return fits
    ? { spacingMm: fitted, fault: 'MISSING_SLICES', missingMm }
    : { spacingMm: prevailing, fault: 'VARIABLE_SPACING', missingMm: [] };
}

/**
 * Decides from positions and cosines alone what a stack is: a regular box, or tilted, unevenly spaced, with gaps, or not a stack.
 * Thickness, spacing and tilt attributes take no part.
 * @param planes one slice a position, ordered by increasing projection (see `orderStack`)
 * @throws RangeError where two slices are out of order or on the same plane
 * Cost: linear in the slices.
 */
export function judgeStack(planes: SlicePlanes): StackGeometry {
  const { positionsLps, rowDirection, columnDirection } = planes;
  const normal = cross(rowDirection, columnDirection);
  const at = positionsLps.map((position) => dot(position, normal));
  const count = at.length;
  for (let n = 1; n < count; n++) if (!(at[n] > at[n - 1])) throw new RangeError('slices are not ordered');
  const base: StackGeometry = {
    faults: ['TOO_FEW_SLICES'],
    normal,
    spacingMm: 0,
    stepDirection: normal,
    stepMm: 0,
    shear: [0, 0],
    tiltDegrees: 0,
    positionsMm: at,
    gapsMm: { min: 0, max: 0 },
    missingMm: [],
  };
  if (count < 2) return base;
  const along = at[count - 1] - at[0];
  const across = (direction: Triple) => positionsLps.map((p) => dot(p, direction) - dot(positionsLps[0], direction));
  const rowShift = across(rowDirection);
  const columnShift = across(columnDirection);
  const shear: [number, number] = [rowShift[count - 1] / along, columnShift[count - 1] / along];
  const faults: StackFault[] = [];
  // A slice that leaves the line of the others belongs to another reconstruction circle or another patient position.
  const straight = at.every(
    (value, n) => Math.hypot(rowShift[n] - shear[0] * (value - at[0]), columnShift[n] - shear[1] * (value - at[0])) <= sidewaysLimitMm,
  );
  if (!straight) faults.push('INCONSISTENT_SLICES');
  const slope = Math.hypot(shear[0], shear[1]);
  const tiltDegrees = (Math.atan(slope) * 180) / Math.PI;
  const tilted = slope * along > shiftLimitMm && tiltDegrees > tiltLimitDegrees;
  if (tilted) faults.push('GANTRY_TILT');
  const spacing = judgeSpacing(at);
  if (spacing.fault) faults.push(spacing.fault);
  // Rounding of positions must not bend the step of a straight stack; a slant too small to matter is still stated truly.
  const slanted = slope * along > 0.002;
  const length = slanted ? Math.hypot(1, slope) : 1;
  const mix = (axis: 0 | 1 | 2) => (normal[axis] + shear[0] * rowDirection[axis] + shear[1] * columnDirection[axis]) / length;
  const gaps = at.slice(1).map((value, n) => value - at[n]);
  return {
    ...base,
    faults,
    spacingMm: spacing.spacingMm,
    stepDirection: slanted ? [mix(0), mix(1), mix(2)] : normal,
    stepMm: spacing.spacingMm * length,
    shear: slanted ? shear : [0, 0],
    tiltDegrees: slanted ? tiltDegrees : 0,
    gapsMm: { min: gaps.reduce((a, b) => Math.min(a, b)), max: gaps.reduce((a, b) => Math.max(a, b)) },
    missingMm: spacing.missingMm,
  };
}
