import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Runs the command line; stdout is the object. */
export function lamina(...args: string[]): Record<string, unknown> {
  const flags = ['--disable-warning=ExperimentalWarning', path.join(root, 'electron', 'cli.ts')];
  return JSON.parse(execFileSync(process.execPath, [...flags, ...args, '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** Folder of a small synthetic head as a DICOM series, drawn once for all tests. */
export function smallHead(): string {
  const folder = path.join(root, '.cache', 'e2e', 'small-head-seed-3');
  if (!existsSync(folder)) {
    const made = `${folder}.${process.pid}`;
    mkdirSync(path.dirname(folder), { recursive: true });
    lamina('phantom', '--seed', '3', '--size', 'small', '--out', made);
    renameSync(made, folder);
  }
  return path.join(folder, 'dicom');
}

const other = (uid: string) => uid.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));

/** A folder of its own with the small head twice: two series of one patient, slice for slice with identifiers of their own. */
export function twoScans(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lamina-e2e-two-scans-'));
  for (const name of readdirSync(smallHead())) {
    const bytes = readFileSync(path.join(smallHead(), name));
    writeFileSync(path.join(folder, `first-${name}`), bytes);
    let changed = 0;
    // MediaStorageSOPInstanceUID, SOPInstanceUID, SeriesInstanceUID.
    for (const tag of ['\x02\x00\x03\x00', '\x08\x00\x18\x00', '\x20\x00\x0e\x00']) {
      const at = bytes.indexOf(`${tag}UI`, 0, 'latin1');
      if (at < 0) continue;
      const length = bytes.readUInt16LE(at + 6);
      const uid = bytes.toString('latin1', at + 8, at + 8 + length);
      changed += bytes.write(other(uid.replace(/\0$/, '')), at + 8, 'latin1') > 0 ? 1 : 0;
    }
    if (changed !== 3) throw new Error(`${name} names no series and no instance`);
    writeFileSync(path.join(folder, `second-${name}`), bytes);
  }
  return folder;
}
