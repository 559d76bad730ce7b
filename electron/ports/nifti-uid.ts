import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Refusal } from '../../contract/errors.ts';
import { uidFrom } from './dicom-write.ts';
import type { Gathered } from './gather.ts';
import { asRefusal } from './nifti-read.ts';

/**
 * A NIfTI file has no UID: one under 2.25 made from the SHA-256 of its bytes stands for it, so that the files of two patients never share
 * one, whatever they are called.
 * @throws Refusal MISSING_FILES or UNREADABLE_FILE. Cost: reads the file once
 */
export async function niftiUid(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece as Uint8Array);
  } catch (error) {
    throw asRefusal(error);
  }
  return uidFrom(`Lamina NIfTI ${hash.digest('hex')}`);
}

/** The NIfTI files of an input with their UIDs; a copy of one is a finding, one that cannot be read is listed as damaged. */
export async function distinctNiftis(found: Gathered): Promise<{ path: string; uid: string }[]> {
  const out: { path: string; uid: string }[] = [];
  for (const path of found.niftis) {
    try {
      const uid = await niftiUid(path);
      const first = out.find((file) => file.uid === uid);
      if (first) found.findings.push({ text: `The same bytes as ${found.nameOf(first.path)}; left out.`, path });
      else out.push({ path, uid });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found.damaged.push(...error.reasons.map((reason) => ({ path, reason })));
    }
  }
  return out;
}
