import { z } from 'zod';
import { type FileUse, fileUse } from '../../../../contract/acquisition.ts';
import { actParameters } from '../../cases/act-parameters.ts';
import type { Session } from '../../open-cases.ts';

const list = z.array(fileUse);

/** The list of an import's files as the case keeps it. */
export function filesBlob(uses: readonly FileUse[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(uses));
}

/**
 * 7.2: every file of the imports of a case, used or not, and why. Empty for cases of earlier versions, which did not keep it.
 * Throws RangeError where the kept list is damaged.
 */
export async function filesOf(session: Session): Promise<FileUse[]> {
  const out: FileUse[] = [];
  for (const entry of session.entries()) {
    if (entry.act !== 'import') continue;
    const { files } = actParameters.import.parse(entry.parameters);
    if (files === null) continue;
    const parsed = list.safeParse(JSON.parse(new TextDecoder().decode(await session.files.readBlob(files))));
    if (!parsed.success) throw new RangeError(`the list of files of entry ${entry.sequence} is not as it must be`);
    out.push(...parsed.data);
  }
  return out;
}
