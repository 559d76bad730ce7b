import type { Dirent } from 'node:fs';
import { access, opendir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { Refusal } from '../../contract/errors.ts';
import type { FolderListing } from '../../contract/routes.ts';
import { errorCode } from './atomic.ts';

type Entry = FolderListing['entries'][number];

/** What a name in a folder is; null for what can be neither chosen nor opened (sockets, devices, dead links). */
async function entryOf(folder: string, found: Dirent): Promise<Entry | null> {
  const whole = path.join(folder, found.name);
  const target = found.isSymbolicLink() ? await stat(whole).catch(() => null) : found;
  if (target?.isFile()) return { name: found.name, path: whole, kind: 'file' };
  if (!target?.isDirectory()) return null;
  const isCase = await access(path.join(whole, 'case.json')).then(
    () => true,
    () => false,
  );
  return { name: found.name, path: whole, kind: isCase ? 'case' : 'folder' };
}

const rank = { case: 0, folder: 1, file: 2 };

/** Folders as the browser shell's picker shows them: cases, then folders, then files, by name; hidden ones left out. */
export function createFolders(options: { limit?: number } = {}): { list(folder: string | null): Promise<FolderListing> } {
  const { limit = 2000 } = options;
  return {
    /** Null: the user's home. Throws Refusal UNREADABLE_FILE. Cost: reads at most `limit` visible names. */
    async list(folder) {
      const at = path.resolve(folder ?? homedir());
      const entries: Entry[] = [];
      let truncated = false;
      try {
        // Closed by the loop, also where it is left early.
        for await (const found of await opendir(at)) {
          if (found.name.startsWith('.')) continue;
          if (entries.length === limit) {
            truncated = true;
            break;
          }
          const entry = await entryOf(at, found);
          if (entry) entries.push(entry);
        }
      } catch (error) {
        throw new Refusal('UNREADABLE_FILE', `${at} cannot be listed (${errorCode(error)}). Choose a folder that you may read.`);
      }
      const byName = new Intl.Collator('en', { numeric: true }).compare;
      entries.sort((a, b) => rank[a.kind] - rank[b.kind] || byName(a.name, b.name));
      const parent = path.dirname(at);
      return { path: at, parent: parent === at ? null : parent, entries, truncated };
    },
  };
}
