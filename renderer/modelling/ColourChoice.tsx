import { useEffect } from 'react';
import type { CaseMesh } from '../../contract/case.ts';
import { Choice } from '../design/Choice.tsx';
import { useCase } from '../stores/case.ts';
import { testids } from '../testids.ts';
import { type ColourBy, measureFor, useModelColours } from './model-colours.ts';

const options: { value: ColourBy; label: string; tip: string }[] = [
  { value: 'plain', label: 'Plain', tip: 'Bone' },
  { value: 'thickness', label: 'Thickness', tip: 'Thickness of the wall at each place' },
  { value: 'deviation', label: 'Deviation', tip: 'Distance from the surface of the mask, above 0 outside' },
];

/** Bone, wall thickness or distance from the mask; the last two are measured when they are first asked for. */
export function ColourChoice({ mesh }: { mesh: CaseMesh }) {
  const { by, set } = useModelColours();
  const busy = useCase((s) => s.busy);
  const stale = by === 'deviation' && !mesh.current;
  // A model that was made again keeps its colours: they are measured on it anew.
  useEffect(() => {
    void measureFor(mesh, by);
  }, [mesh.id, by]);
  return (
    <>
      <Choice
        label="How the model is coloured"
        testid={testids.modelColours}
        value={by}
        disabled={busy !== null}
        options={options.map((o) => (busy ? { ...o, tip: `${busy} is running.` } : o))}
        onChange={(next) => set({ by: next })}
      />
      {stale && <span className="tag s-warn">the mask has changed since</span>}
    </>
  );
}
