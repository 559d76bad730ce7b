import type { BoxLps } from '../../stores/preprocessing.ts';
import type { LoadedVolume } from '../../stores/viewer.ts';
import type { OrbitsAnswer, OrbitsQuestion } from './orbits.worker.ts';

/**
 * The region around the orbits of a head in HU, looked for beside the page; null where no two globes are found. Rejects where the worker
 * fails. Voxels in shared memory are not copied.
 */
export function aroundOrbits({ values, geometry }: LoadedVolume): Promise<BoxLps | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./orbits.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (event: MessageEvent<OrbitsAnswer>) => {
      worker.terminate();
      resolve('boxLps' in event.data ? event.data.boxLps : null);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new TypeError(event.message || 'The search for the orbits ended before it answered.'));
    };
    worker.postMessage({ values, geometry } satisfies OrbitsQuestion);
  });
}
