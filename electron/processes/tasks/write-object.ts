import type { ObjectKind } from '../../../contract/object-files.ts';
import { citationWords } from '../../ports/objects/cited-images.ts';
import { deidentified } from '../../ports/objects/deidentify.ts';
import type { ObjectSegment, ObjectWriter } from '../../ports/objects/object-input.ts';
import { withPlainNames } from '../../ports/objects/plain-names.ts';
import { withoutRepeatedOutlines } from '../../ports/objects/repeated-outlines.ts';
import type { Task } from '../protocol.ts';
import { readMaskBits, writeDurably } from './masks.ts';

/** Loaded when asked for: each kind brings its own tables. */
const writers: Record<ObjectKind, () => Promise<ObjectWriter>> = {
  seg: async () => (await import('../../ports/objects/seg-write.ts')).writeSeg,
  'labelmap-seg': async () => (await import('../../ports/objects/labelmap-seg-write.ts')).writeLabelmapSeg,
  rtstruct: async () => (await import('../../ports/objects/rtstruct-write.ts')).writeRtstruct,
  sr: async () => (await import('../../ports/objects/sr-write.ts')).writeSr,
  aim: async () => (await import('../../ports/objects/aim-write.ts')).writeAim,
  'encapsulated-stl': async () => (await import('../../ports/objects/encapsulated-stl-write.ts')).writeEncapsulatedStl,
  nifti: async () => (await import('../../ports/objects/nifti-labels-write.ts')).writeNifti,
};

/**
 * 9.1-interop, P-export: one object file, whole or not at all. Without outlines that repeat a segment of the file, with names that any kind
 * can hold, and de-identified before its writer sees it where that was asked for.
 */
export const writeObject: Task<'writeObject'> = async (task, context) => {
  const { dimensions } = task.series;
  const tick = () => context.throwIfCancelled();
  const segments: ObjectSegment[] = [];
  for (const [n, { mask, ...one }] of task.segments.entries()) {
    context.progress((0.3 * n) / task.segments.length, 'Reading the segments');
    tick();
    segments.push({ ...one, bits: await readMaskBits(mask, dimensions) });
  }
  context.progress(0.3, 'Writing');
  const lean = withoutRepeatedOutlines({ ...task, segments }, tick);
  const plain = withPlainNames(lean.input);
  const { input, findings } = deidentified(plain.input);
  const written = await (await writers[task.kind]())(input, tick);
  context.progress(0.9, 'Writing');
  const file = await writeDurably(task.path, written.bytes, tick);
  context.progress(1, 'Written');
  const told = [...lean.findings, ...plain.findings, ...findings, ...written.findings, ...citationWords(input)];
  return { ...file, markups: input.markups.length, findings: told };
};
