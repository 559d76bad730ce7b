import { contoursOfSlice } from '../../../kernels/labels/contours-of.ts';
import { keyholes } from '../../../kernels/labels/keyholes.ts';
import { outlineLps } from '../../../kernels/markups/outline.ts';
import { encloses } from '../../../kernels/markups/shape.ts';
import { indexToLps, lpsToIndex, type Triple } from '../../../kernels/volume/geometry.ts';
import type { DicomItem } from './dicom-dataset.ts';
import type { ObjectInput } from './object-input.ts';
import { canCite } from './object-modules.ts';
import { slicesWithVoxels } from './seg-write.ts';

/** A ten-thousandth of a millimetre: what is lost is less than any reader keeps. */
const places = 4;
const decimal = (v: number): string => String(Number(v.toFixed(places)) + 0);

/** The image of slice k, for a contour to name; undefined where the grid is not the images'. */
function imageOf(input: ObjectInput, k: number): DicomItem[] | undefined {
  if (!input.onSourceGrid || !canCite(input)) return undefined;
  const one = input.source?.instances[k];
  if (!one) return undefined;
  return [
    { ReferencedSOPClassUID: one.sopClassUid, ReferencedSOPInstanceUID: one.sopInstanceUid, ReferencedFrameNumber: one.frame ?? undefined },
  ];
}

function contourItem(type: string, points: readonly Triple[], image: DicomItem[] | undefined): DicomItem {
  return {
    ContourImageSequence: image,
    ContourGeometricType: type,
    NumberOfContourPoints: points.length,
    ContourData: points.flatMap((p) => p.map(decimal)),
  };
}

/**
 * The contours of a mask, slice by slice (PS3.3 C.8.8.6): CLOSED_PLANAR along voxel faces, holes joined to what surrounds them, so that
 * filling them gives each voxel again by any rule.
 */
export function contoursOfMask(input: ObjectInput, bits: ObjectInput['segments'][number]['bits'], tick: () => void): DicomItem[] {
  const grid = input.series;
  return slicesWithVoxels(bits).flatMap((k) => {
    tick();
    const corners = contoursOfSlice(bits, grid, 2, k).map((loop) =>
      loop.map((p): [number, number] => {
        const [i, j] = lpsToIndex(grid, ...p);
        return [Math.round(i + 0.5), Math.round(j + 0.5)];
      }),
    );
    const image = imageOf(input, k);
    return keyholes(corners).map((outline) =>
      contourItem(
        'CLOSED_PLANAR',
        outline.map(([u, v]) => indexToLps(grid, u - 0.5, v - 0.5, k)),
        image,
      ),
    );
  });
}

/** The slice that all points lie on, to a hundredth of its thickness; null: none. */
function sliceOf(input: ObjectInput, points: readonly Triple[]): number | null {
  const ks = points.map((p) => lpsToIndex(input.series, ...p)[2]);
  const k = Math.round(ks[0] ?? Number.NaN);
  return k >= 0 && k < input.series.dimensions[2] && ks.every((v) => Math.abs(v - k) < 0.01) ? k : null;
}

/** A markup as the contour of a region of its own: its line as it is drawn, or its place. */
export function contourOfMarkup(input: ObjectInput, markup: ObjectInput['markups'][number]): DicomItem {
  const points = outlineLps(markup);
  const k = sliceOf(input, points);
  const image = k === null ? undefined : imageOf(input, k);
  if (points.length === 1) return contourItem('POINT', points, image);
  if (encloses(markup.kind)) return contourItem('CLOSED_PLANAR', points, image);
  return contourItem(markup.normalLps !== null || k !== null ? 'OPEN_PLANAR' : 'OPEN_NONPLANAR', points, image);
}
