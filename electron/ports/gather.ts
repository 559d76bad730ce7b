import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, Refusal } from '../../contract/errors.ts';
import { type Collection, collect } from './dicom/collect.ts';
import { type Beside, besideEntry, besideFile } from './volume-file-beside.ts';
import { isZip, unpackZip } from './zip.ts';

/** An input with its archives opened. */
export interface Gathered extends Collection {
  /** The file name that stands for a path: its own, or the archive's entry. For messages and identifiers only. */
  nameOf(path: string): string;
  /** The path itself, or for an archive's entry the archive's with the entry's name behind it. */
  placeOf(path: string): string;
  /** How a file finds those that its header names: in its own folder, or among the entries of its archive. */
  beside(path: string): Beside;
  /** A finding as the user can follow it: an entry's path becomes its archive's. */
  told(finding: Finding): Finding;
  /** Removes what was unpacked. */
  dispose(): void;
}

/**
 * Walks files and folders, opening zip archives one level deep.
 * @param workFolder where archives are unpacked, in a folder of their own that `dispose` removes
 * @param step called as files are read, with the fraction done
 * @throws as `findFiles`; a refused archive is listed as damaged, not thrown
 */
export async function gather(chosen: string[], workFolder: string, step: (done: number, total: number) => void): Promise<Gathered> {
  const unpacked = join(workFolder, `unpacked-${randomUUID()}`);
  const entries = new Map<string, { archive: string; name: string }>();
  /** Where each entry of an archive was unpacked, by its name. */
  const contents = new Map<string, Map<string, string>>();
  const dispose = () => rmSync(unpacked, { recursive: true, force: true });
  try {
    const found = collect(chosen, step);
    const archives = found.archives.splice(0).filter((path) => {
      if (isZip(path)) return true;
      found.findings.push({ text: 'Named an archive, but not one; left out.', path, code: 'NOT_DICOM' });
      return false;
    });
    for (const [n, archive] of archives.entries()) {
      try {
        const folder = join(unpacked, String(n));
        const names = new Map<string, string>();
        contents.set(archive, names);
        for (const { path, name } of await unpackZip(archive, folder, () => step(0, 1))) {
          entries.set(path, { archive, name });
          names.set(name, path);
        }
        const inner = collect([folder], step);
        for (const path of inner.archives)
          inner.findings.push({ text: 'An archive within an archive is not opened.', path, code: 'UNSUPPORTED_CONTAINER' });
        found.paths.push(...inner.paths);
        found.images.push(...inner.images);
        found.others.push(...inner.others);
        found.volumeFiles.push(...inner.volumeFiles);
        found.damaged.push(...inner.damaged);
        found.findings.push(...inner.findings);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        found.damaged.push({ path: archive, reason: { code: error.code, message: error.message } });
      }
    }
    return {
      ...found,
      nameOf: (path) => entries.get(path)?.name ?? path,
      placeOf: (path) => {
        const entry = entries.get(path);
        return entry ? `${entry.archive}/${entry.name}` : path;
      },
      beside: (path) => {
        const own = entries.get(path);
        if (!own) return besideFile(path);
        return besideEntry(own.name, contents.get(own.archive) ?? new Map());
      },
      told: (finding) => {
        const entry = finding.path === undefined ? undefined : entries.get(finding.path);
        return entry ? { ...finding, path: entry.archive, text: `${entry.name}: ${finding.text}` } : finding;
      },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
