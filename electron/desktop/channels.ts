/** What main and preload call each other by. Each is one act; there is no general channel. */
export const channels = {
  openFolder: 'lamina:open-folder',
  openFiles: 'lamina:open-files',
  saveFile: 'lamina:save-file',
  /** Main to window: paths that a second start, or the Finder, asked for. */
  openRequested: 'lamina:open-requested',
} as const;
