import { basename, dirname, join } from 'node:path';
import type { BrowserWindow, Dialog, IpcMain, IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { channels } from './channels.ts';
import { isAppUrl } from './origin.ts';

const line = z.string().min(1).max(120);
const filter = z.strictObject({
  name: line,
  extensions: z
    .array(z.string().regex(/^(\*|[a-z0-9.]{1,16})$/))
    .min(1)
    .max(16),
});
const filters = z.array(filter).max(8).optional();

/** One schema a channel. `suggestedName` is a bare file name: a page never chooses the folder. */
export const dialogArguments = {
  [channels.openFolder]: z.strictObject({ title: line.optional() }),
  [channels.openFiles]: z.strictObject({ title: line.optional(), filters }),
  [channels.saveFile]: z.strictObject({
    title: line.optional(),
    suggestedName: z
      .string()
      .min(1)
      .max(200)
      .refine(
        (name) => basename(name) === name && !/[\\/:*?"<>|]/.test(name) && !/\p{Cc}/u.test(name) && !/^\.+$/.test(name),
        'a bare file name',
      ),
    filters,
  }),
};

export interface DialogDoors {
  ipcMain: IpcMain;
  dialog: Dialog;
  window: () => BrowserWindow | null;
  /** Where the first dialog opens; Electron's own default is the Downloads folder, where series seldom are. */
  firstFolder: string;
}

/** Throws TypeError unless the message comes from the top frame of our own window, showing our own document. */
export const checkSender = (event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>, window: BrowserWindow | null): BrowserWindow => {
  const frame = event.senderFrame;
  if (!window || window.isDestroyed() || event.sender !== window.webContents) throw new TypeError('message from another window refused');
  if (!frame || frame.parent !== null || !isAppUrl(frame.url)) throw new TypeError('message from another document refused');
  return window;
};

/**
 * Native dialogs behind three channels. They answer paths alone, as the user chose them; the service opens them. Every one keeps out of
 * Windows' recent documents.
 */
export const registerDialogs = ({ ipcMain, dialog, window, firstFolder }: DialogDoors): void => {
  let lastFolder = firstFolder;
  const answer = <C extends keyof typeof dialogArguments, R>(
    channel: C,
    ask: (options: z.infer<(typeof dialogArguments)[C]>, owner: BrowserWindow) => Promise<R>,
  ): void =>
    ipcMain.handle(channel, async (event, ...received: unknown[]) => {
      const owner = checkSender(event, window());
      if (received.length > 1) throw new TypeError(`${channel} takes one argument`);
      const options = dialogArguments[channel].safeParse(received[0] ?? {});
      if (!options.success) throw new TypeError(`${channel} was called with arguments that its schema refuses`);
      return ask(options.data as z.infer<(typeof dialogArguments)[C]>, owner);
    });

  answer(channels.openFolder, async ({ title }, owner) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(owner, {
      title,
      defaultPath: lastFolder,
      properties: ['openDirectory', 'dontAddToRecent'],
    });
    const folder = canceled ? undefined : filePaths[0];
    if (folder === undefined) return null;
    lastFolder = dirname(folder);
    return folder;
  });

  answer(channels.openFiles, async ({ title, filters }, owner) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(owner, {
      title,
      filters,
      defaultPath: lastFolder,
      properties: ['openFile', 'multiSelections', 'dontAddToRecent'],
    });
    if (canceled || filePaths[0] === undefined) return [];
    lastFolder = dirname(filePaths[0]);
    return filePaths;
  });

  answer(channels.saveFile, async ({ title, suggestedName, filters }, owner) => {
    const { canceled, filePath } = await dialog.showSaveDialog(owner, {
      title,
      filters,
      defaultPath: join(lastFolder, suggestedName),
      properties: ['dontAddToRecent', 'showOverwriteConfirmation', 'createDirectory'],
    });
    if (canceled || !filePath) return null;
    lastFolder = dirname(filePath);
    return filePath;
  });
};
