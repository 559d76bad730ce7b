import type { Mesh } from './mesh.ts';

/**
 * Why a file is no mesh. truncated: it ends before what it announces. bad-header: its head does not describe vertices and faces.
 * bad-number: a coordinate or count that is no number. bad-index: a face names a vertex that is not there. bad-face: fewer than three
 * corners. no-faces: points at most. left-over: something follows the last face.
 */
export type ReadFault = 'truncated' | 'bad-header' | 'bad-number' | 'bad-index' | 'bad-face' | 'no-faces' | 'left-over';

/** Vertices and triangles as the file has them, float32, or the fault. */
export type ReadMesh = (Mesh & { positions: Float32Array }) | { error: ReadFault };
