import { readdir, readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { type Finding, Refusal } from '../../contract/errors.ts';
import { errorCode } from './atomic.ts';

/** A profile or a label table is a page or two of JSON; a list of kernels a few. Longer files are something else. */
const longestBytes = 256 * 1024;
export const mostFiles = 200;

/** What stands in a JSON file, or why it could not be taken. Never throws for what is in the file. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<{ value: T } | { fault: string }> {
  try {
    const found = await stat(file);
    // A pipe would be waited for without end.
    if (!found.isFile()) return { fault: 'is not a file' };
    if (found.size > longestBytes) return { fault: `is longer than ${longestBytes / 1024} KiB` };
    const checked = schema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (checked.success) return { value: checked.data };
    const issue = checked.error.issues[0];
    return { fault: `${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'not as it must be'}` };
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'is not JSON' };
    const code = errorCode(error);
    if (code) return { fault: `cannot be read (${code})` };
    throw error;
  }
}

/** Names of a folder's JSON files, in order; [] where there is no such folder. `what` is what they are, in words. Throws Refusal UNREADABLE_FILE. */
export async function jsonFiles(folder: string, what: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /\.json$/i.test(name)).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    if (errorCode(error)) throw new Refusal('UNREADABLE_FILE', `The folder of ${what} ${folder} cannot be read (${errorCode(error)}).`);
    throw error;
  }
}

/** Names the files beyond those that are read; [] where there are none. */
export function beyond(names: string[], folder: string): Finding[] {
  const rest = names.slice(mostFiles);
  if (rest.length === 0) return [];
  const named = rest.slice(0, 10).join(', ');
  const more = rest.length > 10 ? ` and ${rest.length - 10} more` : '';
  return [{ text: `Only the first ${mostFiles} files are read. Not taken: ${named}${more}. Move some out of the folder.`, path: folder }];
}
