/** Fields that take letters and Esc for themselves. */
export const typing = 'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';

/** Whether a key press is a text field's or an open dialog's: what is being drawn must not answer to it. */
export function typedElsewhere(event: KeyboardEvent): boolean {
  if (event.isComposing || document.querySelector('dialog[open]')) return true;
  return event.target instanceof Element && event.target.closest(typing) !== null;
}
