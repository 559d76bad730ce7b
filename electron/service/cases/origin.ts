import type { EffectName } from '../../../contract/effects.ts';
import type { AlgorithmType } from '../../../contract/object-files.ts';

/** What a mask carries with it through all that is made of it: what a network's result must be told with, and who worked on it. */
export interface Origin {
  /** NetworkRun.wording; null: no network had its say. */
  networkWording: string | null;
  /** SegmentAlgorithmType (PS3.3 C.8.20.4); null: nothing is in it yet. */
  way: AlgorithmType | null;
}

const just = (way: AlgorithmType): Origin => ({ networkWording: null, way });
/** A segment by hand before the first stroke. */
export const noOrigin: Origin = { networkWording: null, way: null };
export const byProgram = just('AUTOMATIC');
export const byHand = just('MANUAL');

const drawn = new Set<EffectName>(['scissors', 'level-trace', 'contour', 'island']);
/** A person says where, the program what. */
const shared = new Set<EffectName>(['flood-fill', 'roi']);

/** Whose work one effect is. */
export function originOfEffect(effect: EffectName): Origin {
  if (shared.has(effect)) return just('SEMIAUTOMATIC');
  return drawn.has(effect) ? byHand : byProgram;
}

/** What a file says of a segment in it; of one that says nothing nobody knows, so that it is neither. */
export function originOfFile(said: { networkWording: string | null; algorithmType: AlgorithmType | null }): Origin {
  return { networkWording: said.networkWording, way: said.algorithmType ?? 'SEMIAUTOMATIC' };
}

/** What is made of several: a network's wording stays, and hand and program together are half automatic. Cost: linear. */
export function together(...origins: Origin[]): Origin {
  return origins.reduce((a, b) => ({ networkWording: bothWordings(a.networkWording, b.networkWording), way: bothWays(a.way, b.way) }));
}

/** Runs of different versions may be worded differently: then both are told, each once. */
function bothWordings(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  if (a.includes(b)) return a;
  return b.includes(a) ? b : `${a}; ${b}`;
}

function bothWays(a: Origin['way'], b: Origin['way']): Origin['way'] {
  if (a === null || b === null) return a ?? b;
  return a === b ? a : 'SEMIAUTOMATIC';
}
