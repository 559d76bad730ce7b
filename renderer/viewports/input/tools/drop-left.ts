import { useViewer } from '../../../stores/viewer.ts';
import { planeTools } from '../plane-tools.ts';

/** Another tool, segment or volume: what is half drawn or looked at goes. Returns the function that stops it. */
export function dropWhatIsLeft(): () => void {
  return useViewer.subscribe((now, before) => {
    if (now.tool !== before.tool || now.activeSegment !== before.activeSegment || now.volume !== before.volume)
      planeTools[before.tool]?.cancel?.();
  });
}
