import { access, mkdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import type { RecentCase } from '../../contract/case.ts';
import { recentCase } from '../../contract/case.ts';
import type { Disk } from './atomic.ts';
import { errorCode, realDisk, writeAtomic } from './atomic.ts';

const kept = recentCase.omit({ available: true });
type Kept = z.infer<typeof kept>;
const listLimit = 20;
const bytesLimit = 256 * 1024;

/** Where the system wants an application's settings. */
export function configFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (environment.LAMINA_CONFIG) return environment.LAMINA_CONFIG;
  if (platform === 'win32') return path.join(environment.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'Lamina');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Lamina');
  return path.join(environment.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'lamina');
}

/** The list of recent cases: names of cases and folders only, nothing of a patient. */
export function createRecent(options: { folder?: string; disk?: Disk } = {}): {
  list(): Promise<RecentCase[]>;
  touch(entry: Omit<RecentCase, 'available'>): Promise<void>;
} {
  const { folder = configFolder(), disk = realDisk } = options;
  const file = path.join(folder, 'recent.json');
  let queue: Promise<unknown> = Promise.resolve();

  /** A list that cannot be read is an empty list: it holds nothing that is not found on the disk again. */
  async function read(): Promise<Kept[]> {
    try {
      if ((await stat(file)).size > bytesLimit) return [];
      const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
      if (!Array.isArray(parsed)) return [];
      return parsed.flatMap((one) => {
        const checked = kept.safeParse(one);
        return checked.success ? [checked.data] : [];
      });
    } catch (error) {
      if (error instanceof SyntaxError || errorCode(error)) return [];
      throw error;
    }
  }

  return {
    /** Newest first; `available` says whether the case can be found now. */
    async list() {
      const entries = await read();
      const here = (one: Kept): Promise<boolean> =>
        access(path.join(one.folder, 'case.json')).then(
          () => true,
          () => false,
        );
      return Promise.all(entries.map(async (one) => ({ ...one, available: await here(one) })));
    },
    /** Puts a case on top. A list that cannot be kept is no reason to refuse a case: nothing else depends on it. */
    touch(entry) {
      const result = queue.then(async () => {
        const others = (await read()).filter((one) => one.folder !== entry.folder);
        const list = [kept.parse(entry), ...others].slice(0, listLimit);
        try {
          await mkdir(folder, { recursive: true });
          await writeAtomic(disk, file, new TextEncoder().encode(`${JSON.stringify(list, null, 2)}\n`));
        } catch (error) {
          if (!errorCode(error)) throw error;
        }
      });
      queue = result.catch(() => {});
      return result;
    },
  };
}
