import { type MeshFileRead, readMeshFile } from '../../ports/mesh-file-read.ts';

/** A mesh file as read, or why it is none, in a code and words. */
export type MeshInput = MeshFileRead;
export const readMeshInput = readMeshFile;
