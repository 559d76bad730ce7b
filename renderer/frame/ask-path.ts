import { desktop } from '../api/desktop.ts';
import { openCase } from '../stores/acts.ts';
import { useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { scan } from '../stores/scan.ts';
import { type FolderQuestion, useWorkspace } from '../stores/workspace.ts';
import { isCaseName } from './path-kind.ts';

/** Asks with the page's own dialog over GET /api/folders. Answers null when it was closed. */
function askHere(question: Omit<FolderQuestion, 'answer'>): Promise<{ path: string; kind: 'folder' | 'file' | 'case' } | null> {
  return new Promise((resolve) => {
    useWorkspace.getState().set({
      folderQuestion: {
        ...question,
        answer: (path, kind) => {
          useWorkspace.getState().set({ folderQuestion: null });
          resolve(path === null ? null : { path, kind });
        },
      },
    });
  });
}

/** Opens what a path names: a case as it is, anything else by reading it for series. */
export function openPath(path: string, kind: 'folder' | 'file' | 'case' | null = null): Promise<void> {
  const isCase = kind === 'case' || (kind === null && isCaseName(path));
  return isCase ? openCase(path) : scan([path]);
}

/** Asks for a folder, image file or case with the shell's dialog (else our own) and opens it. */
export async function askAndOpen(): Promise<void> {
  try {
    const native = desktop();
    if (native) {
      const path = await native.openFolder();
      if (path) await openPath(path);
      return;
    }
    const answer = await askHere({
      title: 'Open a folder, an image or a case',
      confirm: 'Open this folder',
      purpose: 'open',
      suggestedName: '',
      startAt: null,
    });
    if (answer) await openPath(answer.path, answer.kind);
  } catch (cause) {
    tellProblem('Opening', cause);
  }
}

/** Asks for image files (NIfTI, NRRD, MetaImage, a zip of DICOM); the desktop's folder dialog cannot choose them. */
export async function askAndOpenFiles(): Promise<void> {
  const native = desktop();
  if (!native) return askAndOpen();
  try {
    const paths = await native.openFiles({
      title: 'Open image files',
      filters: [{ name: 'Images', extensions: ['dcm', 'zip', 'nii', 'gz', 'nrrd', 'nhdr', 'mha', 'mhd'] }],
    });
    if (paths.length > 0) await scan(paths);
  } catch (cause) {
    tellProblem('Opening', cause);
  }
}

/** The folder that holds the open case's. */
function besideCase(): string | null {
  const folder = useCase.getState().state?.folder ?? null;
  return folder ? folder.replace(/[\\/][^\\/]*[\\/]?$/, '') || '/' : null;
}

/** Asks for one labelmap file. Answers an absolute path or null. */
export async function askLabelmap(title: string): Promise<string | null> {
  const native = desktop();
  if (native)
    return (
      (await native.openFiles({ title, filters: [{ name: 'Labelmaps', extensions: ['nii', 'gz', 'nrrd', 'nhdr', 'mha', 'mhd'] }] }))[0] ??
      null
    );
  const answer = await askHere({ title, confirm: 'Take this file', purpose: 'file', suggestedName: '', startAt: besideCase() });
  return answer?.path ?? null;
}

/** Asks for a file of segments or annotations that another program wrote. Answers an absolute path or null. */
export async function askObjectFile(): Promise<string | null> {
  const title = 'Choose a file of segments or annotations';
  const native = desktop();
  if (native)
    return (
      (
        await native.openFiles({ title, filters: [{ name: 'SEG, RTSTRUCT, SR, AIM, NIfTI', extensions: ['dcm', 'xml', 'nii', 'gz'] }] })
      )[0] ?? null
    );
  const answer = await askHere({ title, confirm: 'Take this file', purpose: 'file', suggestedName: '', startAt: besideCase() });
  return answer?.path ?? null;
}

/** Asks where to write a file. Answers an absolute path or null. */
export async function askSavePath(suggestedName: string): Promise<string | null> {
  const native = desktop();
  const extension = suggestedName.split('.').at(-1) ?? 'stl';
  const filters = [{ name: extension.toUpperCase(), extensions: [extension] }];
  if (native) return native.saveFile({ title: 'Where to write the file', suggestedName, filters });
  const answer = await askHere({
    title: 'Where to write the file',
    confirm: 'Write here',
    purpose: 'save',
    suggestedName,
    startAt: besideCase(),
  });
  return answer?.path ?? null;
}

/** Asks for the place and name of a folder that is to be made. Answers an absolute path or null. */
export async function askNewFolder(suggestedName: string): Promise<string | null> {
  const title = 'Name a new folder';
  const native = desktop();
  if (native) return native.saveFile({ title, suggestedName });
  const answer = await askHere({ title, confirm: 'Write here', purpose: 'save', suggestedName, startAt: besideCase() });
  return answer?.path ?? null;
}

/** Opens what was dropped on the window. Only the desktop shell knows where a dropped file lies. */
export async function openDropped(files: FileList): Promise<'opened' | 'unknown-path'> {
  const native = desktop();
  const paths = native ? [...files].map((f) => native.pathForFile(f)).filter((p) => p !== '') : [];
  if (paths.length === 0) return 'unknown-path';
  if (paths.length === 1) await openPath(paths[0] as string);
  else await scan(paths);
  return 'opened';
}
