import { Refusal } from '../../../contract/errors.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, numberOf, textOf } from './dicom-dataset-read.ts';
import { datasetOfClass } from './dicom-object.ts';
import { type FlatShape, imageOutline } from './image-outline.ts';
import { arePlaces, draftOf, nowhereWords, opened, type SpatialOutline, type SpatialShape } from './markup-outline.ts';
import type { ObjectReader, ObjectTarget, ReadMarkup } from './object-input.ts';
import { placeOnSeries } from './place-on-series.ts';
import { srTerms } from './sr-items.ts';
import { allItems, codeOf, numberWords, type SrNode, saidOf, srTree, tuplesOf } from './sr-tree.ts';

/** Enhanced, Comprehensive, Comprehensive 3D and Extensible SR. */
const reports = ['22', '33', '34', '35'].map((end) => `1.2.840.10008.5.1.4.1.1.88.${end}`);
const spatialShapes: readonly string[] = ['POINT', 'MULTIPOINT', 'POLYLINE', 'POLYGON', 'ELLIPSE', 'ELLIPSOID'] satisfies SpatialShape[];
const flatShapes: readonly string[] = ['POINT', 'MULTIPOINT', 'POLYLINE', 'ELLIPSE', 'CIRCLE'] satisfies FlatShape[];
const mostFindings = 50;

interface Place {
  target: ObjectTarget;
  /** The only frame of reference that counts; null: any. */
  frameUid: string | null;
}

function inSpace(node: SrNode, { frameUid }: Place): SpatialOutline | null {
  const shape = textOf(node.item, 'GraphicType');
  const points = tuplesOf(node, 3);
  if (!points || !spatialShapes.includes(shape)) return null;
  if (frameUid !== null && textOf(node.item, 'ReferencedFrameOfReferenceUID') !== frameUid) return null;
  const pointsLps = points as Triple[];
  return { shape: shape as SpatialShape, pointsLps: shape === 'POLYGON' ? opened(pointsLps) : pointsLps };
}

function onImage(node: SrNode, { target }: Place): SpatialOutline | null {
  const shape = textOf(node.item, 'GraphicType');
  const points = tuplesOf(node, 2);
  const image = itemsOf(node.children.find((child) => child.type === 'IMAGE')?.item, 'ReferencedSOPSequence')[0];
  if (!points || !image || !flatShapes.includes(shape)) return null;
  const frame = numberOf(image, 'ReferencedFrameNumber') ?? 1;
  return imageOutline(target, { uid: textOf(image, 'ReferencedSOPInstanceUID'), frame }, shape as FlatShape, points);
}

interface Shapes {
  outlines: SpatialOutline[];
  lost: number;
  /** Shapes whose points are no places. */
  nowhere: number;
}

/** What a group draws beside outlines of a volume: regions, and what its numbers were measured of, each once. */
function shapesOf(group: SrNode, place: Place): Shapes {
  const outlines = new Map<string, SpatialOutline>();
  let lost = 0;
  let nowhere = 0;
  for (const node of allItems(group)) {
    if ((node.type !== 'SCOORD3D' && node.type !== 'SCOORD') || node.concept === srTerms.surface.value) continue;
    const found = node.type === 'SCOORD3D' ? inSpace(node, place) : onImage(node, place);
    if (tuplesOf(node, node.type === 'SCOORD3D' ? 3 : 2) === null || (found && !arePlaces(found.pointsLps))) nowhere++;
    else if (found) outlines.set(JSON.stringify(found), found);
    else lost++;
  }
  return { outlines: [...outlines.values()], lost, nowhere };
}

/** What a group is called. Our own reports once had an id there of each segment, and its name in the comment. */
function nameOf(group: SrNode): string {
  const said = saidOf(group, srTerms.trackingId.value);
  return (/^segment[- ]\d+(-\d+)?$/.test(said) ? saidOf(group, srTerms.comment.value).slice(0, 200) : '') || said;
}

