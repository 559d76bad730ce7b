import { closedKinds } from '../../../contract/markups.ts';
import { contoursOfSlice } from '../../../kernels/labels/contours-of.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { uidFrom } from '../dicom-write.ts';
import { type DicomItem, fitsVr } from './dicom-dataset.ts';
import { givenWords, spatialOutline } from './markup-outline.ts';
import { measuredOf, volumesOf } from './measure-terms.ts';
import type { ObjectInput, ObjectSegment } from './object-input.ts';
import { frameUidOf } from './object-modules.ts';
import { code, container, number, outline, srTerms, text, uidRef } from './sr-items.ts';

/** GraphicData states its length in 16 bits: 5461 points of 12 bytes. */
const mostPointsOfOne = 5460;
/** Outlines in a report are for looking at; the voxels are in SEG. */
const mostPointsOfAll = 60_000;
const sides = ['7771000', '24028007', '51440002'];

interface Surface {
  polygons: Triple[][];
  shown: number;
  slices: number;
}

/** Outlines of a mask, of so many of its slices that a report holds them. */
function surfaceOf({ series }: ObjectInput, { bits }: ObjectSegment, tick: () => void): Surface {
  const nz = series.dimensions[2];
  const points = Array.from({ length: nz }, (_, k) => {
    tick();
    return contoursOfSlice(bits, series, 2, k).reduce((sum, one) => sum + (one.length <= mostPointsOfOne ? one.length : 0), 0);
  });
  const slices = points.flatMap((count, k) => (count > 0 ? [k] : []));
  const all = points.reduce((sum, count) => sum + count, 0);
  const step = Math.max(1, Math.ceil(all / mostPointsOfAll));
  const polygons: Triple[][] = [];
  let shown = 0;
  let held = 0;
  for (let n = Math.floor((slices.length - 1) / 2) % step; n < slices.length; n += step) {
    const k = slices[n] as number;
    if (held > 0 && held + (points[k] as number) > mostPointsOfAll) continue;
    held += points[k] as number;
    shown++;
    polygons.push(...contoursOfSlice(bits, series, 2, k).filter((one) => one.length <= mostPointsOfOne));
  }
  const [only] = polygons;
  if (polygons.length !== 1 || !only) return { polygons, shown, slices: slices.length };
  // A surface is two outlines or more (TID 1411): one is drawn on both faces of its slice.
  const half = series.directionLps.slice(6, 9).map((v) => (v * series.spacingMm[2]) / 2) as Triple;
  const faces = [-1, 1].map((sign) => only.map((point) => point.map((mm, axis) => mm + sign * (half[axis] as number)) as Triple));
  return { polygons: faces, shown, slices: slices.length };
}

/** A UID of the series; one that is not DICOM's becomes one. */
export const seriesUidOf = ({ source, series }: ObjectInput): string => {
  const uid = source?.seriesInstanceUid ?? series.seriesInstanceUid;
  return fitsVr('UI', uid) && uid !== '' ? uid : uidFrom(`series ${uid}`);
};

const tracked = (id: string, uid: string): DicomItem[] => [
  text('HAS OBS CONTEXT', srTerms.trackingId, id),
  uidRef('HAS OBS CONTEXT', srTerms.trackingUid, uid),
];

function findingOf({ label }: ObjectSegment): DicomItem[] {
  const { modifier } = label;
  const place = modifier
    ? [code('HAS CONCEPT MOD', sides.includes(modifier.value) ? srTerms.laterality : srTerms.topography, modifier)]
    : [];
  return [
    code('CONTAINS', srTerms.category, label.category),
    code('CONTAINS', srTerms.finding, label.type),
    code('HAS CONCEPT MOD', srTerms.site, label.type, place),
  ];
}

/** The words by which a person tracks it, unique in the report (PS3.16 TID 1411 row 2); what it is, its UID says. */
function trackedAs({ segments }: ObjectInput, { name, trackingId }: ObjectSegment): string {
  return segments.filter((one) => one.name === name).length > 1 ? `${name} (${trackingId})` : name;
}

/** A segment's volume (TID 1411), on outlines of its mask; of one without a voxel as a number alone (TID 1501). */
export function segmentGroup(input: ObjectInput, segment: ObjectSegment, tick: () => void): { item: DicomItem; findings: string[] } {
  const { polygons, shown, slices } = surfaceOf(input, segment, tick);
  const { name, trackingUid, algorithmName, networkWording, volumeMm3 } = segment;
  const comment = [name, networkWording].filter(Boolean).join('. ');
  const frame = frameUidOf(input);
  const roi = polygons.map((pointsLps) => outline('CONTAINS', srTerms.surface, frame, { shape: 'POLYGON', pointsLps }));
  const item = container('CONTAINS', srTerms.group, roi.length > 0 ? '1411' : '1501', [
    ...tracked(trackedAs(input, segment), trackingUid),
    ...findingOf(segment),
    text('HAS CONCEPT MOD', srTerms.algorithm, algorithmName || 'unknown'),
    text('HAS CONCEPT MOD', srTerms.algorithmVersion, input.version),
    ...roi,
    ...(roi.length > 0 ? [uidRef('CONTAINS', srTerms.sourceSeries, seriesUidOf(input))] : []),
    ...volumesOf(volumeMm3).map((one) => number(one)),
    text('CONTAINS', srTerms.comment, comment),
  ]);
  const findings =
    shown < slices ? [`The report draws ${name} on ${shown} of its ${slices} slices. Its voxels are exact in DICOM SEG alone.`] : [];
  return { item, findings };
}

/** A markup: an area or a place (TID 1410), or what is measured of a line, an angle or a point (TID 1501). */
export function markupGroup(input: ObjectInput, markup: ObjectInput['markups'][number]): DicomItem {
  const { name, trackingUid, measures, segment } = markup;
  const encloses = closedKinds.includes(markup.kind);
  const shape = spatialOutline(markup);
  const measured = measuredOf(measures, encloses);
  const { kind, through } = givenWords(markup);
  const about = input.segments.find((one) => one.trackingId === segment);
  const frame = frameUidOf(input);
  const asRegion = encloses || measured.length === 0;
  const source = outline('INFERRED FROM', srTerms.source, frame, shape);
  return container('CONTAINS', srTerms.group, asRegion ? '1410' : '1501', [
    ...tracked(name, trackingUid),
    ...(about ? findingOf(about) : []),
    ...(asRegion ? [outline('CONTAINS', srTerms.region, frame, shape)] : []),
    ...measured.map((one) => number(one, asRegion ? [] : [source])),
    code('CONTAINS', srTerms.kind, { value: kind, scheme: '99LAMINA', meaning: kind }),
    ...(through ? [text('CONTAINS', srTerms.through, through)] : []),
    ...(markup.text ? [text('CONTAINS', srTerms.comment, markup.text)] : []),
  ]);
}
