import { Play, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { networkWording } from '../../../contract/model.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { Choice } from '../../design/Choice.tsx';
import { count, ml } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import { methodNames, methodOf } from '../../segments/method-names.ts';
import { useCase } from '../../stores/case.ts';
import { countDifference, type Difference } from '../../stores/differences.ts';
import { runMethods } from '../../stores/segment-acts.ts';
import { type MaskLayer, type Plane, useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { colourOf, difference, greys, outline, type SliceView, sliceGrid, sliceThrough } from '../../viewports/index.ts';
import { ComparePicture } from './ComparePicture.tsx';
import { listed, missingOf } from './comparison.ts';
import { networkRefusal } from './words.ts';

const onlyFirst = 'var(--extra)';
const onlySecond = 'var(--missed)';

/** Device pixels of one picture, following its place. */
function usePictureSize(): [React.RefObject<HTMLDivElement | null>, { width: number; height: number }] {
  const place = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 200, height: 132 });
  useEffect(() => {
    const measure = () => {
      const canvas = place.current?.querySelector('canvas');
      const ratio = window.devicePixelRatio || 1;
      if (!canvas?.clientWidth) return;
      const now = { width: Math.round(canvas.clientWidth * ratio), height: Math.round(canvas.clientHeight * ratio) };
      setSize((old) => (old.width === now.width && old.height === now.height ? old : now));
    };
    const observer = new ResizeObserver(measure);
    if (place.current) observer.observe(place.current);
    measure();
    return () => observer.disconnect();
  });
  return [place, size];
}

function words(segment: Segment): string {
  const of = methodOf(segment);
  if (!of) return 'imported';
  if (of.method === 'threshold') return of.highHu === null ? `≥ ${of.lowHu} HU` : `${of.lowHu} to ${of.highHu} HU`;
  if (of.method === 'hysteresis') return `≥ ${of.seedHu}, grown ≥ ${of.lowHu} HU`;
  return `${methodNames[of.method].name}, p ≥ ${of.probability.toFixed(2)}`;
}

const letterOf = (segment: Segment): string => {
  const of = methodOf(segment);
  return of ? methodNames[of.method].letter : '';
};

/** Voxels that only one of two segments has; counted again when one of them changes. */
function useDifference(one: MaskLayer | undefined, other: MaskLayer | undefined): Difference | null {
  const revision = useViewer((s) => s.revision);
  const [found, setFound] = useState<Difference | null>(null);
  // Voxels change in place: the revision says so.
  useEffect(() => {
    setFound(null);
    if (!one || !other || one.values.length !== other.values.length) return;
    let wanted = true;
    void countDifference(one.values, other.values, () => wanted).then((d) => wanted && setFound(d));
    return () => {
      wanted = false;
    };
  }, [one?.values, other?.values, revision]);
  return found;
}

