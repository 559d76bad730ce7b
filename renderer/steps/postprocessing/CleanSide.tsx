import { RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { type CleanSettings, type Connectivity, type CrfChoice, crfDefaults, type Island } from '../../../contract/segmentation.ts';
import { lpsToIndex } from '../../../kernels/volume/geometry.ts';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { count, fixed, ml } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { Switch } from '../../design/Switch.tsx';
import { icon } from '../../frame/step-names.tsx';
import { SegmentList } from '../../segments/SegmentList.tsx';
import { clean, listIslands } from '../../stores/acts.ts';
import { activeSegmentOf, useCase } from '../../stores/case.ts';
import { takeTool } from '../../stores/tools.ts';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { goTo } from '../../viewports/index.ts';
import { CrfSection } from './CrfSection.tsx';
import { useCleanPart } from './clean-part.ts';
import { EffectSide } from './EffectSide.tsx';
import { keptBy } from './kept-by.ts';
import { PreviewDock } from './PreviewDock.tsx';

const keeps: { keep: CleanSettings['keep']; name: string; words: string }[] = [
  { keep: 'largest', name: 'Keep the largest', words: 'every other island goes' },
  { keep: 'seed', name: 'Keep the one clicked', words: 'press 3 and click it in a plane, or choose it in the list' },
  { keep: 'minimum', name: 'Drop small ones', words: 'islands below a volume go' },
  { keep: 'all', name: 'Keep all', words: 'no island goes' },
];

/** Whether a patient point lies in the selected segment's mask, by its nearest voxel. */
function inMask(pointLps: Point): boolean {
  const { volume, layers, activeSegment } = useViewer.getState();
  const layer = layers.find((l) => l.segmentId === activeSegment);
  if (!volume || !layer) return false;
  const [nx, ny, nz] = volume.geometry.dimensions;
  const [i, j, k] = lpsToIndex(volume.geometry, ...pointLps).map(Math.round) as Point;
  return i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz && layer.values[(k * ny + j) * nx + i] === 1;
}

interface Listed {
  segment: string;
  /** The mask that was counted, so that the list says when it is old. */
  mask: string;
  connectivity: Connectivity;
  islands: Island[];
  total: number;
}

/** Clean: islands, holes and thin structures, or one effect on the whole mask; each with a preview. */
export function CleanSide() {
  const { part, set: setPart } = useCleanPart();
  return (
    <>
      <SegmentList technique="active" />
      <div className="opt clean-parts">
        <Choice
          grow
          label="What is done to the segment"
          testid={testids.cleanPart}
          value={part}
          options={[
            { value: 'islands', label: 'Islands and holes' },
            { value: 'effect', label: 'Effects' },
          ]}
          onChange={setPart}
        />
      </div>
      {part === 'islands' ? <IslandsSide /> : <EffectSide />}
    </>
  );
}

/** Which islands stay, through which neighbours they hang together, holes; the islands with their volumes. */
function IslandsSide() {
  const { state, busy } = useCase();
  const activeId = useViewer((s) => s.activeSegment);
  const tool = useViewer((s) => s.tool);
  const active = activeSegmentOf(state, activeId);
  const [keep, setKeep] = useState<CleanSettings['keep']>('largest');
  const [connectivity, setConnectivity] = useState<Connectivity>(26);
  const [minimumMm3, setMinimum] = useState(50);
  const [seed, setSeed] = useState<Point | null>(null);
  const [fill, setFill] = useState(true);
  const [crf, setCrf] = useState(false);
  const [crfChoice, setCrfChoice] = useState<CrfChoice>(crfDefaults);
  const [listed, setListed] = useState<Listed | null>(null);
  const mask = active ? JSON.stringify(active.mask) : '';
  const fresh = listed !== null && listed.segment === activeId && listed.mask === mask && listed.connectivity === connectivity;

  useEffect(() => {
    useViewer.getState().set({
      onPick: (lps) => {
        setSeed(lps);
        setKeep('seed');
      },
    });
    return () => useViewer.getState().set({ onPick: () => {} });
  }, []);

  const list = async () => {
    if (!active) return;
    const found = await listIslands(active.id, connectivity);
    if (found) setListed({ segment: active.id, mask, connectivity, ...found });
  };
  const kept = useMemo(
    () => (fresh && listed ? keptBy({ keep, minimumMm3, seed }, listed.islands) : null),
    [fresh, listed, keep, minimumMm3, seed],
  );
  const why = !active
    ? 'No segment is selected.'
    : state?.readOnly
      ? 'The case is read-only.'
      : busy
        ? `${busy} is running.`
        : keep === 'seed' && !seed
          ? 'Click the island to keep first.'
          : keep === 'seed' && seed && !inMask(seed)
            ? `The clicked point is not in ${active.name}. Click inside the island to keep.`
            : keep === 'all' && !fill && !crf
              ? 'Nothing to do: switch on Thin structures or Fill holes, or choose what to keep.'
              : null;
  const settings: CleanSettings = {
    keep,
    connectivity,
    fillHoles: fill,
    crf,
    ...(crf ? crfChoice : {}),
    ...(keep === 'minimum' ? { minimumMm3 } : {}),
    ...(keep === 'seed' && seed ? { seedLps: seed } : {}),
  };
  const largest = listed?.islands[0]?.volumeMm3 ?? 1;
  return (
    <>
      <CrfSection
        on={crf}
        choice={crfChoice}
        segment={active}
        onChange={(on, choice) => {
          setCrf(on);
          setCrfChoice(choice);
        }}
      />
      <Section title="Islands to keep">
        <div className="choices" role="radiogroup" aria-label="Islands to keep">
          {keeps.map((k) => (
            <label key={k.keep} className={k.keep === keep ? 'on' : ''} data-testid={testids.keep(k.keep)}>
              <input
                type="radio"
                name="keep"
                checked={k.keep === keep}
                onChange={() => {
                  setKeep(k.keep);
                  if (k.keep === 'seed' && tool !== 'pick') takeTool('pick');
                }}
              />
              <span className="t">{k.name}</span>
              <span className="cap">{k.keep === 'seed' && seed ? `at ${seed.map((v) => fixed(v, 1)).join(', ')} mm` : k.words}</span>
            </label>
          ))}
        </div>
        {keep === 'minimum' && (
          <div className="opt">
            <span className="lb">Below</span>
            <span className="grow cap">{ml(minimumMm3)} ml</span>
            <NumberField
              label="Smallest volume that stays"
              unit="mm³"
              value={minimumMm3}
              min={0.001}
              max={1e9}
              testid={testids.minimumMm3}
              onChange={(v) => v !== null && setMinimum(v)}
            />
          </div>
        )}
        <div className="opt">
          <span className="lb">Through</span>
          <Choice
            grow
            label="Connectivity"
            testid={testids.connectivity}
            value={connectivity}
            options={[
              { value: 6, label: '6', tip: '3D: faces' },
              { value: 18, label: '18', tip: '3D: faces and edges' },
              { value: 26, label: '26', tip: '3D: faces, edges and corners' },
              { value: 4, label: '2D 4', tip: 'slice by slice: sides' },
              { value: 8, label: '2D 8', tip: 'slice by slice: sides and corners' },
            ]}
            onChange={setConnectivity}
          />
        </div>
        <div className="opt">
          <span className="lb">Fill</span>
          <span className="grow">closed holes inside</span>
          <Switch label="Fill holes" on={fill} testid={testids.fillHoles} onChange={setFill} />
        </div>
      </Section>
      <Section
        title="Islands"
        end={
          <>
            <span className="cap num">{listed && fresh ? `${count(listed.total)}` : listed ? 'older than the mask' : ''}</span>
            <button
              type="button"
              className="btn"
              disabled={!active || busy !== null}
              aria-label={listed ? 'List the islands again' : 'List the islands'}
              data-testid={testids.listIslands}
              onClick={() => void list()}
            >
              {listed ? <RefreshCw {...icon} /> : 'List'}
            </button>
          </>
        }
      >
        {!listed && <p className="pad">List counts the islands of the segment, largest first. A click brings the views to one.</p>}
        {listed && (
          <div className="islands" style={{ opacity: fresh ? 1 : 0.5 }}>
            {listed.islands.map((island, n) => (
              <button
                type="button"
                key={island.seedLps.join()}
                className={kept && !kept.stays.has(n) ? 'island gone' : 'island'}
                data-testid={testids.island}
                data-voxels={island.voxels}
                title={`${count(island.voxels)} voxels; shows it${keep === 'seed' ? ' and keeps it' : ''}`}
                onClick={() => {
                  goTo(island.seedLps);
                  if (keep === 'seed') setSeed(island.seedLps);
                }}
              >
                <span className="cap num">{n + 1}</span>
                <span className="bar" style={{ width: `${Math.max(1, (island.volumeMm3 / largest) * 100)}%` }} />
                <b>
                  {ml(island.volumeMm3)} <span className="cap">ml</span>
                </b>
              </button>
            ))}
            {listed.total > listed.islands.length && (
              <p className="pad cap">and {count(listed.total - listed.islands.length)} smaller ones that are not listed</p>
            )}
          </div>
        )}
      </Section>
      <div className="dock">
        {kept && listed && keep !== 'all' && (
          <span className="cap num">
            keeps {count(kept.stays.size)} of {count(listed.total)}
            {kept.droppedMm3 > 0 ? `, drops ${ml(kept.droppedMm3)} ml` : ''}
            {listed.total > listed.islands.length ? ', counted on the listed ones' : ''}
          </span>
        )}
        <PreviewDock
          segment={active}
          wish={{ kind: 'clean', settings }}
          refusal={why}
          previewTestid={testids.previewClean}
          applyTestid={testids.applyClean}
          onApply={() => active && void clean(active.id, settings)}
        />
      </div>
    </>
  );
}
