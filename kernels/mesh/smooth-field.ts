import { sharedArray } from '../parts.ts';
import { passMemory, type SharedMemory } from '../simd/mesh-instance.ts';

/**
 * What smoothing works on, in one memory: neighbours of each vertex, and points of four floats (x, y, z along the grid's axes in mm from
 * the middle of the mesh, and one more), so that one vector holds a point.
 */
export interface SmoothField {
  /** The memory that the arrays lie in where vector instructions can reach it. */
  memory: SharedMemory | null;
  /** Neighbours of vertex v are list[starts[v]] to list[starts[v + 1] - 1], each as the byte where its point begins (16 a point). */
  starts: Uint32Array;
  list: Uint32Array;
  here: Float32Array;
  /** How far each point lies from the mean of its neighbours. */
  rough: Float32Array;
}

const align = (bytes: number) => Math.ceil(bytes / 16) * 16;

/**
 * Memory for a mesh, all 0.
 * @param simd false: without vector instructions, for tests
 * Cost: 36 bytes a vertex and 4 a corner of a triangle.
 */
export function smoothField(vertices: number, corners: number, simd = true): SmoothField {
  const points = vertices * 16;
  const startsAt = 2 * points;
  const listAt = startsAt + align((vertices + 1) * 4);
  const bytes = listAt + corners * 4;
  const memory = simd ? passMemory(bytes) : null;
  const buffer = memory ? memory.buffer : sharedArray(Uint8Array, bytes).buffer;
  return {
    memory,
    starts: new Uint32Array(buffer, startsAt, vertices + 1),
    list: new Uint32Array(buffer, listAt, corners),
    here: new Float32Array(buffer, 0, vertices * 4),
    rough: new Float32Array(buffer, points, vertices * 4),
  };
}