/** The methods side by side on the slice of the crosshair: outlines on the CT, volumes, and where two of them disagree. */
export function CompareStrip() {
  const { state, series, busy } = useCase();
  const { volume, layers, window: shownWindow, crosshairLps, activeSegment, revision } = useViewer();
  const [plane, setPlane] = useState<Plane>('axial');
  const [field, setField] = useState<'near' | 'whole'>('near');
  const [pair, setPair] = useState<[string | null, string | null]>([null, null]);
  const [place, size] = usePictureSize();
  const all = state?.segments ?? [];
  const segments = all.filter((s) => s.series === series && layers.some((l) => l.segmentId === s.id));
  const layerOf = (id: string | undefined) => layers.find((l) => l.segmentId === id);
  const first = segments.find((s) => s.id === pair[0]) ?? segments.at(0);
  const second = segments.find((s) => s.id === pair[1]) ?? segments.findLast((s) => s.id !== first?.id);
  const differing = useDifference(layerOf(first?.id), second && layerOf(second.id));
  const slice = volume && sliceThrough(volume, plane, crosshairLps);
  const view = useMemo<SliceView | null>(() => {
    if (!volume || !slice) return null;
    const extent = Math.max(...volume.geometry.dimensions.map((n, a) => n * volume.geometry.spacingMm[a]!));
    const widthMm = field === 'near' ? 84 : Math.max(extent, (extent * size.width) / size.height);
    return { plane, centreLps: slice.pointLps, widthMm, ...size };
  }, [volume, slice?.pointLps.join(), plane, field, size]);
  const base = useMemo(
    () => (volume && view ? { grid: sliceGrid(volume, view), grey: greys(volume, view, shownWindow) } : null),
    [volume, view, shownWindow],
  );
  // Voxels change in place: the revision says so.
  const pictures = useMemo(() => {
    if (!base) return null;
    const classes = new Uint8Array(base.grey.length);
    const line = 1.5 * (window.devicePixelRatio || 1);
    return new Map(
      layers.map((layer) => {
        const picture = base.grey.slice();
        outline(base.grid, layer.values, colourOf(layer.colour), line, classes, picture);
        return [layer.segmentId, picture] as const;
      }),
    );
  }, [base, layers, revision]);
  // Voxels change in place: the revision says so.
  const differencePicture = useMemo(() => {
    const [one, other] = [layerOf(first?.id), layerOf(second?.id)];
    if (!base || !one || !other) return null;
    const picture = base.grey.slice();
    difference(base.grid, one.values, other.values, [colourOf(onlyFirst), colourOf(onlySecond)], picture);
    return picture;
  }, [base, layers, first?.id, second?.id, revision]);
  if (!volume || !view || !slice) return null;

  const missing = missingOf(segments);
  const shown = state?.series.find((s) => s.seriesInstanceUid === series);
  const why = state?.readOnly
    ? 'The case is read-only.'
    : busy
      ? `${busy} is running.`
      : missing.some((m) => m.short !== 'A')
        ? networkRefusal(shown)
        : missing.length === 0
          ? 'A, B, C and ours are all here.'
          : null;
  const each = voxelVolumeMm3(volume.geometry);
  const pick = (which: 0 | 1, label: string, chosen: Segment | undefined) => (
    <select
      className="pick"
      aria-label={label}
      value={chosen?.id ?? ''}
      onChange={(e) => setPair(which === 0 ? [e.target.value, second?.id ?? null] : [first?.id ?? null, e.target.value])}
    >
      {segments.map((s) => (
        <option key={s.id} value={s.id}>
          {s.name}
        </option>
      ))}
    </select>
  );
  return (
    <section className="compare" aria-label="Methods on this slice" data-testid={testids.compareStrip}>
      <header>
        <h2>Methods on this slice</h2>
        <span className="cap">
          {plane} slice {slice.number} of {slice.count}
        </span>
        <span className="cap clip grow xl">networks {networkWording}</span>
        <span className="grow" />
        <Choice
          label="Field of the pictures"
          value={field}
          options={[
            { value: 'near', label: '84 mm', tip: 'Round the crosshair' },
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
        <button
          type="button"
          className="btn"
          data-testid={testids.compareRun}
          disabled={why !== null}
          title={why ?? 'One after another, each a segment of its own'}
          onClick={() => void runMethods(missing)}
        >
          <Play {...icon} size={14} />
          Run {missing.length === 0 || missing.length === 4 ? 'A, B, C and ours' : listed(missing.map((m) => m.short))}
        </button>
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
          const picture = pictures?.get(s.id);
          return (
            <button
              type="button"
              key={s.id}
              className={s.id === activeSegment ? 'tile on' : 'tile'}
              aria-pressed={s.id === activeSegment}
              data-testid={testids.compareTile}
              data-segment={s.id}
              onClick={() => useViewer.getState().set({ activeSegment: s.id })}
            >
              {picture && <ComparePicture picture={picture} width={view.width} height={view.height} label={`${s.name} on the slice`} />}
              <span className="words">
                <span className="row">
                  <b className="grow clip">{s.name}</b>
                  <span className="cap">{letterOf(s)}</span>
                </span>
                <span className="row cap">
                  <span className="grow clip">{words(s)}</span>
                  <span className="num">{ml(s.volumeMm3)} ml</span>
                </span>
              </span>
            </button>
          );
        })}
        {differencePicture && first && second && (
          <div className="tile" data-testid={testids.compareDifference}>
            <ComparePicture picture={differencePicture} width={view.width} height={view.height} label="Where the two disagree" />
            <span className="words">
              <span className="row">
                <i className="chip-plain" style={{ background: onlyFirst }} />
                <span className="cap">only</span>
                {pick(0, 'First of the two', first)}
                <span className="cap num grow r" title={differing ? `${count(differing.onlyOne)} voxels` : undefined}>
                  {differing ? `${ml(differing.onlyOne * each)} ml` : '…'}
                </span>
              </span>
              <span className="row">
                <i className="chip-plain" style={{ background: onlySecond }} />
                <span className="cap">only</span>
                {pick(1, 'Second of the two', second)}
                <span className="cap num grow r" title={differing ? `${count(differing.onlyOther)} voxels` : undefined}>
                  {differing ? `${ml(differing.onlyOther * each)} ml` : '…'}
                </span>
              </span>
            </span>
          </div>
        )}
        {segments.length === 0 && (
          <div className="tile none">No segment on this series yet. Run the methods, or make one on the right.</div>
        )}
      </div>
    </section>
  );
}
