import { closedKinds, type Markup } from '../../../contract/markups.ts';
import { lpsToIndex, type Triple } from '../../../kernels/volume/geometry.ts';
import { coded, element, identified, valued, type XmlElement } from './aim-xml.ts';
import { givenWords, type SpatialShape, spatialOutline } from './markup-outline.ts';
import type { Measured } from './measure-terms.ts';
import type { ObjectInput } from './object-input.ts';
import { canCite, frameUidOf, objectUid, studyUidOf } from './object-modules.ts';

const double = { value: 'C48870', scheme: 'NCI', meaning: 'Double' };
const calculation = { value: 'RID12780', scheme: 'RadLex', meaning: 'Calculation' };

const names: Record<SpatialShape, string> = {
  POINT: 'Point',
  MULTIPOINT: 'MultiPoint',
  POLYLINE: 'Polyline',
  POLYGON: 'Polygon',
  ELLIPSE: 'Ellipse',
  ELLIPSOID: 'Ellipsoid',
};

/** One number of an annotation (CalculationEntity). @param words of the annotation, for its UID */
export function calculationEntity(input: ObjectInput, words: string, { term, derivation, value, unit }: Measured): XmlElement {
  const name = derivation ? `${derivation.meaning} of ${term.meaning}` : term.meaning;
  return element(
    'CalculationEntity',
    {},
    identified('uniqueIdentifier', objectUid(input, `${words} ${name} ${unit.value}`)),
    coded('typeCode', term),
    derivation ? coded('typeCode', derivation) : null,
    valued('description', name),
    element(
      'calculationResultCollection',
      {},
      element(
        'CalculationResult',
        { 'xsi:type': 'CompactCalculationResult', type: 'Scalar' },
        valued('unitOfMeasure', unit.value),
        coded('dataType', double),
        element('dimensionCollection', {}, element('Dimension', {}, valued('index', 0), valued('size', 1), valued('label', name))),
        valued('value', value),
      ),
    ),
    element('algorithm', {}, valued('name', 'Lamina'), coded('type', calculation), valued('version', input.version)),
  );
}

function coordinates(prefix: 'Two' | 'Three', points: number[][]): XmlElement {
  const axes = prefix === 'Two' ? ['x', 'y'] : ['x', 'y', 'z'];
  return element(
    `${prefix === 'Two' ? 'two' : 'three'}DimensionSpatialCoordinateCollection`,
    {},
    points.map((point, n) =>
      element(
        `${prefix}DimensionSpatialCoordinate`,
        {},
        valued('coordinateIndex', n),
        axes.map((axis, at) => valued(axis, point[at] as number)),
      ),
    ),
  );
}

/** The slice of the source that all points lie on; null: none. */
export function sliceOf(input: ObjectInput, pointsLps: readonly Triple[]): number | null {
  if (!input.onSourceGrid || !canCite(input)) return null;
  const depths = pointsLps.map(([x, y, z]) => lpsToIndex(input.series, x, y, z)[2]);
  const k = Math.round(depths[0] as number);
  return depths.every((depth) => Math.abs(depth - k) < 1e-3) && input.source?.instances[k] ? k : null;
}

/**
 * The shape of a markup: in space (mm, with its frame of reference), and where it lies on a slice of the source once more in pixels of that
 * image, for programs that know no space. Pixels as in DICOM SR: the middle of the first is 0.5, 0.5 (PS3.3 C.18.6).
 */
function shapes(input: ObjectInput, markup: Markup, number: number): XmlElement[] {
  const { shape, pointsLps } = spatialOutline(markup);
  const { kind, through } = givenWords(markup);
  const words = `markup ${markup.id}`;
  const head = (which: string) => [
    identified('uniqueIdentifier', objectUid(input, `${words} ${which}`)),
    valued('shapeIdentifier', number),
    valued('label', markup.name),
    valued('description', `lamina ${kind}${through ? ` through ${through}` : ''}`),
    valued('includeFlag', true),
  ];
  const inSpace = element(
    'MarkupEntity',
    { 'xsi:type': `ThreeDimension${names[shape]}` },
    head('in space'),
    identified('frameOfReferenceUid', frameUidOf(input)),
    coordinates('Three', pointsLps),
  );
  const k = sliceOf(input, pointsLps);
  const image = k === null ? undefined : input.source?.instances[k];
  if (!image) return [inSpace];
  const pixels = pointsLps.map(([x, y, z]) =>
    lpsToIndex(input.series, x, y, z)
      .slice(0, 2)
      .map((v) => v + 0.5),
  );
  const closed = shape === 'POLYGON' && pixels[0] ? [...pixels, pixels[0]] : pixels;
  const onImage = element(
    'MarkupEntity',
    // There is no polygon in the plane: a polyline that comes back to its first point is one.
    { 'xsi:type': `TwoDimension${shape === 'POLYGON' ? 'Polyline' : names[shape]}` },
    head('on the image'),
    identified('imageReferenceUid', image.sopInstanceUid),
    valued('referencedFrameNumber', image.frame ?? 1),
    coordinates('Two', closed),
  );
  return [inSpace, onImage];
}

/** The shapes of a markup, and what is written at it (TextAnnotationEntity) where it is a text. */
export function markupEntities(input: ObjectInput, markup: Markup, number: number): XmlElement[] {
  const drawn = shapes(input, markup, number);
  if (!markup.kind.startsWith('text') || !drawn[0]) return drawn;
  const place = { ...drawn[0], name: 'geometricShapeEntity' };
  const uid = identified('uniqueIdentifier', objectUid(input, `markup ${markup.id} text`));
  return [element('MarkupEntity', { 'xsi:type': 'TextAnnotationEntity' }, uid, valued('text', markup.text), place), ...drawn.slice(1)];
}

/** @param slices first and last k of what the annotation is about */
export function imageReference(input: ObjectInput, words: string, [from, to]: [number, number]): XmlElement | null {
  const { source, series } = input;
  if (!source || !canCite(input)) return null;
  const said = source.attributes;
  const cited = new Map(source.instances.slice(from, to + 1).map((one) => [one.sopInstanceUid, one.sopClassUid]));
  const date = said.StudyDate ?? '';
  return element(
    'ImageReferenceEntity',
    { 'xsi:type': 'DicomImageReferenceEntity' },
    identified('uniqueIdentifier', objectUid(input, `${words} images`)),
    element(
      'imageStudy',
      {},
      identified('instanceUid', studyUidOf(input)),
      valued('startDate', date),
      valued('startTime', said.StudyTime ?? ''),
      said.StudyDescription ? valued('procedureDescription', said.StudyDescription) : null,
      element(
        'imageSeries',
        {},
        identified('instanceUid', source.seriesInstanceUid),
        coded('modality', { value: series.modality, scheme: 'DCM', meaning: series.modality }),
        element(
          'imageCollection',
          {},
          [...cited].map(([uid, sopClass]) => element('Image', {}, identified('sopClassUid', sopClass), identified('sopInstanceUid', uid))),
        ),
      ),
    ),
  );
}

export const enclosesArea = ({ kind }: Markup): boolean => closedKinds.includes(kind);
