import { X } from 'lucide-react';
import { useMemo } from 'react';
import { api } from '../api/client.ts';
import { Note } from '../design/Note.tsx';
import { icon } from '../frame/step-names.tsx';
import { MeshReview } from '../review/index.ts';
import { activeSegmentOf, useCase } from '../stores/case.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { ColourChoice } from './ColourChoice.tsx';
import { type HeldPreview, previewAge, settingsNow, useDraft } from './draft.ts';
import { coloursOf, useModelColours } from './model-colours.ts';
import { useShownMesh } from './shown-mesh.ts';

/** Says that what is seen is not kept, and what it is older than. */
function PreviewTag({ held, age }: { held: HeldPreview; age: string | null }) {
  return (
    <div className="model-tag" data-testid={testids.modelPreview} data-age={age ?? 'fresh'}>
      <span className={age ? 'tag s-warn' : 'tag s-info'}>Preview{age ? `, ${age}` : ', not kept'}</span>
      <span className="cap">{held.segmentName}</span>
      <button
        type="button"
        className="btn ghost small"
        aria-label="Put the preview away"
        data-testid={testids.dropPreview}
        onClick={() => useDraft.getState().set({ preview: null })}
      >
        <X {...icon} />
      </button>
    </div>
  );
}

/**
 * The finished mesh alone on black, from the very bytes that an export writes, with its outline over the CT; or a preview of the next one,
 * marked as such. Export shows the kept model only.
 */
export function ModelView() {
  const state = useCase((s) => s.state);
  const volume = useViewer((s) => s.volume);
  const activeId = useViewer((s) => s.activeSegment);
  const step = useWorkspace((s) => s.step);
  const mesh = useShownMesh();
  const draft = useDraft();
  const kept = useModelColours();
  const colours = useMemo(() => coloursOf(kept, mesh), [kept, mesh]);
  const held = step === 'model' ? draft.preview : null;
  const age = held && previewAge(held, settingsNow(draft, mesh), activeSegmentOf(state, activeId));
  const url = held ? held.made.mesh : state && mesh ? api.meshUrl(state.id, mesh.id) : null;
  return (
    <>
      <MeshReview
        stlUrl={url}
        volume={volume}
        tools={mesh && !held ? <ColourChoice mesh={mesh} /> : undefined}
        colours={held ? null : colours}
        emptyWords="Make model turns the selected segment into a closed surface, checks it and shows it here."
      />
      {held && <PreviewTag held={held} age={age} />}
      {!held && mesh && !mesh.current && (
        // At the left, so that the letters of the patient's sides in the middle of the edges stay free.
        <div style={{ position: 'absolute', left: colours ? 200 : 12, top: 54, zIndex: 6, width: 'min(340px, calc(50% - 48px))' }}>
          <Note of="warn" edge title={`${mesh.segmentName} has changed since this model was made`}>
            Make the model again before it leaves.
          </Note>
        </div>
      )}
    </>
  );
}
