import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { JournalEntry } from '../../contract/case.ts';
import { figures } from './figures.ts';

/** Bytes of the files in a folder. */
export const folderBytes = (folder: string) => readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
/** What each stroke took on disk beyond two bytes a changed voxel. */
export function diskOf(folder: string, from: number) {
  const rows = readFileSync(path.join(folder, 'journal.ndjson'), 'utf8').trimEnd().split('\n').slice(from);
  const entries = rows.map((row) => ({ bytes: Buffer.byteLength(row) + 1, entry: JSON.parse(row) as JournalEntry }));
  const strokesOf = entries.filter(({ entry }) => entry.act === 'stroke');
  const sizes = strokesOf.map(({ bytes, entry }) => {
    const blob = entry.outputs[0] === undefined ? 0 : statSync(path.join(folder, 'blobs', entry.outputs[0])).size;
    const voxels = Number(entry.parameters.voxels);
    return { bytes: bytes + blob, voxels, beyond: bytes + blob - 2 * voxels };
  });
  return {
    strokes: sizes.length,
    bytesAStep: figures(sizes.map((s) => s.bytes)),
    voxelsAStep: figures(sizes.map((s) => s.voxels)),
    beyondTwoBytesAVoxel: figures(sizes.map((s) => s.beyond)),
  };
}
/** Memory of a process, MB; null where the system does not say. */
export const residentMb = (pid: number | undefined): number | null => {
  const status = pid === undefined || process.platform !== 'linux' ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
  const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kb === undefined ? null : Math.round(Number(kb) / 1024);
};
