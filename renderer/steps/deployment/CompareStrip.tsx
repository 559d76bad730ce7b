import { Play, X } from 'lucide-react';
import { useState } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { networkWording } from '../../../contract/model.ts';
import { Choice } from '../../design/Choice.tsx';
import { ml } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import { methodNames, methodOf } from '../../segments/method-names.ts';
import { useCase } from '../../stores/case.ts';
import { runMethods } from '../../stores/segment-acts.ts';
import { type Plane, useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { ComparePicture } from './ComparePicture.tsx';
import { listed, missingOf, techniqueWords } from './comparison.ts';
import { DifferenceTile, onlyColours } from './DifferenceTile.tsx';
import { type Field, usePictureSize, useSlicePictures, useSliceView } from './use-slice-pictures.ts';
import { networkRefusal } from './words.ts';

/** Runs what is missing of A, B, C and ours; says why when it cannot. */
function RunMissing({ segments }: { segments: Segment[] }) {
  const { state, series, busy } = useCase();
  const missing = missingOf(segments);
  const shown = state?.series.find((s) => s.seriesInstanceUid === series);
  const why = state?.readOnly
    ? 'The case is read-only.'
    : busy
      ? `${busy} is running.`
      : missing.length === 0
        ? 'A, B, C and ours are all here.'
        : networkRefusal(shown);
  return (
    <button
      type="button"
      className="btn"
      data-testid={testids.compareRun}
      disabled={why !== null}
      title={why ?? 'One after another, each a segment of its own'}
      onClick={() => void runMethods(missing)}
    >
      <Play {...icon} size={14} />
      Run {listed(missing.length === 0 ? ['A', 'B', 'C', 'ours'] : missing.map((m) => m.short))}
    </button>
  );
}

function Tile({ segment, picture, width, height }: { segment: Segment; picture: Uint32Array<ArrayBuffer>; width: number; height: number }) {
  const active = useViewer((s) => s.activeSegment === segment.id);
  const of = methodOf(segment);
  return (
    <button
      type="button"
      className={active ? 'tile on' : 'tile'}
      aria-pressed={active}
      data-testid={testids.compareTile}
      data-segment={segment.id}
      onClick={() => useViewer.getState().set({ activeSegment: segment.id })}
    >
      <ComparePicture picture={picture} width={width} height={height} label={`${segment.name} on the slice`} />
      <span className="words">
        <span className="row">
          <b className="grow clip">{segment.name}</b>
          <span className="cap">{of ? methodNames[of.method].letter : ''}</span>
        </span>
        <span className="row cap">
          <span className="grow clip">{techniqueWords(segment)}</span>
          <span className="num">{ml(segment.volumeMm3)} ml</span>
        </span>
      </span>
    </button>
  );
}

/** The methods side by side on the slice of the crosshair: outlines on the CT, volumes, and where two of them disagree. */
export function CompareStrip() {
  const { state, series } = useCase();
  const layers = useViewer((s) => s.layers);
  const [plane, setPlane] = useState<Plane>('axial');
  const [field, setField] = useState<Field>('region');
  const [pair, setPair] = useState<[string | null, string | null]>([null, null]);
  const [place, size] = usePictureSize();
  const layerOf = (id: string | undefined) => layers.find((l) => l.segmentId === id);
  const segments = (state?.segments ?? []).filter((s) => s.series === series && layerOf(s.id));
  const first = segments.find((s) => s.id === pair[0]) ?? segments.at(0);
  const second = segments.find((s) => s.id === pair[1]) ?? segments.findLast((s) => s.id !== first?.id);
  const [firstLayer, secondLayer] = [layerOf(first?.id), layerOf(second?.id)];
  const seen = useSliceView(plane, field, size);
  const { outlined, differing } = useSlicePictures(seen?.view ?? null, [firstLayer, secondLayer], onlyColours);
  if (!seen) return null;
  const { width, height } = seen.view;
  return (
    <section className="compare" aria-label="Methods on this slice" data-testid={testids.compareStrip}>
      <header>
        <h2>Methods on this slice</h2>
        <span className="cap">
          {plane} {seen.slice.number} of {seen.slice.count}
        </span>
        <span className="grow" />
        <Choice
          label="Field of the pictures"
          value={field}
          options={[
            { value: 'region', label: 'Region', tip: 'Where the network worked' },
            { value: 'crosshair', label: '60 mm', tip: 'Round the crosshair' },
            { value: 'whole', label: 'Whole' },
          ]}
          onChange={setField}
        />
        <Choice
          label="Plane of the pictures"
          value={plane}
          options={[
            { value: 'axial', label: 'Ax' },
            { value: 'coronal', label: 'Cor' },
            { value: 'sagittal', label: 'Sag' },
          ]}
          onChange={setPlane}
        />
        <RunMissing segments={segments} />
        <button
          type="button"
          className="tb small"
          aria-label="Close the comparison"
          onClick={() => useWorkspace.getState().set({ compare: false })}
        >
          <X {...icon} />
        </button>
      </header>
      <div className="tiles" ref={place}>
        {segments.map((s) => {
          const picture = outlined?.get(s.id);
          return picture ? <Tile key={s.id} segment={s} picture={picture} width={width} height={height} /> : null;
        })}
        {differing && first && second && firstLayer && secondLayer && (
          <DifferenceTile
            segments={segments}
            pair={[first, second]}
            layers={[firstLayer, secondLayer]}
            picture={differing}
            width={width}
            height={height}
            onPair={(one, other) => setPair([one, other])}
          />
        )}
        {segments.length === 0 && (
          <div className="tile none">No segment on this series yet. Run the methods, or make one on the right.</div>
        )}
      </div>
      <p className="cap">Networks {networkWording}.</p>
    </section>
  );
}
