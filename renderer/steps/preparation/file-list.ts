import type { FileUse } from '../../../contract/acquisition.ts';

export type FileFilter = 'all' | 'used' | 'left out';

/** Files of the input by what became of them, and by a text in their path or reason. */
export function filterFiles(files: readonly FileUse[], filter: FileFilter, text: string): FileUse[] {
  const wanted = text.trim().toLowerCase();
  return files.filter(
    (f) =>
      (filter === 'all' || (filter === 'used') === (f.series !== null)) &&
      (wanted === '' || f.path.toLowerCase().includes(wanted) || f.why.toLowerCase().includes(wanted)),
  );
}

/** The folder that all files lie in, with its last separator; '' where they share none. It is said once instead of in every line. */
export function sharedFolder(files: readonly FileUse[]): string {
  let shared = files[0]?.path.replace(/[^/\\]*$/, '') ?? '';
  for (const { path } of files) {
    while (!path.startsWith(shared)) shared = shared.replace(/[^/\\]*[/\\]$/, '');
    if (shared === '') break;
  }
  return shared;
}

/** What became of one file, in words. */
export const fileWords = (file: FileUse, seriesNames: Readonly<Record<string, string>>): string =>
  file.series === null ? file.why || 'left out' : `part of ${seriesNames[file.series] || 'the volume'}`;

/**
 * The list as lines of path, what became of it and series, with tabs between: what a sheet of a table program takes. Tabs and line ends
 * inside a path become spaces, so that a hostile name makes no line of its own.
 */
export function filesText(files: readonly FileUse[]): string {
  const flat = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
  const lines = files.map((f) => [f.path, f.series === null ? 'left out' : 'used', f.series ?? '', f.why].map(flat).join('\t'));
  return ['path\tuse\tseries\twhy', ...lines].join('\n');
}
