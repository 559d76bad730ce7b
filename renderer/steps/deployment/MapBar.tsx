import { Columns3 } from 'lucide-react';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { Choice } from '../../design/Choice.tsx';
import { count, ml } from '../../design/numbers.ts';
import { Switch } from '../../design/Switch.tsx';
import { icon } from '../../frame/step-names.tsx';
import { chooseMap, type MapChoice, useNetworkView } from '../../stores/network-view.ts';
import { type Heat, useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { mapStops, spreadFull } from '../../viewports/index.ts';

/** What the two ends of a map mean, with their numbers. */
function ends(kind: Heat['kind'], probability: number): [string, string] {
  if (kind === 'spread') return ['sure', `mirror differs ≥ ${(2 * spreadFull).toFixed(1)}`];
  if (kind === 'near') return ['sure', `near the threshold ${probability.toFixed(2)}`];
  return ['p 0', 'p 1'];
}

function Legend({ heat }: { heat: Heat }) {
  const stops = mapStops[heat.kind];
  const colours = stops.map((rgb, n) => `rgb(${rgb.join()}) ${(100 * n) / (stops.length - 1)}%`);
  const [low, high] = ends(heat.kind, heat.probability);
  return (
    <span className="legend" data-testid={testids.mapLegend}>
      {low}
      <i className="scale" style={{ background: `linear-gradient(90deg, ${colours.join()})` }} />
      {high}
    </span>
  );
}

/** Over the planes: which map of a network's segment lies on them, its legend, bone that was only inferred; and the comparison. */
export function MapBar() {
  const { segment, map, counts } = useNetworkView();
  const heat = useViewer((s) => s.heat);
  const inferred = useViewer((s) => s.inferredShown);
  const volume = useViewer((s) => s.volume);
  const compare = useWorkspace((s) => s.compare);
  const each = volume ? voxelVolumeMm3(volume.geometry) : 0;
  return (
    <div className="maps" role="toolbar" aria-label="Maps">
      {segment && (
        <>
          <Choice
            label="Map on the planes"
            value={map}
            testid={testids.mapChoice}
            options={[
              { value: 'result' as MapChoice, label: 'Result', tip: 'The segment alone' },
              {
                value: 'uncertainty' as MapChoice,
                label: segment.network?.spread ? 'Uncertainty' : 'Near threshold',
                tip: segment.network?.spread
                  ? 'Where the image and its mirror image disagree'
                  : 'Run without mirror image: where the probability lies near the threshold',
              },
              { value: 'probability' as MapChoice, label: 'Probability', tip: 'What the network answered' },
            ]}
            onChange={chooseMap}
          />
          {heat && <Legend heat={heat} />}
          <span className="grow" />
          <span className="legend" title="Bone that a network found and that no HU supports: below 50 HU no threshold for bone finds it">
            <i className="chip-hatched" />
            <span>inferred: no HU supports it</span>
            <span className="num" data-testid={testids.inferredCount} data-voxels={counts?.inferred}>
              {counts ? (
                <>
                  <b>{count(counts.inferred)}</b> voxels<span className="xl">, {ml(counts.inferred * each)} ml</span>
                </>
              ) : (
                '…'
              )}
            </span>
            <Switch
              label="Show inferred bone"
              on={inferred}
              testid={testids.inferred}
              onChange={(on) => useViewer.getState().set({ inferredShown: on })}
            />
          </span>
        </>
      )}
      {!segment && <span className="grow" />}
      <button
        type="button"
        className="btn small"
        aria-pressed={compare}
        data-testid={testids.compare}
        onClick={() => useWorkspace.getState().set({ compare: !compare })}
      >
        <Columns3 {...icon} size={14} />
        Compare
      </button>
    </div>
  );
}
