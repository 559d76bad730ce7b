import { useSyncExternalStore } from 'react';

/** Up to this width the window gives the side panel and the list less room, as tokens.css does. */
const narrow = '(max-width: 1500px)';

function watch(tell: () => void): () => void {
  const query = matchMedia(narrow);
  query.addEventListener('change', tell);
  return () => query.removeEventListener('change', tell);
}

/** Whether the window is narrow, for sizes that CSS alone cannot set. */
export const useNarrow = (): boolean => useSyncExternalStore(watch, () => matchMedia(narrow).matches);
