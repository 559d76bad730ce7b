import { typedElsewhere } from '../../typed-elsewhere.ts';
import type { Stage } from '../stage.ts';
import { stepByKey } from './keys.ts';

/**
 * Keys belong to the view that was worked in last while nothing else wants them: when what had the focus is gone, and after a click of the
 * mouse on a tool, where Space would press the tool again and the arrows would do nothing. Returns the function that lets go.
 */
export function attachKeysHome(stage: Stage): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.target === document.body && !typedElsewhere(event)) stepByKey(stage, stage.active, event);
  };
  const onClick = (event: MouseEvent) => {
    // A button that the keyboard pressed (0) keeps the focus, so that Tab goes on from it.
    if (event.detail === 0 || !(event.target instanceof Element)) return;
    const button = event.target.closest('[role=toolbar] button[aria-pressed]');
    if (button && button === document.activeElement) stage.panes[stage.active].root.focus({ preventScroll: true });
  };
  window.addEventListener('keydown', onKey);
  window.addEventListener('click', onClick);
  return () => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('click', onClick);
  };
}
