import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Refusal } from '../../contract/errors.ts';
import { uidFrom } from './dicom-write.ts';
import type { Gathered } from './gather.ts';
import { asRefusal } from './volume-file-fault.ts';
import { openVolumeFile } from './volume-file-open.ts';

/**
 * A volume file has no UID: one under 2.25 made from the SHA-256 of its bytes stands for it, so that the files of two patients never share
 * one, whatever they are called.
 * @param files the file and those that hold its voxels; each counts once
 * @throws Refusal MISSING_FILES or UNREADABLE_FILE. Cost: reads the files once
 */
export async function volumeFileUid(path: string, files: string[] = [path]): Promise<string> {
  const hash = createHash('sha256');
  try {
    for (const file of new Set([path, ...files]))
      for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(piece as Uint8Array);
  } catch (error) {
    throw asRefusal(error);
  }
  // The first word is that of the first format that came in; cases hold UIDs made with it.
  return uidFrom(`Lamina NIfTI ${hash.digest('hex')}`);
}

/** The files that hold a volume's voxels; none where its header is refused, which the import will say. */
async function sourcesOf(path: string, found: Gathered): Promise<string[]> {
  try {
    return (await openVolumeFile(path, found.beside(path))).sources.map((source) => source.path);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

export interface DistinctFile {
  path: string;
  uid: string;
  /** The files that hold its voxels: itself, or those that its header names; none where the header is refused. */
  sources: string[];
}

/**
 * The volume files of an input with their UIDs. A copy of one is a finding, one that cannot be read is listed as damaged, and files that
 * hold another one's voxels are no longer listed as something else.
 */
export async function distinctVolumeFiles(found: Gathered): Promise<DistinctFile[]> {
  const out: DistinctFile[] = [];
  const used = new Set<string>();
  for (const path of found.volumeFiles) {
    try {
      const sources = await sourcesOf(path, found);
      for (const source of sources) if (source !== path) used.add(source);
      const uid = await volumeFileUid(path, sources);
      const first = out.find((file) => file.uid === uid);
      if (first) found.findings.push({ text: `The same bytes as ${found.nameOf(first.path)}; left out.`, path });
      else out.push({ path, uid, sources });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found.damaged.push(...error.reasons.map((reason) => ({ path, reason })));
    }
  }
  const free = <T extends { path?: string | undefined }>(items: T[]) => items.filter(({ path }) => path === undefined || !used.has(path));
  found.findings.splice(0, found.findings.length, ...free(found.findings));
  found.damaged.splice(0, found.damaged.length, ...free(found.damaged));
  return out;
}
