import { applyLooked, dropLooked } from '../../../stores/drawn-acts.ts';
import { type Plane, useViewer } from '../../../stores/viewer.ts';
import { planeNames } from '../../camera/plane-axes.ts';
import { voxelAt } from '../../voxel-at.ts';
import type { ToolPlace } from '../plane-tool.ts';

/** Enter and Esc while a preview is looked at: apply it, put it away. */
export const answerLooked = { finish: applyLooked, cancel: dropLooked };

/** Why nothing can be clicked here: there is no voxel. */
export function outsideImage(place?: ToolPlace): string | null {
  const { volume } = useViewer.getState();
  return place && volume && voxelAt(volume, place.lps) === null ? 'There is no image here. Click inside it.' : null;
}

/** Why nothing can be clicked on this view: what is half drawn is on another, and a click here must not lose it. */
export const onOtherView = (what: string, plane: Plane): string =>
  `${what} lies on the ${planeNames[plane].toLowerCase()} view. Finish it there (Enter) or drop it (Esc).`;
