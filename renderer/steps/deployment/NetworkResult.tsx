import { useEffect, useState } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { thresholdByte } from '../../../kernels/networks/integrate.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { Note } from '../../design/Note.tsx';
import { count, fixed, ml } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { Slider } from '../../design/Slider.tsx';
import { Switch } from '../../design/Switch.tsx';
import { methodNames } from '../../segments/method-names.ts';
import { byHand } from '../../segments/technique-words.ts';
import { useCase } from '../../stores/case.ts';
import { atLeast } from '../../stores/network-counts.ts';
import { draftOf, isMoved, lookAt, moveDraft, resetDraft, useNetworkView, watchMask } from '../../stores/network-view.ts';
import { adjust } from '../../stores/segment-acts.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { ProbabilityField, ProbabilitySlider } from './ProbabilitySlider.tsx';
import { corticalWords, providerWords, regionWords } from './words.ts';

type Network = NonNullable<Segment['network']>;

/** Voxels that the newest act on the segment left as a hand had set them; null where no hand was there. */
function keptByHand(segment: Segment): number | null {
  const kept = segment.technique.at(-1)?.parameters.keptByHand;
  return typeof kept === 'number' && kept > 0 ? kept : null;
}

function Facts({ segment, network }: { segment: Segment; network: Network }) {
  const { seconds } = network;
  const kept = keptByHand(segment);
  return (
    <>
      <div className="fact">
        <span>Segment</span>
        <span>
          {ml(segment.volumeMm3)} <u>ml</u> · {count(segment.voxels)} <u>voxels</u>
        </span>
      </div>
      <div className="fact">
        <span>Region</span>
        <span data-testid={testids.networkRoi} data-roi={network.roi}>
          {regionWords(network)}
        </span>
      </div>
      <div className="fact" title={network.providerReason}>
        <span>Ran on</span>
        <span data-testid={testids.networkProvider}>
          {providerWords(network.provider)} <u>in {fixed(seconds.prepare + seconds.infer + seconds.finish, 1)} s</u>
        </span>
      </div>
      <div className="fact">
        <span>Network</span>
        <span className="clip" title={network.models.map((m) => `${m.id} ${m.sha256.slice(0, 12)}`).join('\n')}>
          {network.models.map((m) => m.id).join(', ')}
        </span>
      </div>
      {kept !== null && (
        <div className="fact">
          <span>Kept as drawn by hand</span>
          <span data-testid={testids.keptByHand}>
            {count(kept)} <u>voxels</u>
          </span>
        </div>
      )}
    </>
  );
}

function Integration() {
  const draft = useNetworkView((s) => s.draft);
  return (
    <>
      <div className="opt">
        <span className="lb">Cortical</span>
        <Slider
          label={`Say of the cortical network from ${draft.overlapHu[0]} to ${draft.overlapHu[1]} HU`}
          value={draft.corticalWeight}
          min={0}
          max={1}
          step={0.05}
          text={corticalWords(draft.corticalWeight)}
          testid={testids.corticalWeight}
          onChange={(corticalWeight) => moveDraft({ corticalWeight })}
        />
        <span className="num">{draft.corticalWeight.toFixed(2)}</span>
      </div>
      <p className="cap pad">
        From {draft.overlapHu[0]} to {draft.overlapHu[1]} HU. {corticalWords(draft.corticalWeight)}
      </p>
    </>
  );
}

/** What a network made: where, on what, how large, its warnings and its wording; and the probability, moved with the planes following. */
export function NetworkResult({ segment }: { segment: Segment }) {
  const network = segment.network as Network;
  const { draft, counts, parts } = useNetworkView();
  const volume = useViewer((s) => s.volume);
  const { busy, state } = useCase();
  const [overwriteHand, setOverwriteHand] = useState(false);
  useEffect(() => lookAt(segment), [segment]);
  useEffect(() => {
    const stop = watchMask();
    return () => {
      stop();
      lookAt(null);
    };
  }, []);
  const moved = isMoved(draft, draftOf(segment));
  const hand = byHand(segment) || keptByHand(segment) !== null;
  // A clean is known by what it counts.
  const cleans = segment.technique.filter((line) => 'partsAfter' in line.parameters).length;
  const off = busy !== null || state?.readOnly === true || parts === null;
  const two = network.settings.method === 'multi-unet';
  const apply = () => {
    const { probability, corticalWeight, overlapHu } = draft;
    void adjust(segment.id, { probability, overwriteHand, ...(two ? { corticalWeight, overlapHu } : {}) });
  };
  const { name, letter } = methodNames[network.settings.method];
  return (
    <Section
      title={segment.name}
      end={<span className="cap">{letter === 'ours' ? name : `${name}, Method ${letter}`}</span>}
      testid={testids.networkResult}
    >
      <div className="fact">
        <b>Probability</b>
        <ProbabilityField value={draft.probability} disabled={off} onChange={(probability) => moveDraft({ probability })} />
      </div>
      <ProbabilitySlider
        value={draft.probability}
        histogram={counts?.histogram ?? null}
        disabled={off}
        onChange={(probability) => moveDraft({ probability })}
      />
      {two && <Integration />}
      <div className="fact">
        <span>In the region at {draft.probability.toFixed(2)}</span>
        <span>
          {counts && volume ? ml(atLeast(counts.histogram, thresholdByte(draft.probability)) * voxelVolumeMm3(volume.geometry)) : '…'}{' '}
          <u>ml</u>
        </span>
      </div>
      {hand && (
        <div className="opt">
          <span className="grow">also overwrite what was drawn by hand</span>
          <Switch
            label="also overwrite what was drawn by hand"
            on={overwriteHand}
            testid={testids.adjustOverwriteHand}
            onChange={setOverwriteHand}
          />
        </div>
      )}
      {moved && cleans > 0 && (
        <p className="cap pad" style={{ padding: '6px 14px 0' }}>
          Apply makes the mask anew: {cleans === 1 ? 'the clean' : `${cleans} cleans`} made since will not be in it. Undo brings{' '}
          {cleans === 1 ? 'it' : 'them'} back.
        </p>
      )}
      <div className="pad row" style={{ paddingTop: 6, paddingBottom: 8 }}>
        <button
          type="button"
          className={moved ? 'btn pri grow' : 'btn grow'}
          data-testid={testids.applyProbability}
          disabled={off || !moved}
          title={moved ? undefined : 'Move the probability first'}
          onClick={apply}
        >
          Apply
        </button>
        <button type="button" className="btn" data-testid={testids.resetProbability} disabled={!moved} onClick={resetDraft}>
          As it was
        </button>
      </div>
      <Facts segment={segment} network={network} />
      <div className="pad stack" style={{ paddingTop: 6 }}>
        <Note of="warn" title="Look before you use it" testid={testids.networkWording}>
          <span className="block first-capital">{network.wording}.</span>
        </Note>
        {network.warnings.map((w) => (
          <Note key={w.code + w.message} of="warn" title="Unlike what it was trained on" testid={testids.networkWarning}>
            {w.message} <code>{w.code}</code>
          </Note>
        ))}
      </div>
    </Section>
  );
}
