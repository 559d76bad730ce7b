import path from 'node:path';
import { Refusal } from '../../contract/errors.ts';
import type { Disk, DiskFile } from './atomic.ts';
import { diskRefusal } from './atomic.ts';

export interface JournalFile {
  /**
   * Line and head on disk; the line is durable when it resolves. Where any step fails, both files are put back as they were and a
   * Refusal says why: DISK_FULL, UNREADABLE_FILE or CASE_READ_ONLY.
   */
  append(line: string, headRecord: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens journal.ndjson and journal.head for appending after `length` bytes. A head that a crash left behind is brought up to
 * `headRecord`.
 */
export async function openJournalFile(disk: Disk, folder: string, length: number, headRecord: string): Promise<JournalFile> {
  const journal = await disk.open(path.join(folder, 'journal.ndjson'), 'r+');
  let head: DiskFile | null = null;
  try {
    head = await disk.open(path.join(folder, 'journal.head'), 'r+');
    await head.write(utf8(headRecord), 0);
    await head.sync();
    return appender(journal, head, length, headRecord);
  } catch (error) {
    await journal.close();
    await head?.close();
    throw error;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function appender(journal: DiskFile, head: DiskFile, length: number, headRecord: string): JournalFile {
  let end = length;
  let acknowledged = headRecord;
  let unclean = false;

  const writeHead = (record: string): Promise<void> => head.write(utf8(record), 0);
  async function putBack(): Promise<void> {
    await journal.truncate(end);
    await journal.sync();
    await writeHead(acknowledged);
    unclean = false;
  }

  return {
    async append(line, record) {
      try {
        if (unclean) await putBack();
        if ((await journal.size()) !== end)
          throw new Refusal(
            'CASE_LOCKED',
            'Another program has written to this case. Nothing was added. Close it there, then open it again.',
          );
        unclean = true;
        const bytes = utf8(line);
        await journal.write(bytes, end);
        await journal.sync();
        await writeHead(record);
        end += bytes.length;
        acknowledged = record;
        unclean = false;
      } catch (error) {
        // What cannot be put back now is put back before the next line.
        if (unclean) await putBack().catch(() => {});
        throw diskRefusal(error, 'The action was not saved', 'CASE_READ_ONLY');
      }
    },
    async close() {
      try {
        if (unclean) await putBack();
        await head.sync();
      } catch {
        // Nothing acknowledged depends on it: half a line is cut off on the next opening, an older head is brought up to date.
      } finally {
        await journal.close();
        await head.close();
      }
    },
  };
}
