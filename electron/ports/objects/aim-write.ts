import type { CodedTerm } from '../../../contract/labels.ts';
import { lpsToIndex } from '../../../kernels/volume/geometry.ts';
import { calculationEntity, enclosesArea, imageReference, markupEntities } from './aim-entities.ts';
import { aimNamespace, coded, element, identified, valued, type XmlElement, xmlBytes } from './aim-xml.ts';
import { spatialOutline } from './markup-outline.ts';
import { type Measured, measuredOf, volumesOf } from './measure-terms.ts';
import type { ObjectInput, ObjectSegment, ObjectWriter } from './object-input.ts';
import { dateAndTime, objectUid } from './object-modules.ts';

const annotation: CodedTerm = { value: '125007', scheme: 'DCM', meaning: 'Measurement Group' };

/** A collection, which the schema has only where something is in it. */
const collection = (name: string, children: (XmlElement | null)[]): XmlElement | null => {
  const there = children.filter((child) => child !== null);
  return there.length > 0 ? element(name, {}, there) : null;
};

const when = (input: ObjectInput): string => {
  const { date, time } = dateAndTime(input.writtenAt);
  return `${date}${time}`;
};

interface Annotated {
  words: string;
  type: CodedTerm;
  name: string;
  comment: string;
  structures: XmlElement[];
  measured: Measured[];
  markups: XmlElement[];
  slices: [number, number];
}

/** ImageAnnotation, its children in the order of AIM_v4_rv44_XML.xsd. */
function imageAnnotation(input: ObjectInput, one: Annotated): XmlElement {
  return element(
    'ImageAnnotation',
    {},
    identified('uniqueIdentifier', objectUid(input, one.words)),
    coded('typeCode', one.type),
    valued('dateTime', when(input)),
    valued('name', one.name),
    one.comment ? valued('comment', one.comment) : null,
    collection('imagingPhysicalEntityCollection', one.structures),
    collection(
      'calculationEntityCollection',
      one.measured.map((measured) => calculationEntity(input, one.words, measured)),
    ),
    collection('markupEntityCollection', one.markups),
    collection('imageReferenceEntityCollection', [imageReference(input, one.words, one.slices)]),
  );
}

function physicalEntity(input: ObjectInput, { name, label }: ObjectSegment, words: string): XmlElement {
  const side = label.modifier
    ? element('ImagingPhysicalEntityCharacteristic', {}, coded('typeCode', label.modifier), valued('label', label.modifier.meaning))
    : null;
  return element(
    'ImagingPhysicalEntity',
    {},
    identified('uniqueIdentifier', objectUid(input, `${words} structure`)),
    coded('typeCode', label.type),
    valued('isPresent', true),
    valued('label', name),
    collection('imagingPhysicalEntityCharacteristicCollection', [side]),
  );
}

function ofSegment(input: ObjectInput, segment: ObjectSegment): Annotated {
  const words = `segment ${segment.trackingId}`;
  return {
    words,
    type: segment.label.type,
    name: segment.name,
    comment: [segment.algorithmName, segment.networkWording].filter(Boolean).join('. '),
    structures: [physicalEntity(input, segment, words)],
    measured: volumesOf(segment.volumeMm3),
    markups: [],
    slices: [0, input.series.dimensions[2] - 1],
  };
}

function ofMarkup(input: ObjectInput, markup: ObjectInput['markups'][number], number: number): Annotated {
  const depths = spatialOutline(markup).pointsLps.map(([x, y, z]) => lpsToIndex(input.series, x, y, z)[2]);
  const within = (k: number) => Math.min(Math.max(k, 0), (input.source?.instances.length ?? 1) - 1);
  return {
    words: `markup ${markup.id}`,
    type: annotation,
    name: markup.name,
    comment: markup.text,
    structures: [],
    measured: measuredOf(markup.measures, enclosesArea(markup)),
    markups: markupEntities(input, markup, number),
    slices: input.onSourceGrid
      ? [within(Math.round(Math.min(...depths))), within(Math.round(Math.max(...depths)))]
      : [0, (input.source?.instances.length ?? 1) - 1],
  };
}

function person({ source, series }: ObjectInput): XmlElement {
  const said: Record<string, string | undefined> = { ...source?.attributes };
  return element(
    'person',
    {},
    valued('name', said.PatientName ?? series.patientName),
    valued('id', said.PatientID ?? ''),
    said.PatientBirthDate ? valued('birthDate', said.PatientBirthDate) : null,
    said.PatientSex ? valued('sex', said.PatientSex) : null,
  );
}

/**
 * P-export: volumes and markups as AIM 4 XML (ImageAnnotationCollection), one annotation for each segment and each markup. Markups in mm with
 * their frame of reference, and once more on their image where they lie on one. The masks are not in it.
 */
export const writeAim: ObjectWriter = async (input, tick) => {
  const { segments, markups, version } = input;
  const annotations = [
    ...segments.map((segment) => ofSegment(input, segment)),
    ...markups.map((markup, n) => ofMarkup(input, markup, n + 1)),
  ];
  tick();
  const root = element(
    'ImageAnnotationCollection',
    {
      xmlns: aimNamespace,
      'xmlns:iso': 'uri:iso.org:21090',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${aimNamespace} AIM_v4_rv44_XML.xsd`,
      aimVersion: 'AIMv4_0',
    },
    identified('uniqueIdentifier', objectUid(input, 'instance')),
    valued('description', `${segments.map(({ name }) => name).join(', ')}. Not a medical device.`),
    valued('dateTime', when(input)),
    element('user', {}, valued('name', 'Lamina'), valued('loginName', 'lamina')),
    element(
      'equipment',
      {},
      valued('manufacturerName', 'Lamina'),
      valued('manufacturerModelName', 'Lamina'),
      valued('softwareVersion', version),
    ),
    person(input),
    element(
      'imageAnnotations',
      {},
      annotations.map((one) => imageAnnotation(input, one)),
    ),
  );
  const findings = ['AIM holds volumes and markups, not the voxels of a segment. Export DICOM SEG for those.'];
  if (!input.source) findings.push('The scan was not DICOM, so the annotations name no images.');
  return { bytes: xmlBytes(root), findings };
};
