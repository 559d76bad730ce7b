import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Coded, Refusal } from '../../contract/errors.ts';
import type { Mesh, Tick } from '../../kernels/mesh/mesh.ts';
import { modelPartOf, ThreeMfFault, threeMfModel } from './threemf-parts.ts';
import { placedMesh } from './threemf-place.ts';
import { type Unpacked, unpackZip } from './zip.ts';

/** A package's relationships are some hundred bytes. */
const longestRelationships = 2 ** 20;

const partNamed = (parts: Unpacked[], name: string): Unpacked => {
  const found = parts.find((part) => part.name.replace(/\\/g, '/').replace(/^\/+/, '').toLowerCase() === name);
  if (!found) throw new ThreeMfFault('damaged', `it has no part ${name.slice(0, 80)}`);
  return found;
};

async function readModel(parts: Unpacked[], tick: Tick): Promise<Mesh & { positions: Float32Array }> {
  const relationships = partNamed(parts, '_rels/.rels').path;
  if ((await stat(relationships)).size > longestRelationships) throw new ThreeMfFault('damaged', 'its relationships have no end');
  const model = partNamed(parts, modelPartOf(await readFile(relationships))).path;
  const { size } = await stat(model);
  const reader = threeMfModel();
  let read = 0;
  for await (const piece of createReadStream(model, { highWaterMark: 2 ** 18 })) {
    tick(read / size);
    read += (piece as Uint8Array).length;
    reader.piece(piece as Uint8Array);
  }
  return placedMesh(reader.end());
}

function reasonOf(error: unknown): Coded {
  if (error instanceof ThreeMfFault && error.kind === 'unsupported')
    return {
      code: 'UNSUPPORTED_CONTAINER',
      message: `This 3MF cannot be read: ${error.message}. Export it again without them, or as STL.`,
    };
  if (error instanceof ThreeMfFault)
    return { code: 'CORRUPT_FILE', message: `The 3MF file is damaged: ${error.message}. Export it again, or as STL.` };
  if (error instanceof Refusal && error.code === 'UNSUPPORTED_CONTAINER')
    return { code: error.code, message: 'The 3MF is packed in a way that is not opened. Export it again, or as STL.' };
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  throw error;
}

/**
 * What a 3MF (core 1.3) builds as one mesh in mm. Its parts are unpacked below the temporary folder under names of our own, bounded as any
 * archive, and taken away again. Returns why it cannot be read instead of throwing. Cost: its XML once through a reader, 50 bytes a
 * triangle.
 */
export async function readThreeMf(file: string, tick: Tick): Promise<(Mesh & { positions: Float32Array }) | { reason: Coded }> {
  const into = await mkdtemp(path.join(process.env.LAMINA_TEMP ?? tmpdir(), `lamina-${process.pid}-`));
  try {
    const parts = await unpackZip(file, into, () => tick(0.1));
    return await readModel(parts, (part) => tick(0.2 + part * 0.8));
  } catch (error) {
    return { reason: reasonOf(error) };
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}
