import type { JournalEntry } from '../../../../contract/case.ts';
import { drawnEffects, type EffectName } from '../../../../contract/effects.ts';
import type { Author } from '../../../../contract/review.ts';
import { isNetwork } from '../../../../contract/segmentation.ts';
import type { AuthorStep } from '../../../processes/protocol.ts';
import { type ActParameters, actParameters } from '../../cases/act-parameters.ts';
import { outputOf } from '../../cases/make-mask.ts';
import { maskDelta } from '../../cases/mask-deltas.ts';
import { segmentIdOf } from '../../cases/segment-ids.ts';
import { undoneSequences } from '../../cases/undone.ts';

/** Where the bytes of a blob lie, and what they are. */
interface Blobs {
  blobPath(sha256: string): string;
  readBlob(sha256: string): Promise<Uint8Array>;
}

const filling = new Set<EffectName>(['flood-fill', 'grow-from-seeds', 'fill-between-slices']);
const drawn = new Set<EffectName>(drawnEffects);

/** Whose the bone is that an effect sets. */
function authorOf(effect: EffectName): Author {
  if (filling.has(effect)) return 'fill';
  return drawn.has(effect) ? 'hand' : 'clean';
}

const read = <A extends keyof ActParameters>(act: A, entry: JournalEntry) => actParameters[act].parse(entry.parameters) as ActParameters[A];

/** One change of a mask that stands: the mask as it then was (the entry's `nth` output), or the voxels that turned. */
async function changed(
  entry: JournalEntry,
  { segment, nth = 0, how }: { segment: string; nth?: number; how: 'mask' | 'flips' },
  author: Author,
  byHand: boolean,
  blobs: Blobs,
): Promise<AuthorStep> {
  if (how === 'flips') {
    const { value, runs } = await maskDelta(entry, segment, (sha256) => blobs.readBlob(sha256));
    return { kind: 'runs', runs, value, author, byHand, stroke: false };
  }
  return { kind: 'mask', path: blobs.blobPath(outputOf(entry, nth)), author, byHand, anew: false };
}

/** Which change of an act is that of the segment `id`: the one that made it, or the one of its mask; -1: none. */
const nthOf = (entry: JournalEntry, changes: readonly { into: string | null }[], id: string): number =>
  changes.findIndex(({ into }, n) => (into ?? segmentIdOf(entry.sequence, n, changes.length)) === id);

/** The step of one entry for the segment `id`; null: it does nothing to its voxels. `birth` tells of the segment that it was made of. */
async function stepOf(entry: JournalEntry, id: string, blobs: Blobs): Promise<AuthorStep | { birth: string; step: AuthorStep } | null> {
  const born = segmentIdOf(entry.sequence) === id;
  switch (entry.act) {
    case 'segment': {
      const { into, settings, overwriteHand, network } = read('segment', entry);
      if ((!born && into !== id) || settings.method === 'manual') return null;
      const author = isNetwork(settings) ? 'network' : 'threshold';
      // Outside of its region our own recipe goes by HU.
      const box = settings.method === 'default' && network ? network.box : null;
      return { kind: 'mask', path: blobs.blobPath(outputOf(entry)), author, anew: true, keepHand: !overwriteHand, box };
    }
    case 'adjust': {
      const { segment, settings } = read('adjust', entry);
      if (segment !== id) return null;
      return {
        kind: 'mask',
        path: blobs.blobPath(outputOf(entry)),
        author: 'network',
        anew: true,
        keepHand: !settings.overwriteHand,
        box: null,
      };
    }
    case 'clean': {
      const { segment, change } = read('clean', entry);
      return segment === id ? changed(entry, { segment, how: change }, 'clean', false, blobs) : null;
    }
    case 'effect': {
      const { segment, settings, changes } = read('effect', entry);
      const author = authorOf(settings.effect);
      const nth = nthOf(entry, changes, id);
      const change = changes[nth];
      if (!change) return null;
      const step = await changed(entry, { segment: id, nth, how: change.change }, author, author === 'hand', blobs);
      return change.into === null ? { birth: segment, step } : step;
    }
    case 'carry':
      // The series is another one, so that voxels have no history there: they came as a whole, as from a file.
      return born ? changed(entry, { segment: id, how: 'mask' }, 'file', false, blobs) : null;
    case 'load': {
      const { changes } = read('load', entry);
      const nth = nthOf(entry, changes, id);
      const change = changes[nth];
      return change ? changed(entry, { segment: id, nth, how: change.change }, 'file', false, blobs) : null;
    }
    case 'stroke': {
      if (read('stroke', entry).segment !== id) return null;
      const { value, runs } = await maskDelta(entry, id, (sha256) => blobs.readBlob(sha256));
      return { kind: 'runs', runs, value, author: 'hand', byHand: true, stroke: true };
    }
    default:
      return null;
  }
}

const isAnew = (step: AuthorStep): boolean => step.kind === 'mask' && step.anew;
const forgetsHand = (step: AuthorStep): boolean => step.kind === 'mask' && step.anew && !step.keepHand;

/** Before a mask that was made anew only what strokes said counts, and of those only the ones since a run was told to overwrite them. */
function needed(steps: AuthorStep[]): AuthorStep[] {
  const from = steps.findLastIndex(isAnew);
  const since = Math.max(0, steps.findLastIndex(forgetsHand));
  const said = steps.slice(since, Math.max(0, from)).filter((step) => step.kind === 'birth' || (step.kind === 'runs' && step.stroke));
  return from < 0 ? steps : [...said, ...steps.slice(from)];
}

/**
 * What the journal says was done to a segment's voxels, in order; acts that are undone do not count. A segment that an effect made of another
 * begins with that one's history. Network runs go beyond the box of their region by HU, which an adjustment leaves as it is.
 * Cost: linear in the entries; the runs of every stroke are read.
 */
export async function authorSteps(entries: readonly JournalEntry[], segment: string, blobs: Blobs): Promise<AuthorStep[]> {
  const undone = undoneSequences(entries);
  const walk = async (id: string, before: number): Promise<AuthorStep[]> => {
    const steps: AuthorStep[] = [];
    let box: Extract<AuthorStep, { anew: true }>['box'] = null;
    for (const entry of entries) {
      if (entry.sequence >= before) break;
      if (undone.has(entry.sequence)) continue;
      const step = await stepOf(entry, id, blobs);
      if (!step) continue;
      if ('birth' in step) steps.push(...(await walk(step.birth, entry.sequence)), { kind: 'birth' }, step.step);
      else if (step.kind === 'mask' && step.anew) {
        if (entry.act === 'segment') box = step.box;
        steps.push({ ...step, box });
      } else steps.push(step);
    }
    return needed(steps);
  };
  return walk(segment, Number.POSITIVE_INFINITY);
}
