import type { AcquisitionCheck, AcquisitionFacts, Criterion, ScanQuality } from '../../../contract/acquisition.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { CheckSubject } from '../protocol.ts';
import type { Found } from './judge.ts';

export interface Scene {
  subject: CheckSubject;
  facts: AcquisitionFacts | null;
  kernel: AcquisitionCheck['kernel'];
}
type Parameter = Criterion['parameter'];

export const parameterNames: Record<Parameter, string> = {
  region: 'Region',
  position: 'Position',
  matrix: 'Matrix',
  tubeVoltage: 'Tube voltage',
  tubeCurrent: 'Tube current',
  scanSliceThickness: 'Scan slice thickness',
  rotationTime: 'Rotation time',
  fieldOfView: 'Field of view',
  sliceThickness: 'Slice thickness',
  sliceSpacing: 'Slice spacing',
  kernel: 'Kernel',
  format: 'Format',
  fieldStrength: 'Field strength',
  acquisitionType: 'Acquisition',
  pixelSpacing: 'Pixel spacing',
};

const silent: Found = { text: 'not in the header' };
const short = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
/** Millimetres always with two decimals: 1.00 beside 0.63 is read at a glance. */
const mm = (value: number): string => `${value.toFixed(2)} mm`;
function number(value: number | null | undefined, words: (value: number) => string): Found {
  return value === null || value === undefined ? silent : { text: words(value), numbers: [value] };
}

/** Largest distance between neighbouring slices as they were measured; of one slice the grid's. */
export function sliceSpacingMm({ slicePositionsMm, geometry }: CheckSubject): number {
  const gaps = slicePositionsMm.slice(1).map((at, n) => Math.abs(at - (slicePositionsMm[n] as number)));
  return gaps.length > 0 ? gaps.reduce((a, b) => Math.max(a, b)) : geometry.spacingMm[2];
}

/** Extent along the body's axis (LPS z), slice to slice, mm. */
function extentMm(g: VolumeGeometry): number {
  const ends = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const index = g.dimensions.map((side, axis) => (corner & (1 << axis) ? side - 1 : 0)) as Triple;
    return indexToLps(g, ...index)[2];
  });
  return Math.max(...ends) - Math.min(...ends);
}

/** From the globe's centre to 1 cm above the supraorbital foramen, and down to the infraorbital foramen: about 28 and 20 mm in adults. */
const orbitReachMm = { up: 28, down: 20 };

function orbitsFound({ orbits }: ScanQuality, g: VolumeGeometry): Found {
  if (!orbits)
    return {
      text: 'no globes found by rules',
      note: 'Look whether both orbits are inside: eyes that are closed, removed or cut off are not found.',
    };
  const cut = [orbits.rightLps, orbits.leftLps].some(([x, y, z]) =>
    [z + orbitReachMm.up, z - orbitReachMm.down].some((height) =>
      lpsToIndex(g, x, y, height).some((at, axis) => at < -0.5 || at > g.dimensions[axis]! - 0.5),
    ),
  );
  return cut
    ? { text: 'both orbits, cut off', words: ['orbits cut off'], note: 'The scan ends inside the region of the orbits.' }
    : { text: 'both orbits inside', words: ['both orbits'] };
}

const positions: Record<string, string> = { S: 'supine', P: 'prone', DL: 'decubitus', DR: 'decubitus' };
function positionFound(stated: string | null): Found {
  if (stated === null) return silent;
  const lying = positions[/^(?:HF|FF|LF|RF|AF|PF)(S|P|DL|DR)$/.exec(stated.toUpperCase())?.[1] ?? ''];
  return lying
    ? { text: `${stated}, ${lying}`, words: [lying] }
    : { text: stated, note: 'This position is none of those that DICOM defines.' };
}

function currentFound({ tubeCurrentMa, exposureControl }: AcquisitionFacts): Found {
  if (!tubeCurrentMa) return silent;
  const [low, high] = tubeCurrentMa;
  const range = Math.round(low) === Math.round(high) ? short(low, 0) : `${short(low, 0)} to ${short(high, 0)}`;
  const controlled = exposureControl !== null && exposureControl.toUpperCase() !== 'NONE';
  return { text: `${range} mA${controlled ? `, ${exposureControl}` : ''}`, numbers: tubeCurrentMa };
}

function fieldFound(facts: AcquisitionFacts | null, g: VolumeGeometry): Found {
  // To a tenth: 512 times a rounded pixel is never exactly the field that was asked for.
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  if (facts?.fieldOfViewMm != null) return { text: `${tenth(facts.fieldOfViewMm)} mm`, numbers: [tenth(facts.fieldOfViewMm)] };
  const side = tenth(Math.max(g.dimensions[0] * g.spacingMm[0], g.dimensions[1] * g.spacingMm[1]));
  return { text: `${side} mm, matrix × pixel`, numbers: [side], note: 'Not stated; reckoned of the images.' };
}

function kernelFound({ kernel }: Scene): Found {
  if (kernel.name === null) return silent;
  if (kernel.class === 'unknown') return { text: kernel.name, note: 'No list of this vendor holds this name; it is not guessed.' };
  return { text: `${kernel.name}, ${kernel.class} class`, words: [kernel.class] };
}

/** What is found of a parameter in the headers, the geometry and the voxels of a series. */
export function foundOf(criterion: Criterion, scene: Scene): Found {
  const { subject, facts } = scene;
  const { geometry: g, quality } = subject;
  const [columns, rows] = g.dimensions;
  const of: Record<Parameter, () => Found> = {
    region: () => {
      if (criterion.oneOf?.includes('both orbits'))
        return quality && subject.units === 'HU'
          ? orbitsFound(quality, g)
          : {
              text: facts?.bodyPart ?? 'not looked for',
              note: quality
                ? 'Globes are looked for in HU only.'
                : subject.grid === 'refused'
                  ? 'Voxels are measured when they are read.'
                  : 'This case was made before voxels were measured.',
            };
      const extent = extentMm(g);
      return { text: `${short(extent, 0)} mm${facts?.bodyPart ? `, ${facts.bodyPart}` : ''}`, numbers: [extent] };
    },
    position: () => positionFound(facts?.patientPosition ?? null),
    matrix: () => ({ text: `${columns} × ${rows}`, numbers: [Math.min(columns, rows)] }),
    tubeVoltage: () => number(facts?.tubeVoltageKv, (v) => `${short(v, 0)} kV`),
    tubeCurrent: () => (facts ? currentFound(facts) : silent),
    scanSliceThickness: () => number(facts?.collimationMm, mm),
    rotationTime: () => number(facts?.rotationTimeS, (v) => `${short(v, 2)} s`),
    fieldOfView: () => fieldFound(facts, g),
    sliceThickness: () => number(facts?.sliceThicknessMm, mm),
    sliceSpacing: () => number(sliceSpacingMm(subject), mm),
    kernel: () => kernelFound(scene),
    format: () =>
      facts ? { text: facts.format, words: [facts.format] } : { text: 'not kept', note: 'This case was made before headers were kept.' },
    fieldStrength: () => number(facts?.mr?.fieldStrengthT, (v) => `${short(v, 2)} T`),
    acquisitionType: () => {
      const type = facts?.mr?.acquisitionType ?? null;
      return type === null ? silent : { text: type, words: [type] };
    },
    pixelSpacing: () => number(Math.max(g.spacingMm[0], g.spacingMm[1]), mm),
  };
  return of[criterion.parameter]();
}
