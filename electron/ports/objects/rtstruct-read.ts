import { Refusal } from '../../../contract/errors.ts';
import { type MarkupKind, markupDraft, markupKinds, markupPoints } from '../../../contract/markups.ts';
import { countBits } from '../../../kernels/labels/bits.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { voxelCount } from '../../../kernels/volume/geometry.ts';
import { cross } from '../../../kernels/volume/stack.ts';
import { fillContours } from './contours-onto-grid.ts';
import { crossingPlanes } from './crossing-contours.ts';
import { datasetOfClass } from './dicom-object.ts';
import { networkWordingIn } from './network-wording.ts';
import type { ObjectReader, ObjectTarget, ReadEmpty, ReadMarkup, ReadSegment } from './object-input.ts';
import { placeOnSeries } from './place-on-series.ts';
import { namedSeries, type ReadRegion, readRegions } from './rtstruct-regions-read.ts';

const structureSetStorage = '1.2.840.10008.5.1.4.1.1.481.3';
const mostMasks = 1024;
const mostMaskBytes = 4 * 1024 ** 3;
/** As many contours as become markups, and their points together: an act of the journal holds them all. */
const mostMarks = 20_000;
const mostMarkPoints = 2_000_000;

const isClosed = (type: string) => type === 'CLOSED_PLANAR' || type === 'CLOSEDPLANAR_XOR';

/** The kind of markup that a region of ours says it was; null: another program's. */
const kindOf = ({ label }: ReadRegion): MarkupKind | null =>
  (markupKinds as readonly string[]).includes(label) ? (label as MarkupKind) : null;

/** A line, place or outline as a markup. Curves and ellipses were written as many short lines and come back as what is drawn by hand. */
function markupsOf(region: ReadRegion, target: ObjectTarget): ReadMarkup[] {
  const said = kindOf(region);
  const d = target.directionLps;
  const sliceNormal = cross([d[0], d[1], d[2]], [d[3], d[4], d[5]]);
  return region.contours.flatMap(({ type, points }, n) => {
    if (isClosed(type) && said === null) return [];
    const bentBack = said === 'curve' ? 'polyline' : said === 'closed-curve' || said === 'ellipse' ? 'freehand' : said;
    const kind = bentBack ?? (points.length === 1 ? 'point' : points.length === 2 ? 'line' : 'polyline');
    const name = region.name || 'Imported';
    const { least, most } = markupPoints[kind];
    if (points.length < least || points.length > (most ?? 4096)) return [];
    const draft = markupDraft.safeParse({
      kind,
      name: region.contours.length > 1 ? `${name.slice(0, 58)} ${n + 1}` : name,
      series: target.seriesInstanceUid,
      pointsLps: points,
      normalLps: type === 'POINT' || type === 'OPEN_NONPLANAR' ? null : sliceNormal,
      text: region.description || (kind.startsWith('text') ? name : ''),
      segment: null,
    });
    // A line that another program has cut in pieces is no longer the one that we wrote.
    return draft.success ? [{ ...draft.data, trackingUid: region.contours.length > 1 ? null : region.trackingUid }] : [];
  });
}

/** The contours that make a segment; of a region that is a markup of ours none does. */
const filledOf = (region: ReadRegion) => (kindOf(region) === null ? region.contours.filter(({ type }) => isClosed(type)) : []);

/** Throws Refusal TOO_LARGE: masks are counted by their voxels, markups by themselves and their points. */
function assertHeld(regions: ReadRegion[], target: ObjectTarget): void {
  const masks = regions.filter((one) => filledOf(one).length > 0).length;
  if (masks > mostMasks || (masks * voxelCount(target.dimensions)) / 8 > mostMaskBytes)
    throw new Refusal('TOO_LARGE', 'The regions of this structure set together are larger than can be held. Export fewer at a time.');
  const drawn = regions.flatMap((one) => one.contours.filter(({ type }) => kindOf(one) !== null || !isClosed(type)));
  const marks = drawn.length;
  const points = drawn.reduce((sum, one) => sum + one.points.length, 0);
  if (marks > mostMarks || points > mostMarkPoints)
    throw new Refusal(
      'TOO_LARGE',
      `The structure set has ${marks} lines, places and outlines of ${points} points; ${mostMarks} of ${mostMarkPoints} points can be kept. Export fewer at a time.`,
    );
}

