import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, posix, sep } from 'node:path';
import { Refusal } from '../../contract/errors.ts';
import { shownText } from './volume-file-header.ts';

/** Finds a file that a header names. Throws Refusal PATH_ESCAPE where the name leads out of the header's folder, MISSING_FILES. */
export type Beside = (name: string) => string;

const leadsOut = () =>
  new Refusal(
    'PATH_ESCAPE',
    'The header names a file outside its own folder. It is refused as a possible attack. Put the voxels beside the header and name the file alone.',
  );
const missingBeside = (name: string) =>
  new Refusal('MISSING_FILES', `The header names ${shownText(basename(name))}, which is not beside it. Copy both files into one folder.`);

/** The parts of a name that stays within its folder. Throws Refusal PATH_ESCAPE for any other. */
function partsWithin(name: string): string[] {
  if (name.includes('\\') || name.includes('\0') || /^([A-Za-z]:|\/)/.test(name)) throw leadsOut();
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) throw leadsOut();
  return parts;
}

/** Finds files beside a header on the disk; a link counts only where it stays within the folder. */
export function besideFile(header: string): Beside {
  return (name) => {
    const parts = partsWithin(name);
    let path: string;
    let folder: string;
    try {
      folder = realpathSync(dirname(header));
      path = realpathSync(join(folder, ...parts));
    } catch (error) {
      const problem = (error as NodeJS.ErrnoException).code;
      if (problem === 'EACCES')
        throw new Refusal('UNREADABLE_FILE', 'The file of the voxels may not be read. Grant access and import again.');
      throw missingBeside(name);
    }
    if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw leadsOut();
    if (!statSync(path).isFile()) throw missingBeside(name);
    return path;
  };
}

/**
 * Finds files beside a header within an archive.
 * @param header the header's name in the archive
 * @param entries where each entry of the archive was unpacked, by its name
 */
export function besideEntry(header: string, entries: ReadonlyMap<string, string>): Beside {
  return (name) => {
    const found = entries.get(posix.join(posix.dirname(header.replaceAll('\\', '/')), ...partsWithin(name)));
    if (found === undefined) throw missingBeside(name);
    return found;
  };
}
