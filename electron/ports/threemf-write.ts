import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { Mesh, Tick } from '../../kernels/mesh/mesh.ts';
import { type ModelFact, modelPieces } from '../../kernels/mesh/threemf-model.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const types = `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
  <Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
`;
const relationships = `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
`;
/** The earliest that an archive can name, so that the same model gives the same bytes. */
const mtime = new Date(1980, 0, 1);

/**
 * A mesh (LPS mm, stored as float32) as a 3MF package in pieces: content types, relationships, one model part. Throws RangeError as
 * `modelPieces` does. Cost: the text of the model packed piece by piece; a few megabytes in memory.
 */
export function* threeMfPieces(mesh: Mesh, facts: ModelFact[], name: string, solid: boolean, tick?: Tick): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const part = (path: string) => {
    const entry = new ZipDeflate(path, { level: 4 });
    entry.mtime = mtime;
    zip.add(entry);
    return entry;
  };
  part('[Content_Types].xml').push(strToU8(types), true);
  part('_rels/.rels').push(strToU8(relationships), true);
  const model = part('3D/3dmodel.model');
  for (const piece of modelPieces(mesh, facts, name, solid, tick)) {
    model.push(piece, false);
    yield* ready.splice(0);
  }
  model.push(new Uint8Array(0), true);
  zip.end();
  yield* ready.splice(0);
}
