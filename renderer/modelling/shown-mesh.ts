import type { CaseMesh } from '../../contract/case.ts';
import { useCase } from '../stores/case.ts';

/** The model that Model and Export speak about: the newest one of the case. */
export const useShownMesh = (): CaseMesh | null => useCase((s) => s.state?.meshes.at(-1) ?? null);
