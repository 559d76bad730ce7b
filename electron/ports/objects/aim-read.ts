import { Refusal } from '../../../contract/errors.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { type AimNode, aimTree, allOf, childOf, said } from './aim-tree.ts';
import { imageOutline } from './image-outline.ts';
import { arePlaces, draftOf, type ForeignMarkup, nowhereWords, type SpatialShape } from './markup-outline.ts';
import { inWords } from './measure-terms.ts';
import type { ObjectReader, ObjectTarget, ReadMarkup } from './object-input.ts';
import { placeOnSeries } from './place-on-series.ts';

const shapesByName: Record<string, SpatialShape> = {
  Point: 'POINT',
  MultiPoint: 'MULTIPOINT',
  Polyline: 'POLYLINE',
  Polygon: 'POLYGON',
  Ellipse: 'ELLIPSE',
  Ellipsoid: 'ELLIPSOID',
};
const mostPoints = 4097;
const mostFindings = 50;

/** Whether it can be an AIM 4 file: XML whose beginning names the root. */
function looksLikeAim(bytes: Uint8Array): boolean {
  const begin = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 8192)).toString('latin1');
  return /^(\u00ef\u00bb\u00bf)?\s*</.test(begin) && /<(\w+:)?ImageAnnotationCollection[\s>]/.test(begin);
}

