import type { Segment } from '../../contract/case.ts';
import { cavityReport } from '../../contract/cavity.ts';
import { count, fixed, share } from '../design/numbers.ts';

/** Whether somebody has drawn on it. */
export const byHand = (segment: Segment): boolean => segment.technique.some(({ parameters }) => parameters.strokes !== undefined);

/** What made a segment to begin with, in one word. */
function madeBy(segment: Segment): string {
  if (segment.network) return 'network';
  const { method, labels, effect } = segment.technique[0]?.parameters ?? {};
  if (method === 'manual') return 'hand';
  if (typeof method === 'string') return method;
  if (effect !== undefined) return 'part';
  return labels === undefined ? 'imported' : 'carried';
}

function strokesOf({ technique }: Segment): { added: number; removed: number } {
  const strokes = technique.filter(({ parameters }) => parameters.strokes !== undefined);
  const sum = (name: string): number => strokes.reduce((all, { parameters }) => all + Number(parameters[name] ?? 0), 0);
  return { added: sum('addedVoxels'), removed: sum('removedVoxels') };
}

/** Tools and what works on the whole segment; cleans count islands and runs have a method. */
const toolUsed = ({ technique }: Segment): boolean => technique.slice(1).some(({ parameters }) => parameters.effect !== undefined);

/**
 * Where a segment's voxels come from, in few words: 'threshold', 'threshold, hand 2 %'; `short` where there is no room for the share. That
 * is of voxels that strokes changed, by the counts of the journal; who set which voxel is told by 'Who drew it'. Cost: linear in the
 * technique.
 */
export function originOf(segment: Segment, short = false): string {
  const made = madeBy(segment);
  if (made === 'hand') return made;
  const { added, removed } = strokesOf(segment);
  if (added + removed === 0) return toolUsed(segment) ? `${made} + tools` : made;
  const changed = added + removed;
  if (short || changed >= segment.voxels) return `${made} + hand`;
  return `${made}, hand ${changed < 0.01 * segment.voxels ? share(changed, segment.voxels) : `${fixed((100 * changed) / segment.voxels, 0)} %`}`;
}

/** The same in a sentence, with the numbers behind its share. */
export function madeOf(segment: Segment): string {
  const made = `Made by ${madeBy(segment)}`;
  const { added, removed } = strokesOf(segment);
  if (added + removed === 0) return made;
  const voxels = `of its ${count(segment.voxels)} voxels, some perhaps more than once`;
  return `${made}; strokes by hand added ${count(added)} and removed ${count(removed)} ${voxels}`;
}

const parameterNames: Record<string, string> = {
  lowHu: 'from',
  highHu: 'to',
  seedHu: 'seeds from',
  connectivity: 'neighbours',
  minimumMm3: 'at least, mm³',
  seedLps: 'at',
  fillHoles: 'fill holes',
  keep: 'keep',
  addedVoxels: 'voxels added',
  removedVoxels: 'removed',
  partsBefore: 'islands before',
  partsAfter: 'after',
  roiLps: 'region LPS',
  mirror: 'mirror image',
  overlapHu: 'overlap HU',
  corticalWeight: 'cortical weight',
  outsideHu: 'outside from HU',
  airHu: 'no wall below HU',
  overwriteHand: 'hand overwritten',
  keptByHand: 'kept by hand',
  cleansDropped: 'cleans no longer in it',
  assumeHu: 'taken as HU',
  crf: 'field over probability and image',
  crfIterations: 'rounds',
  crfAppearanceMm: 'near, mm',
  crfAppearanceHu: 'like, HU',
  crfAppearanceWeight: 'weight',
  crfSmoothMm: 'smooth, mm',
  crfSmoothWeight: 'weight of smooth',
  crfSheetMm: 'only adds below, mm',
  crfTrust: 'trust in the mask',
  crfAdded: 'field added',
  crfRemoved: 'field removed',
  boneHu: 'bone from HU',
  closeMm: 'closes below, mm',
  side: 'side',
  faces: 'faces by',
  deviations: 'deviations',
  radiusMm: 'first ball, mm',
  reachMm: 'no further than, mm',
  cavity: 'volumes',
  labels: 'made coarser by',
  crfHeld: 'left as a hand or a clean had set them',
};

/** Both orbits' volumes: 'right 27.91 ml, left 28.10 ml'. */
function cavityWords(kept: unknown): string {
  const read = cavityReport.safeParse(kept);
  if (!read.success) return JSON.stringify(kept);
  const { left, right } = read.data;
  const sides = [right && `right ${(right.volumeMm3 / 1000).toFixed(2)} ml`, left && `left ${(left.volumeMm3 / 1000).toFixed(2)} ml`];
  return sides.filter((words) => words !== null).join(', ');
}

/** Parameters in words: 'from 200, neighbours 26'. A name without words stands as it is: nothing of a technique is left out. */
export function parameterWords(parameters: Record<string, unknown>): string {
  const own = new Set(['method', 'series', 'segment', 'name', 'strokes']);
  return Object.entries(parameters)
    .filter(([name, v]) => v !== null && v !== undefined && !own.has(name))
    .map(([name, v]) => {
      const value =
        name === 'cavity'
          ? cavityWords(v)
          : typeof v === 'number'
            ? String(Number(v.toFixed(3)))
            : typeof v === 'boolean'
              ? v
                ? 'yes'
                : 'no'
              : Array.isArray(v)
                ? v.map((n) => (typeof n === 'number' ? Number(n.toFixed(1)) : n)).join(', ')
                : typeof v === 'object'
                  ? JSON.stringify(v)
                  : String(v);
      const words = parameters.method === 'cavity' && name === 'airHu' ? 'air to HU' : (parameterNames[name] ?? name);
      return `${words} ${value}`;
    })
    .join(', ');
}
