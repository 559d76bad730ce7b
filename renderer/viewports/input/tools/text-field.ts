import type { Plane } from '../../../stores/viewer.ts';
import type { Stage } from '../../stage.ts';

let close: ((keep: boolean) => void) | null = null;

/** Whether a text is being written on a plane. */
export const writing = (): boolean => close !== null;
/** Ends it without keeping what was written. True: there was one. */
export function dropText(): boolean {
  const was = close !== null;
  close?.(false);
  return was;
}

/**
 * Asks for a text at a place of a view: Enter or a click elsewhere keeps it, Esc does not, Shift+Enter is a new line. `done` hears of it
 * once, of null where nothing was written.
 */
export function askText(stage: Stage, plane: Plane, x: number, y: number, before: string, done: (text: string | null) => void): void {
  dropText();
  const { root, camera } = stage.panes[plane];
  const field = document.createElement('textarea');
  field.className = 'vp-text';
  field.value = before;
  field.rows = Math.max(1, before.split('\n').length);
  field.maxLength = 2000;
  field.setAttribute('aria-label', 'Text of the annotation');
  field.dataset.testid = 'markup-text';
  field.style.left = `${Math.max(4, Math.min(camera.widthPx - 230, x + 6))}px`;
  field.style.top = `${Math.max(4, Math.min(camera.heightPx - 44, y - 14))}px`;
  const end = (keep: boolean) => {
    if (close !== end) return;
    close = null;
    const text = field.value.trim();
    field.remove();
    done(keep && text !== '' ? text : null);
    root.focus({ preventScroll: true });
  };
  close = end;
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      end(true);
    } else if (event.key === 'Escape') end(false);
  });
  field.addEventListener('input', () => {
    field.rows = Math.min(6, field.value.split('\n').length);
  });
  for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'dblclick', 'wheel'] as const)
    field.addEventListener(kind, (event) => event.stopPropagation());
  field.addEventListener('blur', () => end(true));
  root.append(field);
  field.focus();
  field.select();
}
