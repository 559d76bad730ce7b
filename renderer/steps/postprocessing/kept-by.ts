import type { CleanSettings, Island } from '../../../contract/segmentation.ts';

/**
 * Which of the listed islands a choice would keep, so that it is seen before it is applied. For a clicked seed the island is known only
 * when it was chosen from the list.
 */
export function keptBy(
  choice: { keep: CleanSettings['keep']; minimumMm3: number; seed: readonly [number, number, number] | null },
  islands: readonly Island[],
): { stays: Set<number>; droppedMm3: number } | null {
  const stays = new Set<number>();
  islands.forEach((island, n) => {
    const chosen = {
      all: true,
      largest: n === 0,
      minimum: island.volumeMm3 >= choice.minimumMm3,
      seed: choice.seed !== null && island.seedLps.every((v, axis) => v === choice.seed?.[axis]),
    }[choice.keep];
    if (chosen) stays.add(n);
  });
  if (choice.keep === 'seed' && stays.size === 0) return null;
  return { stays, droppedMm3: islands.reduce((sum, island, n) => sum + (stays.has(n) ? 0 : island.volumeMm3), 0) };
}
