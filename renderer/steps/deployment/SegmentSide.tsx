import { ArrowRight, Route } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { HuSettings, NetworkSettings, SegmentSettings } from '../../../contract/segmentation.ts';
import { Switch } from '../../design/Switch.tsx';
import { icon } from '../../frame/step-names.tsx';
import { methodNames } from '../../segments/method-names.ts';
import { SegmentList } from '../../segments/SegmentList.tsx';
import { segmentToStl } from '../../stores/acts.ts';
import { activeSegmentOf, useCase } from '../../stores/case.ts';
import { useHistogram } from '../../stores/histogram.ts';
import { seriesLine } from '../../stores/preprocessing-words.ts';
import { makeSegment } from '../../stores/segment-acts.ts';
import { useSettings } from '../../stores/settings.ts';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { CavityPanel, firstCavityChoice } from './CavityPanel.tsx';
import { CavityResult } from './CavityResult.tsx';
import { firstGrowingChoice, GrowingPanel } from './GrowingPanel.tsx';
import { type HuChoice, HuPanel } from './HuPanel.tsx';
import { MethodChoice } from './MethodChoice.tsx';
import { firstNetworkChoice, NetworkPanel, networkSettingsOf } from './NetworkPanel.tsx';
import { NetworkResult } from './NetworkResult.tsx';
import { SegmentOrbit } from './SegmentOrbit.tsx';
import { useRegion } from './use-region.ts';
import { useSeeds } from './use-seeds.ts';
import { networkRefusal } from './words.ts';

const isHu = (method: SegmentSettings['method']): method is HuSettings['method'] => method === 'threshold' || method === 'hysteresis';
const isNet = (method: SegmentSettings['method']): method is NetworkSettings['method'] =>
  method === 'unet' || method === 'multi-unet' || method === 'default';
const huSettingsOf = (method: HuSettings['method'], { low, high, seed, connectivity }: HuChoice): HuSettings =>
  method === 'threshold' ? { method, lowHu: low, highHu: high } : { method, lowHu: low, seedHu: seed, highHu: high, connectivity };
const networkTitles = new Set(['Segment orbit', methodNames.unet.name, methodNames['multi-unet'].name, methodNames.default.name]);

