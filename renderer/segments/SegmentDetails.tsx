import { useEffect, useRef } from 'react';
import type { Segment } from '../../contract/case.ts';
import { type ReviewState, reviewStates } from '../../contract/labels.ts';
import { Slider } from '../design/Slider.tsx';
import { closeSegmentPart, describe } from '../stores/segment-details.ts';
import { useSettings } from '../stores/settings.ts';
import { changeLayer } from '../stores/tools.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';
import { LabelField } from './LabelField.tsx';
import { codeWords } from './label-search.ts';
import { NumberInFile } from './NumberInFile.tsx';
import { reviewMarks } from './review-marks.tsx';

/** What a segment stands for, its number in files, its review state, how strongly it is drawn; each change is a step with its undo. */
export function SegmentDetails({ segment, readOnly }: { segment: Segment; readOnly: boolean }) {
  const layer = useViewer((s) => s.layers.find((l) => l.segmentId === segment.id));
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    group.current?.scrollIntoView({ block: 'nearest' });
    group.current?.querySelector<HTMLElement>('input:not(:disabled), select')?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes what Enter has opened
    <div
      ref={group}
      className="segmore"
      data-testid={testids.segmentDetails}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.defaultPrevented) return;
        e.preventDefault();
        e.stopPropagation();
        closeSegmentPart();
      }}
    >
      <span className="lb">Label</span>
      <LabelField segment={segment} disabled={readOnly} />
      <span className="code cap" title="Code of the label, and its value in label files">
        {codeWords(segment.label)} · {segment.label.value}
      </span>
      <span className="lb">Number</span>
      <NumberInFile segment={segment} disabled={readOnly} />
      <span className="lb">Review</span>
      <select
        className="pick"
        aria-label={`Review state of ${segment.name}`}
        data-testid={testids.segmentReview}
        disabled={readOnly}
        value={segment.review}
        onChange={(e) => void describe(segment.id, `Review state of ${segment.name}`, { review: e.target.value as ReviewState })}
      >
        {reviewStates.map((one) => (
          <option key={one} value={one}>
            {reviewMarks[one].words}
          </option>
        ))}
      </select>
      {layer && (
        <>
          <span className="lb">Opacity</span>
          <span className="row" style={{ gap: 8 }}>
            <Slider
              label={`Opacity of ${segment.name}`}
              min={0}
              max={1}
              step={0.05}
              value={layer.opacity}
              text={`${Math.round(layer.opacity * 100)} %`}
              testid={testids.segmentOpacity}
              onChange={(opacity) => {
                changeLayer(segment.id, { opacity });
                useSettings.getState().set({ opacity });
              }}
            />
            <span className="num r" style={{ width: 36 }}>
              {Math.round(layer.opacity * 100)} %
            </span>
          </span>
        </>
      )}
    </div>
  );
}
