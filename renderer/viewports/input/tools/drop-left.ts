import { useDrawn } from '../../../stores/drawn-acts.ts';
import { useMarkups } from '../../../stores/markups.ts';
import { useNotices } from '../../../stores/notices.ts';
import { type Tool, useViewer } from '../../../stores/viewer.ts';
import { planeTools } from '../plane-tools.ts';

/** Drops what a tool holds half drawn or looked at; where a hand had drawn something, it is told why that is gone. */
function drop(tool: Tool, why: string): void {
  const { looked, looking } = useDrawn.getState();
  const waited = looked !== null || looking !== null;
  // A selected annotation is let go of too: nothing of it is lost.
  const begun = tool !== 'markup' || useMarkups.getState().drawn !== null;
  if (!planeTools[tool]?.cancel?.() || !begun) return;
  const text = waited
    ? `${why} before the preview was applied, so it was put away. Draw it again and press Enter.`
    : `${why} before what was begun was finished, so it is gone. Draw it again.`;
  useNotices.getState().tell({ kind: 'notice', title: 'Half drawn and dropped', text });
}

/** Another tool, segment, volume or kind of annotation: what is half drawn or looked at goes, in words. Returns the function that stops it. */
export function dropWhatIsLeft(): () => void {
  const stops = [
    useViewer.subscribe((now, before) => {
      if (now.volume !== before.volume) drop(before.tool, 'The image was changed');
      else if (now.tool !== before.tool) drop(before.tool, 'Another tool was taken');
      else if (now.activeSegment !== before.activeSegment) drop(before.tool, 'Another segment was selected');
    }),
    useMarkups.subscribe((now, before) => {
      if (now.kind !== before.kind && now.drawn !== null) drop('markup', 'Another kind of annotation was taken');
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
