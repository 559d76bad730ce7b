import { create } from 'zustand';
import type { CaseMesh } from '../../contract/case.ts';
import type { MeshMap } from '../../contract/mesh.ts';
import { type MeshColours, scaleOf } from '../review/colour-scale.ts';
import { mapMesh } from '../stores/mesh-acts.ts';

export type ColourBy = 'plain' | MeshMap['kind'];

interface ModelColours {
  by: ColourBy;
  /** Maps that were measured, of one model each. */
  measured: { mesh: string; map: MeshMap; values: Float32Array }[];
  set: (next: Partial<Pick<ModelColours, 'by' | 'measured'>>) => void;
}

/** How the model is coloured, and the maps that were measured for it. */
export const useModelColours = create<ModelColours>()((set) => ({ by: 'plain', measured: [], set: (next) => set(next) }));

/** Measures what the colours ask for where that was not done for this model; refused or cancelled, the model goes back to bone. */
export async function measureFor(mesh: CaseMesh, by: ColourBy): Promise<void> {
  const { measured, set } = useModelColours.getState();
  if (by === 'plain' || measured.some((m) => m.mesh === mesh.id && m.map.kind === by)) return;
  const made = await mapMesh(mesh.id, by === 'thickness' ? { kind: 'thickness' } : { kind: 'deviation', against: 'mask' });
  if (!made) return set({ by: 'plain' });
  // Maps of earlier models go: each holds four bytes a vertex.
  const kept = useModelColours.getState().measured.filter((m) => m.mesh === mesh.id);
  set({ measured: [...kept, { mesh: mesh.id, ...made }] });
}

/** The colours of a model as chosen; null: bone, or not measured for it yet. */
export function coloursOf({ by, measured }: Pick<ModelColours, 'by' | 'measured'>, mesh: CaseMesh | null): MeshColours | null {
  const found = measured.find((m) => m.mesh === mesh?.id && m.map.kind === by);
  if (!found || !mesh) return null;
  const { map, values } = found;
  const limitMm = map.kind === 'thickness' ? mesh.settings.minimumWallMm : null;
  const { kind, histogram, minMm, maxMm } = map;
  return { kind, values, histogram, minMm, maxMm, limitMm, scale: scaleOf(map, limitMm) };
}