/** Measurement groups; of a group within a group the inner ones alone. */
function* groupsOf(node: SrNode): Generator<SrNode> {
  const inner = node.children.flatMap((child) => [...groupsOf(child)]);
  if (inner.length > 0) yield* inner;
  else if (node.type === 'CONTAINER' && node.concept === srTerms.group.value) yield node;
}

const seriesOf = (item: DicomItem): string[] =>
  itemsOf(item, 'CurrentRequestedProcedureEvidenceSequence').flatMap((study) =>
    itemsOf(study, 'ReferencedSeriesSequence').map((one) => textOf(one, 'SeriesInstanceUID')),
  );

/**
 * 9.1-interop: markups out of a measurement report (TID 1500) of any program, in space or on images of the series; volumes as findings. Throws
 * Refusal INVALID_OBJECT, GRID_MISMATCH, TOO_LARGE, and as `readDataset`.
 */
export const readSr: ObjectReader = async (bytes, { targets }, tick) => {
  const read = datasetOfClass(bytes, reports);
  if (!read) return null;
  const root = srTree(read.item, tick);
  const groups = [...groupsOf(root)];
  if (groups.length === 0)
    throw new Refusal('INVALID_OBJECT', 'The report holds no measurement group (TID 1500). Export measurements, not a text report.');
  const shapes = groups.flatMap((group) => [...allItems(group)].filter(({ type }) => type === 'SCOORD3D'));
  const frames = [...new Set(shapes.map(({ item }) => textOf(item, 'ReferencedFrameOfReferenceUID')).filter(Boolean))];
  const segmented = groups.map((group) => saidOf(group, srTerms.sourceSeries.value)).filter(Boolean);
  const { target, findings } = placeOnSeries(
    targets,
    { seriesUids: [...segmented, ...seriesOf(read.item)], frameUid: frames[0] ?? null },
    () => shapes.flatMap((node) => ((tuplesOf(node, 3) ?? []) as Triple[]).filter((point) => arePlaces([point]))),
    'The report',
  );
  const tell = (text: string) => void (findings.length < mostFindings && findings.push(text));
  if (frames.length > 1) tell("The report names several frames of reference; shapes in another than the series' are left out.");
  const place = { target, frameUid: frames.length > 1 ? (target.source?.frameOfReferenceUid ?? frames[0] ?? null) : null };
  const markups: ReadMarkup[] = [];
  for (const group of groups) {
    tick();
    const name = nameOf(group);
    const { outlines, lost, nowhere } = shapesOf(group, place);
    // Of several shapes under one UID none is the one that we wrote.
    const trackingUid = outlines.length === 1 ? saidOf(group, srTerms.trackingUid.value).slice(0, 64) || null : null;
    const own = { kind: codeOf(group, srTerms.kind.value, '99LAMINA'), through: saidOf(group, srTerms.through.value) || null };
    for (const outline of outlines) {
      const draft = draftOf({ outline, name, text: saidOf(group, srTerms.comment.value), ...own }, target);
      if (draft) markups.push({ ...draft, trackingUid });
      else tell(`A shape of ${name || 'the report'} is of a kind that is not kept (${outline.shape.toLowerCase()}).`);
    }
    if (nowhere > 0) tell(nowhereWords(nowhere, name || 'the report'));
    if (lost > 0) tell(`${lost} shapes of ${name || 'the report'} were left out: no image of this series, or no shape that is known.`);
    const numbers = outlines.length === 0 ? group.children.filter(({ type }) => type === 'NUM').map(numberWords) : [];
    const about = saidOf(group, srTerms.finding.value);
    if (numbers.length > 0)
      tell(`The report says of ${[name, about].filter(Boolean).join(', ') || 'a finding'}: ${numbers.slice(0, 8).join(', ')}.`);
    if (group.children.some(({ concept }) => concept === '121191'))
      tell(`${name || 'A volume'} refers to a DICOM SEG. Load that file for its voxels.`);
  }
  return { kind: 'DICOM SR', series: target.seriesInstanceUid, segments: [], markups, findings };
};
