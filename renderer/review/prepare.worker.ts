import { readStl, type StlError } from '../../kernels/mesh/stl.ts';
import { weld } from '../../kernels/mesh/weld.ts';
import { type PreparedMesh, prepareMesh } from './prepare.ts';

export type PrepareAnswer = { prepared: PreparedMesh } | { failed: string };

const failures: Record<StlError['error'], string> = {
  empty: 'The mesh file is empty.',
  truncated: 'The mesh file ends before its last triangle.',
  'not-stl': 'The mesh file is not an STL.',
  'length-mismatch': 'The mesh file has bytes after its last triangle.',
  'bad-facet': 'The mesh file has a facet without exactly three vertices.',
  'bad-number': 'The mesh file has a coordinate that is no number.',
};

function answer(bytes: Uint8Array): PrepareAnswer {
  const read = readStl(bytes);
  if ('error' in read) return { failed: failures[read.error] };
  if (!read.soup.every(Number.isFinite)) return { failed: failures['bad-number'] };
  return { prepared: prepareMesh(weld(read.soup)) };
}

self.onmessage = (event: MessageEvent<ArrayBuffer>) => {
  try {
    const done = answer(new Uint8Array(event.data));
    self.postMessage(done, { transfer: 'prepared' in done ? buffers(done.prepared) : [] });
  } catch (cause) {
    self.postMessage({ failed: cause instanceof Error ? cause.message : String(cause) } satisfies PrepareAnswer);
  }
};

function buffers({ mesh, shaded }: PreparedMesh): ArrayBuffer[] {
  return [mesh.positions, mesh.triangles, shaded.positions, shaded.normals, shaded.openness].map((array) => array.buffer as ArrayBuffer);
}
