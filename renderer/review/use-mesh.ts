import { useEffect, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import type { PreparedMesh } from './prepare.ts';
import type { PrepareAnswer } from './prepare.worker.ts';

export type MeshState =
  | { is: 'empty' }
  | { is: 'loading' }
  /** `renewing`: a newer mesh is on its way, and this one stays until it is here. */
  | { is: 'ready'; prepared: PreparedMesh; renewing: boolean }
  | { is: 'failed'; reason: string; remedy: string };

const again = 'The case is as it was. Make the model again.';

/** Fetches an STL and makes it ready in a worker; what a newer `stlUrl` overtakes is stopped. */
export function useMesh(stlUrl: string | null): MeshState {
  const [state, setState] = useState<MeshState>({ is: 'empty' });
  useEffect(() => {
    if (stlUrl === null) {
      setState({ is: 'empty' });
      return;
    }
    setState((before) => (before.is === 'ready' ? { ...before, renewing: true } : { is: 'loading' }));
    const abort = new AbortController();
    let worker: Worker | null = null;
    const fail = (reason: string, remedy: string | null) => {
      if (!abort.signal.aborted) setState({ is: 'failed', reason, remedy: remedy ?? again });
    };
    const load = async () => {
      const response = await fetch(stlUrl, { signal: abort.signal });
      if (!response.ok) {
        const refusal = await problemOf(response);
        return fail(refusal.detail, refusal.remedy);
      }
      const stl = await response.arrayBuffer();
      if (abort.signal.aborted) return;
      worker = new Worker(new URL('./prepare.worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = (event: MessageEvent<PrepareAnswer>) => {
        worker?.terminate();
        if (abort.signal.aborted) return;
        if ('failed' in event.data) fail(event.data.failed, null);
        else if (event.data.prepared.mesh.triangles.length === 0)
          fail('The file holds no triangles.', 'Segment something first, then make the model.');
        else setState({ is: 'ready', prepared: event.data.prepared, renewing: false });
      };
      worker.onerror = (event) => fail(event.message || 'The mesh is too large for the memory that is left.', null);
      worker.postMessage(stl, [stl]);
    };
    load().catch((cause: unknown) =>
      fail(cause instanceof Error ? cause.message : String(cause), 'See that Lamina still runs, then open the model again.'),
    );
    return () => {
      abort.abort();
      worker?.terminate();
    };
  }, [stlUrl]);
  return state;
}
