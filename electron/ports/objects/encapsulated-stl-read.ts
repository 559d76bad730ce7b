import { Refusal } from '../../../contract/errors.ts';
import { countBits } from '../../../kernels/labels/bits.ts';
import { checkMesh } from '../../../kernels/mesh/check.ts';
import type { Mesh } from '../../../kernels/mesh/mesh.ts';
import { solidMask } from '../../../kernels/mesh/solid-mask.ts';
import { readStl } from '../../../kernels/mesh/stl.ts';
import { weld } from '../../../kernels/mesh/weld.ts';
import { lpsToIndex, type Triple, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { bytesOf, itemsOf, numberOf, textOf } from './dicom-dataset-read.ts';
import { datasetOfClass } from './dicom-object.ts';
import { encapsulatedStl } from './encapsulated-stl-write.ts';
import { networkWordingIn } from './network-wording.ts';
import type { ObjectReader, ObjectTarget } from './object-input.ts';
import { placeOnSeries } from './place-on-series.ts';

/** UCUM codes of PS3.16 CID 7063. */
const millimetres: Record<string, number> = { mm: 1, cm: 10, m: 1000, um: 0.001 };
/** Beyond this a voxel's step cannot be told from its neighbour's (solid-mask.ts). */
const farthestVoxels = 2 ** 19;

function documentOf(item: DicomItem): { stl: Uint8Array; unitMm: number } {
  const mime = textOf(item, 'MIMETypeOfEncapsulatedDocument').toLowerCase();
  if (!['model/stl', 'model/x.stl-binary', 'application/sla', ''].includes(mime))
    throw new Refusal('INVALID_OBJECT', 'The object says that it holds something else than an STL. Export the model as STL again.');
  const held = bytesOf(item, 'EncapsulatedDocument');
  if (!held) throw new Refusal('INVALID_OBJECT', 'The object holds no STL. Export the model again.');
  const stated = numberOf(item, 'EncapsulatedDocumentLength');
  if (stated !== null && (stated > held.length || stated < 0))
    throw new Refusal('TRUNCATED_FILE', 'The object holds fewer bytes of the STL than it states. Copy it again.');
  const unit = textOf(itemsOf(item, 'MeasurementUnitsCodeSequence')[0], 'CodeValue');
  const unitMm = Object.hasOwn(millimetres, unit) ? (millimetres[unit] as number) : null;
  if (unitMm === null) throw new Refusal('INVALID_OBJECT', 'The object does not say in which unit its model is. Export it in millimetres.');
  return { stl: unpadded(held, stated), unitMm };
}

/** Values are of even length: a byte may follow the last triangle, and its length is stated only since 2019. */
function unpadded(held: Uint8Array, stated: number | null): Uint8Array {
  if (stated !== null) return held.subarray(0, stated);
  if (held.length < 84) return held;
  const asked = 84 + 50 * new DataView(held.buffer, held.byteOffset).getUint32(80, true);
  return asked === held.length - 1 ? held.subarray(0, asked) : held;
}

/** The model in mm. Throws Refusal CORRUPT_FILE, TRUNCATED_FILE and what keeps it from having an inside. */
function solidOf({ stl, unitMm }: { stl: Uint8Array; unitMm: number }, tick: () => void): Mesh {
  const read = readStl(stl, tick);
  if ('error' in read)
    throw new Refusal(
      read.error === 'truncated' || read.error === 'empty' ? 'TRUNCATED_FILE' : 'CORRUPT_FILE',
      'The STL in the object is damaged or cut short. Export it again.',
    );
  const mesh = weld(read.soup, tick);
  for (let n = 0; n < mesh.positions.length; n++) mesh.positions[n]! *= unitMm;
  const { invalidVertices, openEdges, misorientedEdges, triangles } = checkMesh(mesh, tick);
  if (invalidVertices > 0) throw new Refusal('MESH_INVALID_VERTEX', 'The model has corners that are no place. Repair and export it again.');
  if (triangles === 0 || openEdges > 0)
    throw new Refusal(
      'MESH_NOT_WATERTIGHT',
      `The model has ${openEdges} open edges, so that nothing is inside of it. Close its holes and export it again.`,
    );
  if (misorientedEdges > 0)
    throw new Refusal(
      'MESH_ORIENTATION',
      'The triangles of the model do not face one way, so that its inside cannot be told. Repair and export it again.',
    );
  return mesh;
}

function* cornersOf({ positions: p }: Mesh): Generator<Triple> {
  for (let at = 0; at < p.length; at += 3) yield [p[at] as number, p[at + 1] as number, p[at + 2] as number];
}

function refuseFar(mesh: Mesh, target: ObjectTarget): void {
  for (const [x, y, z] of cornersOf(mesh))
    if (lpsToIndex(target, x, y, z).some((v) => !(Math.abs(v) < farthestVoxels)))
      throw new Refusal('GRID_MISMATCH', 'The model reaches kilometres beyond the series. Check its unit and its frame of reference.');
}

/**
 * 9.1-interop: the STL of an Encapsulated STL object as a segment: the voxels whose centres lie inside of its closed surface. Throws Refusal
 * INVALID_OBJECT, TRUNCATED_FILE, CORRUPT_FILE, MESH_NOT_WATERTIGHT, MESH_ORIENTATION, MESH_INVALID_VERTEX, GRID_MISMATCH.
 */
export const readEncapsulatedStl: ObjectReader = async (bytes, { name, targets }, tick) => {
  const read = datasetOfClass(bytes, [encapsulatedStl]);
  if (!read) return null;
  const { item } = read;
  const mesh = solidOf(documentOf(item), tick);
  const said = {
    seriesUids: itemsOf(item, 'ReferencedSeriesSequence').map((one) => textOf(one, 'SeriesInstanceUID')),
    frameUid: textOf(item, 'FrameOfReferenceUID') || null,
  };
  const { target, findings } = placeOnSeries(targets, said, () => cornersOf(mesh), 'The model');
  refuseFar(mesh, target);
  tick();
  const bits = solidMask(mesh, target, tick);
  const voxels = countBits(bits);
  if (voxels === 0)
    throw new Refusal('GRID_MISMATCH', 'No voxel of the series lies inside of the model. Check its unit and its frame of reference.');
  const volumeMm3 = checkMesh(mesh).volumeMm3;
  const held = voxels * voxelVolumeMm3(target);
  if (Math.abs(held - Math.abs(volumeMm3)) > 0.1 * Math.abs(volumeMm3))
    findings.push(
      `The model holds ${(Math.abs(volumeMm3) / 1000).toFixed(2)} ml and its voxels ${(held / 1000).toFixed(2)} ml: it has walls thinner than a voxel, or parts outside of the series.`,
    );
  const titled = textOf(item, 'DocumentTitle');
  const wording = networkWordingIn(titled);
  const title =
    (wording ? titled.replace(` (${wording})`, '') : titled) || textOf(item, 'ContentDescription') || name.replace(/\.dcm$/i, '');
  // Never that of a segment: a model comes as a segment of its own, unless a person says which one it replaces.
  const trackingUid = textOf(item, 'ModelGroupUID') || textOf(item, 'SOPInstanceUID') || null;
  const segment = { bits, name: title.slice(0, 64) || 'Model', number: 1, label: null, type: null, trackingUid, networkWording: wording };
  return { kind: 'Encapsulated STL', series: target.seriesInstanceUid, segments: [segment], markups: [], findings };
};