const nameOf = ({ name, number }: ReadRegion): string => name || `Region ${number}`;
const listed = (names: string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');

/** What a person should know of contours that cross. */
function crossingWords(name: string, { crossing, unseen }: { crossing: number; unseen: number }): string[] {
  const planes = (count: number): string => (count === 1 ? '1 plane' : `${count} planes`);
  return [
    ...(crossing > 0
      ? [
          `${name}: on ${planes(crossing)} contours cross, and what two of them enclose counts as outside, as a hole does. Join them in the program that drew them where it is inside.`,
        ]
      : []),
    ...(unseen > 0
      ? [`${name}: on ${planes(unseen)} there are so many contours that it was not looked whether they cross. Check these slices.`]
      : []),
  ];
}

/** The frame of reference whose places count: one that a series is in, else the first; mm of another are other places. */
function frameOf(regions: ReadRegion[], targets: ObjectTarget[]): string {
  const known = new Set(targets.flatMap(({ source }) => (source?.frameOfReferenceUid ? [source.frameOfReferenceUid] : [])));
  return (regions.find(({ frameUid }) => known.has(frameUid)) ?? regions[0])?.frameUid ?? '';
}

/** Contours without those that repeat another point for point: by the even-odd rule they would take away what is drawn twice. */
function withoutRepeated(contours: ReadRegion['contours']): ReadRegion['contours'] {
  const bySum = new Map<string, ReadRegion['contours']>();
  return contours.filter((one) => {
    if (one.type !== 'CLOSED_PLANAR') return true;
    const key = `${one.points.length} ${one.points.reduce((sum, [x, y, z]) => sum + x + 2 * y + 4 * z, 0)}`;
    const alike = bySum.get(key) ?? [];
    if (alike.some(({ points }) => points.every((p, n) => p.every((v, axis) => v === one.points[n]?.[axis])))) return false;
    bySum.set(key, [...alike, one]);
    return true;
  });
}

function* pointsOf(regions: ReadRegion[]): Generator<Triple> {
  for (const { contours } of regions) for (const { points } of contours) yield* points;
}

/**
 * DICOM RT Structure Set of any program: closed contours become segments, filled on the grid of the series that they name; points and open
 * lines become markups.
 */
export const readRtstruct: ObjectReader = async (bytes, { targets }, tick) => {
  const read = datasetOfClass(bytes, [structureSetStorage]);
  if (!read) return null;
  const all = readRegions(read.item);
  const drawn = all.filter((one) => one.contours.length > 0);
  tick();
  if (drawn.length === 0)
    throw new Refusal('EMPTY_SEGMENT', 'The structure set has no contour. Export it again with the regions that are wanted.');
  const frameUid = frameOf(drawn, targets);
  const regions = drawn.filter((one) => one.frameUid === frameUid);
  const said = { seriesUids: namedSeries(read.item), frameUid: frameUid || null };
  const { target, findings } = placeOnSeries(targets, said, () => pointsOf(regions), 'The structure set');
  const bare = all.filter((one) => one.contours.length === 0 && kindOf(one) === null);
  const empty = bare.flatMap((one): ReadEmpty[] =>
    one.trackingUid === null ? [] : [{ name: nameOf(one), number: one.number, trackingUid: one.trackingUid, certain: true }],
  );
  const none = all.filter((one) => one.contours.length === 0 && !empty.some(({ number }) => number === one.number)).map(nameOf);
  if (none.length > 0) findings.push(`Left out, since no contour is drawn of them: ${listed(none)}.`);
  const away = drawn.filter((one) => one.frameUid !== frameUid).map(nameOf);
  if (away.length > 0) findings.push(`Left out, since they are drawn in another frame of reference: ${listed(away)}.`);
  assertHeld(regions, target);
  const segments: ReadSegment[] = [];
  const markups: ReadMarkup[] = [];
  for (const region of regions) {
    const marks = markupsOf(region, target);
    markups.push(...marks);
    const closed = filledOf(region);
    const open = region.contours.length - closed.length;
    if (kindOf(region) === null && open > marks.length)
      findings.push(`${region.name || 'A region'}: ${open - marks.length} open contours could not be kept as markups.`);
    if (closed.length === 0) continue;
    const once = withoutRepeated(closed);
    const filled = fillContours(
      once.map(({ points }) => points),
      target,
      tick,
    );
    const name = nameOf(region);
    if (once.length < closed.length) findings.push(`${name}: ${closed.length - once.length} contours repeat others and count once.`);
    findings.push(...filled.findings.map((text) => `${name}: ${text}`));
    const plain = once.filter(({ type }) => type === 'CLOSED_PLANAR').map(({ points }) => points);
    findings.push(...crossingWords(name, crossingPlanes(plain, target, tick)));
    if (countBits(filled.bits) === 0) findings.push(`${name}: its contours enclose no voxel of the series. It was left out.`);
    else
      segments.push({
        bits: filled.bits,
        name,
        number: region.number,
        label: null,
        type: region.code,
        trackingUid: region.trackingUid,
        networkWording: networkWordingIn(region.description),
        algorithmType: region.algorithmType,
      });
  }
  if (segments.length === 0 && markups.length === 0)
    throw new Refusal('EMPTY_SEGMENT', `The structure set holds nothing that can be used. ${findings.join(' ')}`.trim());
  return { kind: 'RTSTRUCT', series: target.seriesInstanceUid, segments, empty, markups, findings };
};
