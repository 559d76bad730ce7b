import { useEffect, useMemo } from 'react';
import { Section } from '../../design/Section.tsx';
import { volumeBounds } from '../../review/planes.ts';
import { activeSegmentOf, useCase } from '../../stores/case.ts';
import { applyEffect } from '../../stores/mask-acts.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { EffectSettingsRows } from './EffectSettingsRows.tsx';
import { type EffectDraft, effectOf, effectRefusal, useEffectDraft } from './effect-draft.ts';
import { effectNames, effectWords } from './effect-words.ts';
import { PreviewDock } from './PreviewDock.tsx';

const nowhere: NonNullable<EffectDraft['box']> = [0, 0, 0, 0, 0, 0];

/** One effect at a time on the selected segment: which, its settings, how it would be, Apply. */
export function EffectSide() {
  const { state, busy } = useCase();
  const active = activeSegmentOf(
    state,
    useViewer((s) => s.activeSegment),
  );
  const volume = useViewer((s) => s.volume);
  const draft = useEffectDraft();
  const others = (state?.segments ?? []).filter((s) => s.id !== active?.id && s.series === active?.series);
  const ids = others.map((s) => s.id);
  const whole = useMemo(() => {
    if (!volume) return nowhere;
    const { min, max } = volumeBounds(volume);
    return [...min, ...max] as typeof nowhere;
  }, [volume]);
  const { box, effect } = draft;
  // The box is outlined on the planes while it is set.
  useEffect(() => {
    if (effect !== 'roi') return;
    useViewer.getState().set({ regionLps: box ?? whole });
    return () => useViewer.getState().set({ regionLps: null });
  }, [effect, box, whole]);
  const settings = effectOf(draft, ids, whole);
  const refusal = !active
    ? 'No segment is selected.'
    : state?.readOnly
      ? 'The case is read-only.'
      : busy
        ? `${busy} is running.`
        : effectRefusal(draft, ids, whole);
  return (
    <>
      <Section title="Effect" fill>
        <div className="opt">
          <select
            className="pick grow"
            aria-label="Effect"
            data-testid={testids.effect}
            value={effect}
            onChange={(e) => draft.set({ effect: e.target.value as EffectDraft['effect'] })}
          >
            {effectNames.map(({ group, effects }) => (
              <optgroup key={group} label={group}>
                {effects.map((e) => (
                  <option key={e.effect} value={e.effect}>
                    {e.name}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </div>
        <p className="cap pad effect-words">{effectWords(effect).words}</p>
        <EffectSettingsRows draft={draft} others={others} volume={whole} onChange={draft.set} />
      </Section>
      <div className="dock">
        <PreviewDock
          segment={active}
          wish={{ kind: 'effect', settings }}
          refusal={refusal}
          previewTestid={testids.previewEffect}
          applyTestid={testids.applyEffect}
          onApply={() => active && void applyEffect(active.id, { settings })}
        />
      </div>
    </>
  );
}
