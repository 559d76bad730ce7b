import { existsSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import type { Coded } from '../../../contract/errors.ts';
import type { Gathered } from '../gather.ts';
import { codes, items } from './attributes.ts';
import type { OpenedFile } from './open.ts';

/** ISO 9660 writes names in capitals and with a version; other media keep neither. */
const plainName = (name: string) =>
  name
    .replaceAll('\\', '/')
    .toLowerCase()
    .replace(/\.?(;\d+)?$/, '');

/** Names that lead out of the medium are never looked up. */
const leadsOut = (parts: string[]) => parts.some((part) => part === '..' || /[/\\:]/.test(part));

/** The files of a medium's records, as paths below the directory (PS3.3 F.3.2.2). */
function referenced(file: OpenedFile): string[][] {
  return items(file.dataSet, 0x00041220)
    .map((record) => codes(record, 0x00041500))
    .filter((parts) => parts.length > 0);
}

/** Files that a medium's directory names and that are not there, on the disk or among the entries of its archive. */
export function directoryWarnings(found: Gathered): Coded[] {
  const met = [...found.images, ...found.others, ...found.damaged, ...found.findings].flatMap(({ path }) =>
    path === undefined ? [] : [path],
  );
  const known = new Set(met.map((path) => plainName(found.nameOf(path))));
  const out: Coded[] = [];
  for (const { directory: file } of found.others) {
    if (!file) continue;
    const refs = referenced(file);
    const inside = refs.filter((parts) => !leadsOut(parts));
    const root = dirname(found.nameOf(file.path));
    const isThere = (parts: string[]) =>
      known.has(plainName(posix.join(root.replaceAll('\\', '/'), ...parts))) || existsSync(resolve(dirname(file.path), ...parts));
    const missing = inside.filter((parts) => !isThere(parts)).length;
    const escaping = refs.length - inside.length;
    if (missing > 0) out.push({ code: 'MISSING_FILES', message: `The directory of the medium names ${missing} files that are not there.` });
    if (escaping > 0) {
      const message = `The directory of the medium names ${escaping} files outside the medium; they were not read.`;
      out.push({ code: 'PATH_ESCAPE', message });
    }
  }
  return out;
}
