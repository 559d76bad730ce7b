import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
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
