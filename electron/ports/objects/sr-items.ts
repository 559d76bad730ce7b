import type { CodedTerm } from '../../../contract/labels.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { DicomItem } from './dicom-dataset.ts';
import type { SpatialOutline } from './markup-outline.ts';
import type { Measured } from './measure-terms.ts';
import { codeItem } from './object-modules.ts';

const dcm = (value: string, meaning: string): CodedTerm => ({ value, scheme: 'DCM', meaning });
const sct = (value: string, meaning: string): CodedTerm => ({ value, scheme: 'SCT', meaning });
const own = (value: string, meaning: string): CodedTerm => ({ value, scheme: '99LAMINA', meaning });

/** PS3.16 TID 1500 and what it includes, as pydicom's dictionaries have them; ours are in a scheme of our own. */
export const srTerms = {
  report: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  observerType: dcm('121005', 'Observer Type'),
  device: dcm('121007', 'Device'),
  deviceUid: dcm('121012', 'Device Observer UID'),
  deviceName: dcm('121013', 'Device Observer Name'),
  deviceManufacturer: dcm('121014', 'Device Observer Manufacturer'),
  deviceModel: dcm('121015', 'Device Observer Model Name'),
  procedure: dcm('121058', 'Procedure reported'),
  library: dcm('111028', 'Image Library'),
  libraryGroup: dcm('126200', 'Image Library Group'),
  modality: dcm('121139', 'Modality'),
  frame: dcm('112227', 'Frame of Reference UID'),
  measurements: dcm('126010', 'Imaging Measurements'),
  group: dcm('125007', 'Measurement Group'),
  trackingId: dcm('112039', 'Tracking Identifier'),
  trackingUid: dcm('112040', 'Tracking Unique Identifier'),
  category: sct('276214006', 'Finding category'),
  finding: dcm('121071', 'Finding'),
  site: sct('363698007', 'Finding Site'),
  laterality: sct('272741003', 'Laterality'),
  topography: sct('106233006', 'Topographical modifier'),
  algorithm: dcm('111001', 'Algorithm Name'),
  algorithmVersion: dcm('111003', 'Algorithm Version'),
  derivation: dcm('121401', 'Derivation'),
  region: dcm('111030', 'Image Region'),
  surface: dcm('121231', 'Volume Surface'),
  sourceSeries: dcm('121232', 'Source series for segmentation'),
  source: sct('260753009', 'Source'),
  comment: dcm('121106', 'Comment'),
  kind: own('markup-kind', 'Markup kind'),
  through: own('markup-points', 'Points it was given by, LPS mm'),
} as const satisfies Record<string, CodedTerm>;

type Relation = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS ACQ CONTEXT' | 'INFERRED FROM';

/** Content items (PS3.3 C.17.3). */
const item = (relation: Relation, type: string, name: CodedTerm | null, value: DicomItem, children: DicomItem[] = []): DicomItem => ({
  RelationshipType: relation,
  ValueType: type,
  ConceptNameCodeSequence: name ? [codeItem(name)] : undefined,
  ...value,
  ContentSequence: children.length > 0 ? children : undefined,
});
export const code = (relation: Relation, name: CodedTerm, value: CodedTerm, children: DicomItem[] = []): DicomItem =>
  item(relation, 'CODE', name, { ConceptCodeSequence: [codeItem(value)] }, children);
export const text = (relation: Relation, name: CodedTerm, value: string): DicomItem => item(relation, 'TEXT', name, { TextValue: value });
export const uidRef = (relation: Relation, name: CodedTerm, uid: string): DicomItem => item(relation, 'UIDREF', name, { UID: uid });
export const container = (relation: Relation, name: CodedTerm, template: string | null, children: DicomItem[]): DicomItem =>
  item(
    relation,
    'CONTAINER',
    name,
    {
      ContinuityOfContent: 'SEPARATE',
      ContentTemplateSequence: template ? [{ MappingResource: 'DCMR', TemplateIdentifier: template }] : undefined,
    },
    children,
  );
export const image = (sopClassUid: string, sopInstanceUid: string, frames: number[]): DicomItem =>
  item('CONTAINS', 'IMAGE', null, {
    ReferencedSOPSequence: [
      {
        ReferencedSOPClassUID: sopClassUid,
        ReferencedSOPInstanceUID: sopInstanceUid,
        ReferencedFrameNumber: frames.length > 0 ? frames.map(String) : undefined,
      },
    ],
  });

/** A number with its unit (TID 300); @param from what it was measured of */
export const number = ({ term, derivation, value, unit }: Measured, from: DicomItem[] = []): DicomItem =>
  item(
    'CONTAINS',
    'NUM',
    term,
    { MeasuredValueSequence: [{ MeasurementUnitsCodeSequence: [codeItem(unit)], NumericValue: value, FloatingPointValue: [value] }] },
    [...(derivation ? [code('HAS CONCEPT MOD', srTerms.derivation, derivation)] : []), ...from],
  );

/** A shape in space, LPS mm; polygons are closed by their first point (C.18.9.1.2). */
export function outline(relation: Relation, name: CodedTerm, frameUid: string, { shape, pointsLps }: SpatialOutline): DicomItem {
  const points = shape === 'POLYGON' ? [...pointsLps, pointsLps[0] as Triple] : pointsLps;
  return item(relation, 'SCOORD3D', name, { GraphicData: points.flat(), GraphicType: shape, ReferencedFrameOfReferenceUID: frameUid });
}
