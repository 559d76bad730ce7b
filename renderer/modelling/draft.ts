import { create } from 'zustand';
import type { CaseMesh, Segment } from '../../contract/case.ts';
import { type MeshSettings, meshSettings } from '../../contract/mesh.ts';
import type { MeshPreview } from '../../contract/routes.ts';

/** What a preview was made of, so that it says when it is older than the settings or the mask. */
export interface HeldPreview {
  segment: string;
  segmentName: string;
  mask: string;
  settings: MeshSettings;
  made: MeshPreview;
}

interface ModelDraft {
  /** The model that the changes start from; null: none was made yet. */
  of: string | null;
  changes: Partial<MeshSettings>;
  preview: HeldPreview | null;
  change: (mesh: CaseMesh | null, next: Partial<MeshSettings>) => void;
  set: (next: Partial<Pick<ModelDraft, 'preview' | 'changes' | 'of'>>) => void;
}

/** Settings of the next model: those of the last one, with what was changed since. They stay while another step is looked at. */
export const useDraft = create<ModelDraft>()((set) => ({
  of: null,
  changes: {},
  preview: null,
  change: (mesh, next) => {
    const of = mesh?.id ?? null;
    set((s) => ({ of, changes: s.of === of ? { ...s.changes, ...next } : next }));
  },
  set: (next) => set(next),
}));

export const defaults: MeshSettings = meshSettings.parse({});

/** The settings that Make model would use now. */
export function settingsNow(draft: Pick<ModelDraft, 'of' | 'changes'>, mesh: CaseMesh | null): MeshSettings {
  const from = mesh?.settings ?? defaults;
  return draft.of === (mesh?.id ?? null) ? { ...from, ...draft.changes } : from;
}

/** Whether two settings ask for the same model. What the printer can do changes its judgement, so it counts as well. */
export const sameSettings = (a: MeshSettings, b: MeshSettings): boolean =>
  (Object.keys(defaults) as (keyof MeshSettings)[]).every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));

/** Why a preview is not what would be made now; null: it is. */
export function previewAge(held: HeldPreview, settings: MeshSettings, segment: Segment | null): string | null {
  if (!segment || segment.id !== held.segment) return 'of another segment';
  if (JSON.stringify(segment.mask) !== held.mask) return 'older than the mask';
  return sameSettings(held.settings, settings) ? null : 'older than the settings';
}
