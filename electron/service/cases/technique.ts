import type { Segment } from '../../../contract/case.ts';
import { counted } from './act-names.ts';

/** One act in a segment's making. `voxels` of a stroke are signed: added above zero, removed below. */
export type Making =
  | { kind: 'act' | 'clean'; sequence: number; name: string; parameters: Record<string, unknown> }
  | { kind: 'stroke'; sequence: number; voxels: number };

/** I-technique: the lines that a person reads. Strokes in a row become one, under the sequence of the first. Cost: linear. */
export function techniqueLines(making: readonly Making[]): Segment['technique'] {
  const lines: Segment['technique'] = [];
  let run: { strokes: number; addedVoxels: number; removedVoxels: number } | null = null;
  // Told once a run, not once a stroke: a state is asked for after each of thousands.
  const tell = (): void => {
    if (run) lines.at(-1)!.name = `${counted(run.strokes, 'stroke')} by hand`;
  };
  for (const made of making) {
    if (made.kind !== 'stroke') {
      tell();
      run = null;
      lines.push({ sequence: made.sequence, name: made.name, parameters: made.parameters });
      continue;
    }
    if (!run) {
      run = { strokes: 0, addedVoxels: 0, removedVoxels: 0 };
      lines.push({ sequence: made.sequence, name: '', parameters: run });
    }
    run.strokes++;
    if (made.voxels > 0) run.addedVoxels += made.voxels;
    else run.removedVoxels -= made.voxels;
  }
  tell();
  return lines;
}