/** Segment: the one button, what a network made and how it is moved, methods with their settings, Apply. */
export function SegmentSide() {
  const { state, busy, series: shown } = useCase();
  const volume = useViewer((s) => s.volume);
  const activeId = useViewer((s) => s.activeSegment);
  const histogram = useHistogram((s) => s.histogram);
  const lastLow = useSettings((s) => s.lastLowHu);
  const units = volume?.units ?? 'HU';
  const inHu = units === 'HU';
  const series = state?.series.find((s) => s.seriesInstanceUid === shown);
  const active = activeSegmentOf(state, activeId);
  const [method, setMethod] = useState<SegmentSettings['method']>(active?.network?.settings.method ?? 'threshold');
  const [hu, setHu] = useState<HuChoice>({ low: lastLow, high: null, seed: 300, connectivity: 26 });
  const [cavity, setCavity] = useState(firstCavityChoice);
  const [growing, setGrowing] = useState(firstGrowingChoice);
  const changeSeeds = useCallback((by: (old: Point[]) => Point[]) => setGrowing((old) => ({ ...old, seedLps: by(old.seedLps) })), []);
  const [network, setNetwork] = useState(firstNetworkChoice);
  const [name, setName] = useState('');
  const [into, setInto] = useState(false);
  const [overwriteHand, setOverwriteHand] = useState(false);
  const [live, setLive] = useState(true);
  const changeHu = (change: Partial<HuChoice>) => setHu((old) => ({ ...old, ...change }));
  const huSettings = useMemo(() => (isHu(method) ? huSettingsOf(method, hu) : null), [method, hu]);
  const networksRefused = networkRefusal(series);
  const cavityRefused = inHu
    ? null
    : 'The orbit cavity is bounded by HU of bone and air; the values of this series are not known to be HU.';
  useRegion(isNet(method) && network.region === 'box' ? network.sizeMm : null, active);
  useSeeds(method === 'region-growing', growing.seedLps, changeSeeds);
  // Seeds are places of one image.
  useEffect(() => {
    if (shown) setGrowing((old) => ({ ...old, seedLps: [] }));
  }, [shown]);
  // The method follows a network's segment that is selected: a threshold's preview would lie over what is to be looked at.
  const ofActive = active?.network?.settings.method ?? null;
  const activeNow = active?.id ?? null;
  useEffect(() => {
    if (activeNow && ofActive) setMethod(ofActive);
  }, [activeNow, ofActive]);

  // An MR has no HU: start where its own bright quarter begins.
  useEffect(() => {
    if (!histogram || inHu) return;
    setHu((old) => ({
      ...old,
      low: Math.round((histogram.minimum + (histogram.maximum - histogram.minimum) / 4) * histogram.per) / histogram.per,
    }));
    setMethod((old) => (isHu(old) ? old : 'threshold'));
  }, [histogram, inHu]);
  useEffect(() => {
    if (!volume || busy) return;
    if (!huSettings) useViewer.getState().set({ preview: null });
    else if (live) useViewer.getState().set({ preview: huSettings });
    if (huSettings && inHu) useSettings.getState().set({ lastLowHu: hu.low });
  }, [huSettings, live, volume, hu.low, inHu, busy]);
  useEffect(() => () => useViewer.getState().set({ preview: null }), []);
  // The I key turns the preview off elsewhere; the switch here follows.
  const previews = useRef(true);
  previews.current = huSettings !== null;
  useEffect(
    () =>
      useViewer.subscribe((now, before) => {
        if (now.preview !== before.preview && now.volume && previews.current && !useCase.getState().busy) setLive(now.preview !== null);
      }),
    [],
  );

  const cannot = state?.readOnly
    ? 'The case is read-only.'
    : !volume
      ? 'The voxels are still on their way.'
      : busy
        ? `${busy} is running.`
        : null;
  const seedsMissing = growing.seedLps.length === 0 ? 'Click a seed in what is to be segmented first.' : null;
  const why =
    cannot ??
    (isNet(method)
      ? networksRefused
      : method === 'cavity'
        ? cavityRefused
        : method === 'region-growing'
          ? seedsMissing
          : method === 'hysteresis' && hu.seed < hu.low
            ? 'Seeds must be at or above the lower bound.'
            : hu.high !== null && hu.high < hu.low
              ? 'The upper bound is below the lower one.'
              : null);
  const target = into && active && isNet(method) ? active : null;
  const apply = async () => {
    const byPanel = method === 'region-growing' ? { method, ...growing } : { method: 'cavity' as const, ...cavity };
    const settings = huSettings ?? (isNet(method) ? networkSettingsOf(method, network) : byPanel);
    const options = target ? { into: target.id, overwriteHand } : {};
    const made = await makeSegment(settings, target || name.trim() === '' ? null : name.trim(), options);
    if (made) setName('');
    if (made && method === 'region-growing') changeSeeds(() => []);
  };
  return (
    <>
      <SegmentOrbit why={cannot ?? networksRefused} running={busy !== null && networkTitles.has(busy)} />
      {active?.network && <NetworkResult segment={active} />}
      <MethodChoice value={method} refusal={networksRefused} cavityRefusal={cavityRefused} onChange={setMethod} />
      {huSettings ? (
        <HuPanel
          choice={hu}
          settings={huSettings}
          units={units}
          live={live}
          onChange={changeHu}
          onLive={(on) => {
            setLive(on);
            useViewer.getState().set({ preview: on ? huSettings : null });
          }}
        />
      ) : method === 'region-growing' ? (
        <GrowingPanel choice={growing} units={units} onChange={(change) => setGrowing((old) => ({ ...old, ...change }))} />
      ) : !isNet(method) ? (
        <CavityPanel choice={cavity} onChange={(change) => setCavity((old) => ({ ...old, ...change }))} />
      ) : (
        <NetworkPanel method={method} choice={network} onChange={(change) => setNetwork((old) => ({ ...old, ...change }))} />
      )}
      {active && <CavityResult segment={active} />}
      {(state?.series.length ?? 0) > 1 && (
        <div className="pad cap" style={{ padding: '8px 14px' }}>
          On {series ? seriesLine(series, state?.series ?? []) : 'no series'}. Another one is chosen at the top.
        </div>
      )}
      <SegmentList technique="all" />
      <div className="dock">
        {isNet(method) && active && (
          <>
            <div className="row">
              <span className="grow clip">Run into {active.name}</span>
              <Switch label={`Run into ${active.name}`} on={into} testid={testids.into} onChange={setInto} />
            </div>
            {target && (
              <div className="row">
                <span className="grow">also overwrite what was drawn by hand</span>
                <Switch
                  label="also overwrite what was drawn by hand"
                  on={overwriteHand}
                  testid={testids.overwriteHand}
                  onChange={setOverwriteHand}
                />
              </div>
            )}
          </>
        )}
        {!target && (
          <label className="row">
            <span style={{ width: 62 }}>Name</span>
            <input
              className="text grow"
              placeholder={method === 'cavity' ? 'Orbit cavity' : 'Bone'}
              maxLength={64}
              data-testid={testids.segmentName}
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          </label>
        )}
        {why && <span className="cap">{why}</span>}
        <button
          type="button"
          className="btn big wide"
          data-testid={testids.applySegment}
          disabled={why !== null}
          onClick={() => void apply()}
        >
          {isNet(method) ? 'Run' : 'Apply'} {methodNames[method].name}
        </button>
        <div className="row">
          <button
            type="button"
            className="btn grow"
            data-testid={testids.segmentToStl}
            disabled={!volume || busy !== null || state?.readOnly === true || !inHu}
            title="200 HU and above, largest part, holes filled, surface, check"
            onClick={() => void segmentToStl()}
          >
            <Route {...icon} />
            Segment to checked STL
          </button>
          {(state?.segments.length ?? 0) > 0 && (
            <button
              type="button"
              className="btn"
              aria-label="Go on to Correct"
              title="Go on to Correct"
              onClick={() => useWorkspace.getState().set({ step: 'correct' })}
            >
              <ArrowRight {...icon} />
            </button>
          )}
        </div>
      </div>
    </>
  );
}
