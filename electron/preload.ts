import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels } from './desktop/channels.ts';

export interface DialogFilter {
  name: string;
  extensions: string[];
}

/** What the window gets of the desktop: named functions, each one act. Main checks sender and arguments again. */
const laminaDesktop = {
  /** Absolute path, or null when the person changed their mind. */
  openFolder: (options: { title?: string } = {}): Promise<string | null> => ipcRenderer.invoke(channels.openFolder, options),
  openFiles: (options: { title?: string; filters?: DialogFilter[] } = {}): Promise<string[]> =>
    ipcRenderer.invoke(channels.openFiles, options),
  saveFile: (options: { title?: string; suggestedName: string; filters?: DialogFilter[] }): Promise<string | null> =>
    ipcRenderer.invoke(channels.saveFile, options),
  /** Path of a dropped file; empty for one that is not on the disk. */
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
  /** Calls back with paths that a second start of the application asked for. */
  onOpenRequested: (listener: (paths: string[]) => void): void => {
    ipcRenderer.on(channels.openRequested, (_event, paths: string[]) => listener(paths));
  },
};
export type LaminaDesktop = typeof laminaDesktop;

contextBridge.exposeInMainWorld('laminaDesktop', laminaDesktop);
