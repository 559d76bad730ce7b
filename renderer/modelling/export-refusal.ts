import type { CaseMesh } from '../../contract/case.ts';

/** Why a model cannot be written now; null: it can. `anyway`: a failed check was overruled by hand. */
export function exportRefusal(mesh: Pick<CaseMesh, 'current' | 'reasons'>, anyway: boolean, busy: string | null): string | null {
  if (!mesh.current) return 'The segment has changed: make the model again.';
  if (mesh.reasons.length > 0 && !anyway) return 'The model failed its check.';
  return busy ? `${busy} is running.` : null;
}
