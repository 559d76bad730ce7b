import { RotateCcw } from 'lucide-react';
import { count, spacing } from '../../design/numbers.ts';
import { segmentColour } from '../../design/segment-colours.ts';
import { RunningJob } from '../../frame/RunningJob.tsx';
import { icon } from '../../frame/step-names.tsx';
import { useCase } from '../../stores/case.ts';
import { allOff, resetChain, stepOrder, usePreprocessing } from '../../stores/preprocessing.ts';
import { preprocess, preprocessTitle } from '../../stores/preprocessing-acts.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import type { Chain } from './use-chain.ts';

/** The segments of the series that go with it onto the new grid. */
function Carry({ uid }: { uid: string }) {
  const segments = useCase((s) => s.state?.segments) ?? [];
  const carried = usePreprocessing((s) => s.carried);
  const own = segments.filter((s) => s.series === uid);
  if (own.length === 0) return null;
  return (
    <fieldset aria-label="Segments that are carried along">
      <span className="cap">Carry segments onto the new series</span>
      {own.map((s) => (
        <label key={s.id} className="carry-row">
          <input
            type="checkbox"
            data-testid={testids.carrySegment}
            checked={carried.includes(s.id)}
            onChange={(e) =>
              usePreprocessing.getState().set({ carried: e.target.checked ? [...carried, s.id] : carried.filter((id) => id !== s.id) })
            }
          />
          <span className="chip" style={{ background: segmentColour(s.colour) }} />
          <span className="grow clip">{s.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What would come out, and how large it is. */
function resultWords(chain: Chain): string | null {
  const { result, settings } = chain;
  if (!result || !settings) return null;
  if ('why' in result) return result.why;
  const { dimensions, spacingMm } = result.grid;
  const voxels = dimensions[0] * dimensions[1] * dimensions[2];
  const { denoise, interpolate, register, normalize } = settings;
  const whole = (denoise === null || denoise.method === 'median') && !interpolate && !register && !normalize;
  // Whole numbers are kept in half the room; whether a filter's values are whole shows only afterwards.
  const bytes = voxels * (whole ? 2 : 4);
  return `${dimensions.join(' × ')} at ${spacingMm.map(spacing).join(' × ')} mm, ${whole ? 'about' : 'at most'} ${count(Math.max(1, bytes / 2 ** 20))} MB`;
}

/** Foot of the panel: what comes out, which segments go along, Apply. */
export function ApplyDock({ chain }: { chain: Chain }) {
  const state = useCase((s) => s.state);
  const busy = useCase((s) => s.busy);
  const volume = useViewer((s) => s.volume);
  const carried = usePreprocessing((s) => s.carried);
  const on = usePreprocessing((s) => stepOrder.some((step) => s.draft.on[step]));
  const { settings, refusals, result, series } = chain;
  const first = stepOrder.find((s) => refusals[s]);
  const why = state?.readOnly
    ? 'The case is read-only.'
    : !volume
      ? 'The voxels are still on their way.'
      : busy
        ? `${busy} is running.`
        : first
          ? (refusals[first] ?? null)
          : !settings
            ? 'Switch on a step.'
            : result && 'why' in result
              ? result.why
              : null;
  const words = resultWords(chain);
  const apply = async () => {
    if (!settings || !series) return;
    const own = new Set((state?.segments ?? []).filter((s) => s.series === series.seriesInstanceUid).map((s) => s.id));
    const made = await preprocess(
      series.seriesInstanceUid,
      settings,
      carried.filter((id) => own.has(id)),
    );
    if (made) allOff();
  };
  if (busy === preprocessTitle)
    return (
      <div className="dock">
        <RunningJob testid={testids.chainProgress} />
      </div>
    );
  return (
    <div className="dock">
      {on && series && <Carry uid={series.seriesInstanceUid} />}
      {words && !why && (
        <span className="cap num" data-testid={testids.chainResult}>
          New series: {words}
        </span>
      )}
      {why && <span className="cap">{why}</span>}
      <div className="row">
        <button
          type="button"
          className="btn big pri grow"
          data-testid={testids.applyChain}
          disabled={why !== null}
          title={why ?? undefined}
          onClick={() => void apply()}
        >
          Apply
        </button>
        <button
          type="button"
          className="btn big"
          aria-label="Reset every step"
          title="Reset every step"
          data-testid={testids.resetChain}
          disabled={busy !== null}
          onClick={resetChain}
        >
          <RotateCcw {...icon} />
        </button>
      </div>
    </div>
  );
}
