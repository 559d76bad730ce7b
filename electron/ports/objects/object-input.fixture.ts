import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DicomSource } from '../../../contract/dicom-source.ts';
import { boneLabel } from '../../../contract/labels.ts';
import { packMask } from '../../../kernels/labels/bits.ts';
import { indexToLps, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { type Point, phantom, pointOf, type Stored, valueAt } from '../asymmetric.fixture.ts';
import { uidFrom } from '../dicom-write.ts';
import type { ObjectInput, ObjectSegment } from './object-input.ts';

const lengthOf = (v: Point) => Math.hypot(...v);
/** The asymmetric phantom's grid, or another in its words, as ours. */
export function geometryOf(grid: Stored): VolumeGeometry {
  const spacingMm = grid.steps.map(lengthOf) as Point;
  const directionLps = grid.steps.flatMap((step, n) => step.map((mm) => mm / (spacingMm[n] as number))) as VolumeGeometry['directionLps'];
  return { dimensions: grid.sides, spacingMm, originLps: grid.origin, directionLps };
}

/** Grids that writers must hold exactly: turned about three axes, tilted (k not at right angles), left-handed. */
export const grids: Record<string, VolumeGeometry> = {
  turned: geometryOf(phantom),
  tilted: {
    dimensions: [11, 7, 5],
    spacingMm: [0.4, 0.6, 1.25],
    originLps: [-20, 31.5, 12],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0.25881904510252074, 0.9659258262890683],
  },
  leftHanded: { dimensions: [9, 10, 6], spacingMm: [0.5, 0.5, 0.75], originLps: [3, -4, 50], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, -1] },
};

/** An asymmetric mask: where the phantom's values lie in a range. */
export function maskWhere(geometry: VolumeGeometry, wanted: (value: number) => boolean): Uint8Array {
  const [nx, ny, nz] = geometry.dimensions;
  const mask = new Uint8Array(nx * ny * nz);
  const middle = indexToLps(geometry, (nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2);
  const centre = pointOf(phantom, 6, 4, 3);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const p = indexToLps(geometry, i, j, k);
        mask[n] = wanted(valueAt(p.map((v, axis) => v - (middle[axis] as number) + (centre[axis] as number)) as Point)) ? 1 : 0;
      }
  return mask;
}

const fixtureFolder = (): string => mkdtempSync(join(tmpdir(), 'objects-'));

/** DICOM headers of a made-up series on a grid. */
export function sourceOn(geometry: VolumeGeometry): DicomSource {
  return {
    attributes: {
      PatientName: 'Grün^Ägidia',
      PatientID: 'P-7',
      PatientBirthDate: '19610203',
      PatientSex: 'F',
      StudyDate: '20240506',
      StudyTime: '070809',
      ReferringPhysicianName: 'House^Gregory',
      StudyID: 'S1',
      AccessionNumber: 'A-99',
      StudyDescription: 'Head',
      PatientAge: '063Y',
      PositionReferenceIndicator: '',
      Manufacturer: 'Scanners',
      InstitutionName: 'Clinic',
    },
    studyInstanceUid: uidFrom('fixture study'),
    seriesInstanceUid: uidFrom('fixture series'),
    frameOfReferenceUid: uidFrom('fixture frame'),
    instances: Array.from({ length: geometry.dimensions[2] }, (_, k) => ({
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUid: uidFrom(`fixture image ${k}`),
      frame: null,
      positionLps: indexToLps(geometry, 0, 0, k),
    })),
    burnedIn: '',
    recognizable: '',
  };
}

/** What a writer gets, of masks that are given as bytes. */
export function objectInput(
  geometry: VolumeGeometry,
  masks: Uint8Array[],
  change: Partial<ObjectInput> & { folder?: string } = {},
): ObjectInput {
  const { folder = fixtureFolder(), ...more } = change;
  const segments = masks.map((mask, n): ObjectSegment => {
    return {
      bits: packMask(mask, geometry.dimensions),
      name: n === 0 ? 'Bone' : `Bone ${n + 1}`,
      number: n + 1,
      label: boneLabel,
      rgb: [
        [227, 217, 184],
        [120, 160, 220],
        [200, 90, 90],
      ][n % 3] as [number, number, number],
      algorithmType: 'SEMIAUTOMATIC',
      algorithmName: 'Threshold 200 HU and above',
      networkWording: null,
      volumeMm3: 0,
      trackingId: `segment-${n + 1}`,
      trackingUid: uidFrom(`fixture segment ${n}`),
    };
  });
  return {
    kind: 'seg',
    path: join(folder, 'out.dcm'),
    series: {
      ...geometry,
      seriesInstanceUid: uidFrom('fixture series'),
      modality: 'CT',
      units: 'HU',
      description: 'Head 0.6',
      patientName: 'Grün^Ägidia',
    },
    source: sourceOn(geometry),
    onSourceGrid: true,
    straightened: false,
    segments,
    markups: [],
    mesh: null,
    of: { id: 'case-1', name: 'CT-0001', sequence: 12 },
    writtenAt: '2026-02-03T04:05:06.789Z',
    version: '1.0.0',
    uidSeed: 'fixture',
    deidentify: null,
    ...more,
  };
}
