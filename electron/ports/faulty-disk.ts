import type { Disk, DiskFile } from './atomic.ts';

/**
 * What becomes of one call: done, refused by the system, or (of a write) half of it done and then refused; `last` is what
 * the process still does. What fits into a file's first sector is never halved: no system writes less than a sector.
 */
export type Fate = 'pass' | { fail: string; half?: boolean; last?: () => void };
export interface DiskCall {
  /** From 1, over all calls that change the disk. */
  number: number;
  name: 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'makeFolder' | 'removeFolder' | 'syncFolder';
  file: string;
}

const sectorBytes = 512;

/** A disk for tests: `decide` is asked before each call that changes something. Closing and asking for a size always work. */
export function faultyDisk(disk: Disk, decide: (call: DiskCall) => Fate): Disk & { calls(): number } {
  let number = 0;
  async function step<T>(name: DiskCall['name'], file: string, whole: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
    const fate = decide({ number: ++number, name, file });
    if (fate === 'pass') return whole();
    if (fate.half) await half?.();
    fate.last?.();
    throw Object.assign(new Error(`${fate.fail}: injected at call ${number}, ${name}`), { code: fate.fail });
  }
  function wrapped(handle: DiskFile, file: string): DiskFile {
    return {
      write: (bytes, position) =>
        step(
          'write',
          file,
          () => handle.write(bytes, position),
          async () => {
            if (position + bytes.length > sectorBytes) await handle.write(bytes.subarray(0, bytes.length >> 1), position);
          },
        ),
      sync: () => step('sync', file, () => handle.sync()),
      truncate: (length) => step('truncate', file, () => handle.truncate(length)),
      size: () => handle.size(),
      close: () => handle.close(),
    };
  }
  return {
    open: (file, flags) => step('open', file, async () => wrapped(await disk.open(file, flags), file)),
    rename: (from, to) => step('rename', to, () => disk.rename(from, to)),
    remove: (file) => step('remove', file, () => disk.remove(file)),
    makeFolder: (folder) => step('makeFolder', folder, () => disk.makeFolder(folder)),
    removeFolder: (folder) => step('removeFolder', folder, () => disk.removeFolder(folder)),
    syncFolder: (folder) => step('syncFolder', folder, () => disk.syncFolder(folder)),
    calls: () => number,
  };
}
