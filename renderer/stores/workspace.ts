import { create } from 'zustand';

/** The eight steps of a case, in the order of the rail. */
export const steps = ['prepare', 'preprocess', 'segment', 'correct', 'clean', 'evaluate', 'model', 'export'] as const;
export type Step = (typeof steps)[number];

export interface FolderQuestion {
  title: string;
  confirm: string;
  /** 'open' takes folders, image files and cases; 'file' one file; 'save' takes a folder and a file name. */
  purpose: 'open' | 'file' | 'save';
  suggestedName: string;
  startAt: string | null;
  answer: (path: string | null, kind: 'folder' | 'file' | 'case') => void;
}

interface WorkspaceState {
  /** null: the start screen. */
  step: Step | null;
  palette: 'commands' | 'goto' | null;
  keySheet: boolean;
  folderQuestion: FolderQuestion | null;
  /** The list of networks with their deployment. */
  models: boolean;
  /** The strip below the planes: methods on one slice. */
  compare: boolean;
  set: (change: Partial<Omit<WorkspaceState, 'set'>>) => void;
}

export const useWorkspace = create<WorkspaceState>()((set) => ({
  step: null,
  palette: null,
  keySheet: false,
  folderQuestion: null,
  models: false,
  compare: false,
  set: (change) => set(change),
}));

export const isStep = (text: string): text is Step => (steps as readonly string[]).includes(text);
