import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { count, ml } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import type { MaskWish } from '../../stores/mask-acts.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { ageOf, dropPreview, showPreview, useMaskPreview } from './mask-preview.ts';

/**
 * Preview and Apply at the foot of the panel, with what the preview found. A preview that is older than the settings or the mask leaves the
 * planes at once, and says so until it is asked for again.
 */
export function PreviewDock({
  segment,
  wish,
  refusal,
  previewTestid,
  applyTestid,
  onApply,
}: {
  segment: Segment | null;
  wish: MaskWish;
  refusal: string | null;
  previewTestid: string;
  applyTestid: string;
  onApply: () => void;
}) {
  const held = useMaskPreview((s) => s.held);
  const age = held && ageOf(held, segment, wish);
  useEffect(() => {
    if (age !== null && useViewer.getState().maskPreview) useViewer.getState().set({ maskPreview: null });
  }, [age]);
  useEffect(() => dropPreview, []);
  const change = held && held.told.voxels - held.told.voxelsBefore;
  const perVoxel = held && held.told.voxels > 0 ? held.told.volumeMm3 / held.told.voxels : 0;
  return (
    <>
      {held && (
        <div
          className="row preview-line num"
          data-testid={testids.maskPreview}
          data-age={age ?? 'fresh'}
          data-voxels={held.told.voxels}
          data-parts={held.told.partsAfter}
        >
          <span className="grow">
            {age ? (
              <span className="s-warn">The preview is {age}.</span>
            ) : (
              <>
                <b>{ml(held.told.volumeMm3)} ml</b> in {count(held.told.partsAfter)} {held.told.partsAfter === 1 ? 'part' : 'parts'}
                <span className="cap">
                  {' '}
                  {change === 0
                    ? 'nothing changes'
                    : perVoxel > 0
                      ? `${(change ?? 0) > 0 ? '+' : '−'}${ml(Math.abs(change ?? 0) * perVoxel)} ml`
                      : 'nothing is left'}
                </span>
              </>
            )}
          </span>
          <button type="button" className="btn ghost small" aria-label="Put the preview away" onClick={dropPreview}>
            <X {...icon} />
          </button>
        </div>
      )}
      {refusal && <span className="cap">{refusal}</span>}
      <div className="row">
        <button
          type="button"
          className="btn big"
          data-testid={previewTestid}
          disabled={refusal !== null || (held !== null && age === null)}
          title={refusal ?? 'Shows on the planes what Apply would do'}
          onClick={() => segment && void showPreview(segment, wish)}
        >
          Preview
        </button>
        <button
          type="button"
          className="btn big pri grow"
          data-testid={applyTestid}
          disabled={refusal !== null}
          onClick={() => {
            dropPreview();
            onApply();
          }}
        >
          Apply
        </button>
      </div>
    </>
  );
}
