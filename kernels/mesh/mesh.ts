/** Triangles over shared vertices: `positions` is x, y, z in LPS mm; three vertex numbers a triangle, counter-clockwise seen from outside. */
export interface Mesh {
  positions: Float64Array | Float32Array;
  triangles: Uint32Array;
}

/** Called now and then by long kernels with the fraction done; may throw to stop them (nothing is left half written: results are new arrays). */
export type Tick = (fraction: number) => void;

export const emptyMesh = (): Mesh => ({ positions: new Float64Array(0), triangles: new Uint32Array(0) });