function numbersOf(node: AimNode, axes: string[]): number[] | null {
  const numbers = axes.map((axis) => {
    const text = said(node, axis);
    return text.trim() === '' ? Number.NaN : Number(text);
  });
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** Coordinates in the order of their index. */
function coordinatesOf(entity: AimNode, prefix: 'two' | 'three'): number[][] | null {
  const big = prefix === 'two' ? 'Two' : 'Three';
  const nodes = allOf(entity, `${prefix}DimensionSpatialCoordinateCollection`, `${big}DimensionSpatialCoordinate`);
  if (nodes.length === 0 || nodes.length > mostPoints) return null;
  const numbered = nodes.map((node) => ({
    index: Number(said(node, 'coordinateIndex')),
    at: numbersOf(node, prefix === 'two' ? ['x', 'y'] : ['x', 'y', 'z']),
  }));
  if (numbered.some(({ index, at }) => at === null || !Number.isInteger(index))) return null;
  return numbered.sort((a, b) => a.index - b.index).map(({ at }) => at as number[]);
}

type Drawn = Omit<ForeignMarkup, 'name' | 'text'> & { label: string; inSpace: boolean };

/** A markup entity as it is drawn on the target; null where it cannot be placed. @param frameUid the only one that counts; null: any */
function drawnOf(entity: AimNode, target: ObjectTarget, frameUid: string | null): Drawn | null {
  const found = /^(Two|Three)Dimension(\w+)$/.exec((entity.attributes.get('type') ?? '').replace(/^.*:/, ''));
  const name = found?.[2] === 'Circle' ? 'Circle' : (found?.[2] ?? '');
  const shape = shapesByName[name];
  if (!found || (!shape && name !== 'Circle')) return null;
  const words = /^lamina ([a-z-]+)(?: through (.*))?$/.exec(said(entity, 'description'));
  const own = { kind: words?.[1] ?? null, through: words?.[2] ?? null, label: said(entity, 'label') };
  if (found[1] === 'Three') {
    if (frameUid !== null && said(entity, 'frameOfReferenceUid', 'root') !== frameUid) return null;
    const points = coordinatesOf(entity, 'three') as Triple[] | null;
    return points && shape ? { ...own, inSpace: true, outline: { shape, pointsLps: points } } : null;
  }
  const pixels = coordinatesOf(entity, 'two');
  const image = { uid: said(entity, 'imageReferenceUid', 'root'), frame: Number(said(entity, 'referencedFrameNumber') || 1) };
  const flat = shape === 'POLYGON' || shape === 'ELLIPSOID' ? null : (shape ?? 'CIRCLE');
  const outline = pixels && flat && imageOutline(target, image, flat, pixels);
  return outline ? { ...own, inSpace: false, outline } : null;
}

/** The shapes of an annotation: those in space where there are some, for those on images then show them once more. */
function shapesOf(
  annotation: AimNode,
  target: ObjectTarget,
  frameUid: string | null,
): { drawn: Drawn[]; texts: string[]; lost: number; nowhere: number } {
  const entities = allOf(annotation, 'markupEntityCollection', 'MarkupEntity');
  const texts = entities.filter((entity) => /TextAnnotationEntity$/.test(entity.attributes.get('type') ?? ''));
  const shapes = entities.flatMap((entity) => (texts.includes(entity) ? allOf(entity, 'geometricShapeEntity') : [entity]));
  const drawn = shapes.map((entity) => drawnOf(entity, target, frameUid));
  const known = drawn.filter((one) => one !== null);
  const there = known.filter(({ outline }) => arePlaces(outline.pointsLps));
  const unread = shapes.filter((entity) => coordinatesOf(entity, 'three') === null && coordinatesOf(entity, 'two') === null);
  const nowhere = known.length - there.length + unread.length;
  const inSpace = there.filter((one) => one.inSpace);
  return {
    drawn: inSpace.length > 0 ? inSpace : there,
    texts: texts.map((entity) => said(entity, 'text')),
    lost: inSpace.length > 0 ? 0 : drawn.length - there.length - nowhere,
    nowhere,
  };
}

const numberSaid = (text: string): string => {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? text.slice(0, 32) : inWords(number);
};

/** The numbers of an annotation, in words. */
function numbersSaid(annotation: AimNode): string[] {
  return allOf(annotation, 'calculationEntityCollection', 'CalculationEntity').flatMap((entity) =>
    allOf(entity, 'calculationResultCollection', 'CalculationResult').map((result) => {
      const what = said(entity, 'description') || said(childOf(entity, 'typeCode'), 'displayName');
      return `${what.slice(0, 64)} ${numberSaid(said(result, 'value'))} ${said(result, 'unitOfMeasure').slice(0, 16)}`;
    }),
  );
}

/**
 * 9.1-interop: markups out of AIM 4 XML of any program, in space or on images of the series; volumes as findings. Throws Refusal
 * INVALID_OBJECT, CORRUPT_FILE, TOO_LARGE, GRID_MISMATCH.
 */
export const readAim: ObjectReader = async (bytes, { targets }, tick) => {
  if (!looksLikeAim(bytes)) return null;
  const root = aimTree(bytes, tick);
  if (root.name !== 'ImageAnnotationCollection') return null;
  const annotations = allOf(root, 'imageAnnotations', 'ImageAnnotation');
  if (annotations.length === 0) throw new Refusal('INVALID_OBJECT', 'The AIM file holds no annotation. Export it again.');
  const entities = annotations.flatMap((one) => allOf(one, 'markupEntityCollection', 'MarkupEntity'));
  const inSpace = [...entities, ...entities.flatMap((one) => allOf(one, 'geometricShapeEntity'))];
  const series = annotations.flatMap((one) =>
    allOf(one, 'imageReferenceEntityCollection', 'ImageReferenceEntity', 'imageStudy', 'imageSeries'),
  );
  const frames = inSpace.map((one) => said(one, 'frameOfReferenceUid', 'root')).filter(Boolean);
  const { target, findings } = placeOnSeries(
    targets,
    { seriesUids: series.map((one) => said(one, 'instanceUid', 'root')), frameUid: frames[0] ?? null },
    () => inSpace.flatMap((one) => ((coordinatesOf(one, 'three') ?? []) as Triple[]).filter((point) => arePlaces([point]))),
    'The AIM file',
  );
  const markups: ReadMarkup[] = [];
  const tell = (text: string) => void (findings.length < mostFindings && findings.push(text));
  const several = new Set(frames).size > 1;
  const frameUid = several ? (target.source?.frameOfReferenceUid ?? frames[0] ?? null) : null;
  if (several) tell("The AIM file names several frames of reference; shapes in another than the series' are left out.");
  for (const annotation of annotations) {
    tick();
    const name = said(annotation, 'name');
    const { drawn, texts, lost, nowhere } = shapesOf(annotation, target, frameUid);
    const comment = texts[0] ?? said(annotation, 'comment');
    for (const one of drawn) {
      const draft = draftOf({ ...one, name: name || one.label, text: comment }, target);
      if (draft) markups.push({ ...draft, trackingUid: null });
      else tell(`A shape of ${name || 'an annotation'} is of a kind that is not kept (${one.outline.shape.toLowerCase()}).`);
    }
    if (nowhere > 0) tell(nowhereWords(nowhere, name || 'an annotation'));
    if (lost > 0) tell(`${lost} shapes of ${name || 'an annotation'} were left out: no image of this series, or no shape that is known.`);
    const numbers = drawn.length === 0 ? numbersSaid(annotation) : [];
    if (numbers.length > 0) tell(`The file says of ${name || 'an annotation'}: ${numbers.slice(0, 8).join(', ')}.`);
    if (allOf(annotation, 'segmentationEntityCollection', 'SegmentationEntity').length > 0)
      tell(`${name || 'An annotation'} refers to a DICOM SEG. Load that file for its voxels.`);
  }
  return { kind: 'AIM 4', series: target.seriesInstanceUid, segments: [], markups, findings };
};
