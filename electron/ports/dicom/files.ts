import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type Finding, Refusal } from '../../../contract/errors.ts';

const maximumFiles = 50_000;
const maximumDepth = 64;

export interface FoundFiles {
  /** Regular files, in natural order (im2 before im10), each once. */
  paths: string[];
  /** What was met and not taken, and why. */
  findings: Finding[];
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' }).compare;

function kindOf(entry: { isFIFO(): boolean; isSocket(): boolean; isBlockDevice(): boolean; isCharacterDevice(): boolean }): string {
  if (entry.isFIFO()) return 'A named pipe';
  if (entry.isSocket()) return 'A socket';
  return entry.isBlockDevice() || entry.isCharacterDevice() ? 'A device' : 'Not a regular file';
}

/** Where a link inside a folder leads: a regular file below the same root, or null. */
function targetWithin(root: string, path: string): string | null {
  try {
    const target = realpathSync(path);
    return target.startsWith(root + sep) && statSync(target).isFile() ? target : null;
  } catch {
    return null;
  }
}

function walk(root: string, folder: string, depth: number, out: FoundFiles, seen: Set<string>): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    out.findings.push({ text: 'The folder may not be read.', path: folder, code: 'UNREADABLE_FILE' });
    return;
  }
  entries.sort((a, b) => natural(a.name, b.name));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth >= maximumDepth) out.findings.push({ text: 'The folder lies too deep and was not opened.', path });
      else walk(root, path, depth + 1, out, seen);
    } else if (entry.isFile()) take(path, out, seen);
    else if (entry.isSymbolicLink()) {
      const target = targetWithin(root, path);
      if (target) take(target, out, seen);
      else out.findings.push({ text: 'A link was not followed: it leads to a folder, out of the chosen folder, or nowhere.', path });
    } else out.findings.push({ text: `${kindOf(entry)} was skipped.`, path });
  }
}

function take(path: string, out: FoundFiles, seen: Set<string>): void {
  if (seen.has(path)) return;
  if (out.paths.length >= maximumFiles)
    throw new Refusal('TOO_LARGE', `More than ${maximumFiles} files were chosen. Choose one study's folder.`);
  seen.add(path);
  out.paths.push(path);
}

/**
 * The regular files of the chosen files and folders. Links inside a folder count only where they lead to a regular file below it; a chosen
 * path itself may be a link, since a person chose it.
 * @throws Refusal NOT_FOUND, UNREADABLE_FILE, TOO_LARGE (more than 50 000 files)
 */
export function findFiles(chosen: string[]): FoundFiles {
  const out: FoundFiles = { paths: [], findings: [] };
  const seen = new Set<string>();
  for (const choice of chosen) {
    let path: string;
    try {
      path = realpathSync(resolve(choice));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES')
        throw new Refusal('UNREADABLE_FILE', `${choice} may not be read. Grant access.`);
      throw new Refusal('NOT_FOUND', `There is no file or folder ${choice}.`);
    }
    const entry = lstatSync(path);
    if (entry.isDirectory()) walk(path, path, 0, out, seen);
    else if (entry.isFile()) take(path, out, seen);
    else out.findings.push({ text: `${kindOf(entry)} was skipped.`, path });
  }
  return out;
}
