import { Refusal } from '../../contract/errors.ts';

/** Faults of the disk and of unpacking that are the file's, as a Refusal; any other error as it is. */
export function asRefusal(error: unknown): unknown {
  const problem = (error as NodeJS.ErrnoException)?.code;
  if (problem === 'Z_BUF_ERROR') return new Refusal('TRUNCATED_FILE', 'The packed file ends too early. Copy it again from its source.');
  if (problem === 'Z_DATA_ERROR') return new Refusal('CORRUPT_FILE', 'The packed file is damaged. Ask for it to be sent again.');
  if (problem === 'ENOENT') return new Refusal('MISSING_FILES', 'The file is not there. Check the path.');
  if (problem === 'EACCES' || problem === 'EISDIR')
    return new Refusal('UNREADABLE_FILE', 'The file may not be read. Grant access and try again.');
  return error;
}
