import { tinykeys } from 'tinykeys';
import { commands, runCommand } from './commands.ts';
import { type Assigned, assignKey, chosenTable, holderOf, readKeyFile, resetKey } from './key-map.ts';
import { patternOf } from './key-patterns.ts';
import { useKeyChoices } from './stores/key-choices.ts';
import { useWorkspace } from './stores/workspace.ts';
import { typing } from './typed-elsewhere.ts';

/** One key and what it does. `keys` is tinykeys' notation ($mod is Ctrl, on a Mac Command); `shown` is how the sheet prints it. */
export interface KeyBinding {
  command: string;
  keys: string[];
  shown: string;
}

/** Keys as they come. What is in force is `keysNow`; nothing else binds a key of the page. */
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
  { command: 'tool.scissors', keys: ['Digit4'], shown: '4' },
  { command: 'tool.flood-fill', keys: ['Digit5'], shown: '5' },
  { command: 'tool.level-trace', keys: ['Digit6'], shown: '6' },
  { command: 'tool.livewire', keys: ['Digit7'], shown: '7' },
  { command: 'tool.contour', keys: ['Digit8'], shown: '8' },
  { command: 'tool.markup', keys: ['Digit9'], shown: '9' },
  { command: 'markup.shown', keys: ['m'], shown: 'M' },
  { command: 'markup.remove', keys: ['Delete'], shown: 'Del' },
  { command: 'review.next', keys: ['n'], shown: 'N' },
  { command: 'review.previous', keys: ['Shift+n'], shown: 'Shift N' },
  { command: 'review.confirm', keys: ['y'], shown: 'Y' },
  { command: 'review.authors', keys: ['h'], shown: 'H' },
  { command: 'tool.last', keys: ['Space'], shown: 'Space' },
  { command: 'tool.drop', keys: ['Escape'], shown: 'Esc' },
  { command: 'brush.smaller', keys: ['BracketLeft'], shown: '[' },
  { command: 'brush.larger', keys: ['BracketRight'], shown: ']' },
  { command: 'segment.previous', keys: ['q'], shown: 'Q' },
  { command: 'segment.next', keys: ['w'], shown: 'W' },
  { command: 'segment.visible', keys: ['s'], shown: 'S' },
  { command: 'segment.lock', keys: ['l'], shown: 'L' },
  { command: 'segment.details', keys: ['e'], shown: 'E' },
  { command: 'segment.fainter', keys: ['a'], shown: 'A' },
  { command: 'segment.stronger', keys: ['d'], shown: 'D' },
  { command: 'preview.toggle', keys: ['i'], shown: 'I' },
  { command: 'preview.invert', keys: ['Shift+i'], shown: 'Shift I' },
  { command: 'view.crosshair', keys: ['x'], shown: 'X' },
  { command: 'view.layout', keys: ['f'], shown: 'F' },
  { command: 'view.reset', keys: ['r'], shown: 'R' },
  { command: 'view.turn', keys: ['Alt+ArrowRight'], shown: 'Alt →' },
  { command: 'view.turn-back', keys: ['Alt+ArrowLeft'], shown: 'Alt ←' },
];

/** What the mouse and the focused view do; printed on the sheet below the keys. */
export const mouseTable: [string, string][] = [
  ['Wheel, arrows, Page keys', 'slice'],
  ['Ctrl wheel, right drag', 'zoom'],
  ['Middle or Shift drag', 'pan'],
  ['Left drag, no tool', 'window and level'],
  ['Shift move', 'linked crosshair'],
  ['Alt left drag', 'turn the other two planes about the crosshair'],
  ['Double-click', 'one view or four'],
  ['Left drag, brush', 'draw; Ctrl held erases'],
  ['Shift wheel, brush', 'brush size'],
  ['Left drag or click, drawing tool', 'draws; Ctrl held turns add and erase round'],
  ['Alt drag, 3D with scissors', 'turns the surface'],
  ['Click, outline', 'a point; right click takes it back, Enter or double-click closes'],
];

const commandIds = (): string[] => commands.map((one) => one.id);

/** Every command with the keys that it has now: chosen by the person, else its own. */
export const keysNow = (): KeyBinding[] => chosenTable(commandIds(), keyTable, useKeyChoices.getState().choices);

/** The key of a command as it is printed; null: it has none. */
export const keyOf = (command: string): string | null => keysNow().find((one) => one.command === command)?.shown || null;

/** As `keyOf`, for what is on screen: it follows when another key is chosen. */
export function useKey(command: string): string | null {
  useKeyChoices((s) => s.choices);
  return keyOf(command);
}

/** Gives a key to a command; what was refused is told, and nothing is changed. */
export function chooseKey(command: string, pattern: string, swap = false): Assigned {
  const done = assignKey(commandIds(), keyTable, useKeyChoices.getState().choices, { command, pattern, swap });
  if ('choices' in done) useKeyChoices.getState().set({ choices: done.choices });
  return done;
}

export function ownKeyAgain(command: string): Assigned {
  const done = resetKey(commandIds(), keyTable, useKeyChoices.getState().choices, command);
  if ('choices' in done) useKeyChoices.getState().set({ choices: done.choices });
  return done;
}

/** Takes the keys of a file over; answers why not, else null. */
export function takeKeyFile(text: string): string | null {
  const read = readKeyFile(text, commandIds(), keyTable);
  if ('fault' in read) return read.fault;
  useKeyChoices.getState().set({ choices: read.choices });
  return null;
}

/** A key that no text field and no control wants for itself. */
const outsideText = (pattern: string): boolean => /^F\d+$/.test(pattern) || /^(\$mod|Alt)\+/.test(pattern);

/** Letters belong to a text field, Space to a focused button, and everything to an open dialog. */
export function belongsToPage(event: KeyboardEvent): boolean {
  if (event.isComposing) return false;
  if (document.querySelector('dialog[open]')) return false;
  const target = event.target instanceof Element ? event.target : null;
  const pattern = patternOf(event);
  const always = pattern !== null && outsideText(pattern) && (holderOf(keysNow(), pattern, '') ?? '').startsWith('lamina.');
  if (always) return true;
  if (target?.closest(typing)) return false;
  if (event.key === ' ' && target?.closest('button, a, input, summary, [role=option]')) return false;
  return true;
}

/** Binds the keys that are in force to the window, and again when others are chosen. Returns the function that lets go. */
export function bindKeys(): () => void {
  let release = bindTable(keysNow());
  const stop = useKeyChoices.subscribe(() => {
    release();
    release = bindTable(keysNow());
  });
  return () => {
    stop();
    release();
  };
}

function bindTable(table: readonly KeyBinding[]): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const { command, keys } of table)
    for (const key of keys) {
      const run = (event: KeyboardEvent): void => {
        // On the start screen only the keys that need no case.
        if (useWorkspace.getState().step === null && !command.startsWith('lamina.') && command !== 'case.open') return;
        event.preventDefault();
        runCommand(command);
      };
      bindings[key] = run;
      // A layout without Latin letters types none of them: there the place of the key counts.
      const letter = /(?:^|\+)([a-z])$/.exec(key)?.[1];
      if (letter)
        bindings[key.replace(/[a-z]$/, `Key${letter.toUpperCase()}`)] = (event) => {
          if (!/^[a-z]$/i.test(event.key)) run(event);
        };
    }
  return tinykeys(window, bindings, { ignore: (event) => !belongsToPage(event) });
}
