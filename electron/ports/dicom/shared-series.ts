import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The folder of shared series and truth files beside the repository, for tests only; null where it is absent. */
export const sharedSets: string | null = (() => {
  const shared = process.env.LAMINA_SHARED ?? join(repository, '..', 'shared');
  return existsSync(join(shared, 'data', 'unpack')) ? join(shared, 'data') : null;
})();

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Unpacks the series once into `.cache/shared-series`, also when several test files ask at the same time; returns that folder. */
export function unpackedSeries(): string {
  if (!sharedSets) throw new RangeError('the shared series are absent');
  const folder = join(repository, '.cache', 'shared-series');
  const ready = join(folder, '.ready');
  const lock = `${folder}.lock`;
  mkdirSync(dirname(folder), { recursive: true });
  for (let tries = 0; !existsSync(ready); tries++) {
    try {
      mkdirSync(lock);
    } catch {
      if (tries > 600) rmSync(lock, { recursive: true, force: true });
      pause(200);
      continue;
    }
    try {
      execFileSync('bash', [join(sharedSets, 'unpack'), folder], { stdio: 'ignore' });
      writeFileSync(ready, '');
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return folder;
}
