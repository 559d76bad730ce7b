import { tinykeys } from 'tinykeys';
import { runCommand } from './commands.ts';
import { useWorkspace } from './stores/workspace.ts';

/** One key and what it does. `keys` is tinykeys' notation ($mod is Ctrl, on a Mac Command); `shown` is how the sheet prints it. */
export interface KeyBinding {
  command: string;
  keys: string[];
  shown: string;
}

/** The whole key table. The key sheet, the palette and the tooltips read it; nothing else binds a key of the page. */
export const keyTable: KeyBinding[] = [
  { command: 'lamina.palette', keys: ['$mod+k'], shown: 'Ctrl K' },
  { command: 'lamina.keys', keys: ['F1'], shown: 'F1' },
  { command: 'case.open', keys: ['$mod+o'], shown: 'Ctrl O' },
  { command: 'case.undo', keys: ['$mod+z'], shown: 'Ctrl Z' },
  { command: 'case.redo', keys: ['$mod+y', '$mod+Shift+z'], shown: 'Ctrl Y' },
  { command: 'case.save', keys: ['$mod+s'], shown: 'Ctrl S' },
  { command: 'view.goto', keys: ['$mod+g'], shown: 'Ctrl G' },
  { command: 'tool.navigate', keys: ['v'], shown: 'V' },
  { command: 'tool.brush', keys: ['Digit1'], shown: '1' },
  { command: 'tool.eraser', keys: ['Digit2'], shown: '2' },
  { command: 'tool.pick', keys: ['Digit3'], shown: '3' },
  { command: 'tool.last', keys: ['Space'], shown: 'Space' },
  { command: 'tool.drop', keys: ['Escape'], shown: 'Esc' },
  { command: 'brush.smaller', keys: ['BracketLeft'], shown: '[' },
  { command: 'brush.larger', keys: ['BracketRight'], shown: ']' },
  { command: 'segment.previous', keys: ['q'], shown: 'Q' },
  { command: 'segment.next', keys: ['w'], shown: 'W' },
  { command: 'segment.visible', keys: ['s'], shown: 'S' },
  { command: 'segment.fainter', keys: ['a'], shown: 'A' },
  { command: 'segment.stronger', keys: ['d'], shown: 'D' },
  { command: 'preview.toggle', keys: ['i'], shown: 'I' },
  { command: 'preview.invert', keys: ['Shift+i'], shown: 'Shift I' },
  { command: 'view.crosshair', keys: ['x'], shown: 'X' },
  { command: 'view.layout', keys: ['f'], shown: 'F' },
  { command: 'view.reset', keys: ['r'], shown: 'R' },
];

/** What the mouse and the focused view do; printed on the sheet below the keys. */
export const mouseTable: [string, string][] = [
  ['Wheel, arrows, Page keys', 'slice'],
  ['Ctrl wheel, right drag', 'zoom'],
  ['Middle or Shift drag', 'pan'],
  ['Left drag, no tool', 'window and level'],
  ['Shift move', 'linked crosshair'],
  ['Double-click', 'one view or four'],
  ['Left drag, brush', 'draw; Ctrl held erases'],
  ['Shift wheel, brush', 'brush size'],
  ['Click, outline', 'a point; right click takes it back, Enter or double-click closes'],
];

const shownOf = new Map(keyTable.map((k) => [k.command, k.shown]));
export const keyOf = (command: string): string | null => shownOf.get(command) ?? null;

const typing = 'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
/** Letters belong to a text field, Space to a focused button, and everything to an open dialog. */
export function belongsToPage(event: KeyboardEvent): boolean {
  if (event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : null;
  const always = event.key === 'F1' || (event.ctrlKey && event.key.toLowerCase() === 'k');
  if (document.querySelector('dialog[open]')) return false;
  if (always) return true;
  if (target?.closest(typing)) return false;
  if (event.key === ' ' && target?.closest('button, a, input, summary, [role=option]')) return false;
  return true;
}

/** Binds the table to the window. Returns the function that lets go. */
export function bindKeys(): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const { command, keys } of keyTable)
    for (const key of keys)
      bindings[key] = (event) => {
        // On the start screen only the keys that need no case.
        if (useWorkspace.getState().step === null && !command.startsWith('lamina.') && command !== 'case.open') return;
        event.preventDefault();
        runCommand(command);
      };
  return tinykeys(window, bindings, { ignore: (event) => !belongsToPage(event) });
}
