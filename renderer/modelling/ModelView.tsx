import { api } from '../api/client.ts';
import { Note } from '../design/Note.tsx';
import { MeshReview } from '../review/index.ts';
import { useCase } from '../stores/case.ts';
import { useViewer } from '../stores/viewer.ts';
import { useShownMesh } from './shown-mesh.ts';

/** The finished mesh alone on black, from the very bytes that an export writes, with its outline over the CT. */
export function ModelView() {
  const id = useCase((s) => s.state?.id);
  const volume = useViewer((s) => s.volume);
  const mesh = useShownMesh();
  const url = id && mesh ? api.meshUrl(id, mesh.id) : null;
  return (
    <>
      <MeshReview
        stlUrl={url}
        volume={volume}
        emptyWords="Make model turns the selected segment into a closed surface, checks it and shows it here."
      />
      {mesh && !mesh.current && (
        // At the left, so that the letters of the patient's sides in the middle of the edges stay free.
        <div style={{ position: 'absolute', left: 12, top: 54, zIndex: 6, width: 'min(340px, calc(50% - 48px))' }}>
          <Note of="warn" edge title={`${mesh.segmentName} has changed since this model was made`}>
            Make the model again before it leaves.
          </Note>
        </div>
      )}
    </>
  );
}
