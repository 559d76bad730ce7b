import { type RunParts, sharedArray, stretches } from '../parts.ts';

/** Triangles are looked at in runs of so many, each with its lowest and highest vertex, so that a stretch of vertices skips the others. */
const runTriangles = 4096;

export interface RunEnds {
  triangles: Uint32Array;
  /** Lowest and highest vertex of each run. */
  ends: Uint32Array;
  /** Runs [from, to). */
  from: number;
  to: number;
}

export function endsOfRuns({ triangles, ends, from, to }: RunEnds): void {
  for (let run = from; run < to; run++) {
    let low = 2 ** 31 - 1;
    let high = 0;
    const last = Math.min(triangles.length, (run + 1) * runTriangles * 3);
    for (let at = run * runTriangles * 3; at < last; at++) {
      const vertex = triangles[at] | 0;
      if (vertex < low) low = vertex;
      if (vertex > high) high = vertex;
    }
    ends[run * 2] = low;
    ends[run * 2 + 1] = high;
  }
}

/** Calls `look` with the corners [low, high) of each run of triangles that may have vertices in [from, to). */
export function runEnds(ends: Uint32Array, from: number, to: number, corners: number, look: (low: number, high: number) => void): void {
  for (let run = 0; run * 2 < ends.length; run++) {
    if (ends[run * 2 + 1] < from || ends[run * 2] >= to) continue;
    look(run * runTriangles * 3, Math.min(corners, (run + 1) * runTriangles * 3));
  }
}

export interface NeighbourStretch {
  triangles: Uint32Array;
  ends: Uint32Array;
  starts: Uint32Array;
  list: Uint32Array;
  /** Vertices [from, to). */
  from: number;
  to: number;
  /** Neighbours of the vertices before `from`. */
  before: number;
}

/** Counts into starts[v + 1] the neighbours of the stretch's vertices; returns how many there are together. */
export function countNeighbours({ triangles, ends, starts, from, to }: NeighbourStretch): number {
  const length = to - from;
  let all = 0;
  for (let run = 0; run * 2 < ends.length; run++) {
    if (ends[run * 2 + 1] < from || ends[run * 2] >= to) continue;
    const last = Math.min(triangles.length, (run + 1) * runTriangles * 3);
    for (let at = run * runTriangles * 3; at < last; at++) {
      // `| 0` here and below: the engine keeps whole numbers in registers only where it knows that they are small.
      const vertex = triangles[at] | 0;
      if ((vertex - from) >>> 0 >= length) continue;
      starts[vertex + 1] = (starts[vertex + 1] | 0) + 1;
      all++;
    }
  }
  return all;
}

/** Turns counts into starts and lists the neighbours, in the order of the triangles. */
export function listNeighbours({ triangles, ends, starts, list, from, to, before }: NeighbourStretch): void {
  // While a vertex is being listed, starts[v + 1] says where its next neighbour goes; at the end that is where those of v + 1 begin.
  let next = before;
  for (let vertex = from + 1; vertex <= to; vertex++) {
    const count = starts[vertex];
    starts[vertex] = next;
    next += count;
  }
  const length = to - from;
  for (let run = 0; run * 2 < ends.length; run++) {
    if (ends[run * 2 + 1] < from || ends[run * 2] >= to) continue;
    const last = Math.min(triangles.length, (run + 1) * runTriangles * 3);
    for (let at = run * runTriangles * 3; at < last; at += 3) {
      const a = triangles[at] | 0;
      const b = triangles[at + 1] | 0;
      const c = triangles[at + 2] | 0;
      if ((a - from) >>> 0 < length) {
        const place = starts[a + 1] | 0;
        starts[a + 1] = place + 1;
        list[place] = b << 4;
      }
      if ((b - from) >>> 0 < length) {
        const place = starts[b + 1] | 0;
        starts[b + 1] = place + 1;
        list[place] = c << 4;
      }
      if ((c - from) >>> 0 < length) {
        const place = starts[c + 1] | 0;
        starts[c + 1] = place + 1;
        list[place] = a << 4;
      }
    }
  }
}

/**
 * Neighbours of every vertex of a closed oriented mesh: each of its edges runs once each way, so the ends of the edges that leave a
 * vertex are its neighbours. `starts` (one more than vertices, all 0) and `list` (as long as `triangles`) are written; shared memory.
 * Returns the lowest and highest vertex of each run of triangles.
 */
export async function findNeighbours(triangles: Uint32Array, starts: Uint32Array, list: Uint32Array, run: RunParts): Promise<Uint32Array> {
  const runs = Math.ceil(triangles.length / 3 / runTriangles);
  const ends = sharedArray(Uint32Array, runs * 2);
  const cut = stretches(runs, 8, 8);
  await run(
    endsOfRuns,
    cut.map(([from, to]) => ({ triangles, ends, from, to })),
  );
  const parts = stretches(starts.length - 1, 8, 4096).map(([from, to]) => ({ triangles, ends, starts, list, from, to, before: 0 }));
  const counts = await run(countNeighbours, parts);
  let before = 0;
  await run(
    listNeighbours,
    parts.map((part, n) => {
      const input = { ...part, before };
      before += counts[n];
      return input;
    }),
  );
  return ends;
}
