import type { MeshFigures } from '../../contract/mesh.ts';

const counted = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** What a model consists of, in words: bodies and closed cavities apart; parts where they were not told apart. */
export function piecesOf({ parts, cavities }: Pick<MeshFigures, 'parts' | 'cavities'>): string {
  if (cavities === null) return counted(parts, 'part', 'parts');
  const bodies = counted(parts - cavities, 'body', 'bodies');
  return cavities === 0 ? bodies : `${bodies}, ${counted(cavities, 'closed cavity', 'closed cavities')}`;
}
