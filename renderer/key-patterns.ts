/** Keys in tinykeys' notation: modifiers ($mod is Ctrl, on a Mac Command) and a key or a code, joined by +. */

interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const mac = (): boolean => typeof navigator === 'object' && /Mac|iPod|iPhone|iPad/.test(navigator.platform ?? '');
const modifiers = ['$mod', 'Control', 'Meta', 'Alt', 'Shift'];

/** Codes that say the same as a letter: a letter is taken by what it prints, so that it is the letter on every layout. */
const letterOf = (key: string): string | null =>
  /^Key([A-Z])$/.exec(key)?.[1]?.toLowerCase() ?? (/^[a-z]$/i.test(key) ? key.toLowerCase() : null);

/** One spelling for each press, so that two that mean the same are the same text. */
export function normalPattern(pattern: string): string {
  const parts = pattern.split('+').filter((part) => part !== '');
  const key = parts.at(-1) ?? '';
  const primary = mac() ? 'meta' : 'control';
  const held = parts.slice(0, -1).map((part) => (part === '$mod' ? '$mod' : part.toLowerCase() === primary ? '$mod' : part));
  return [...modifiers.filter((one) => held.some((part) => part.toLowerCase() === one.toLowerCase())), letterOf(key) ?? key].join('+');
}

/**
 * The pattern of a key press; null for a modifier alone, and for presses that name no key (dead keys, an input method).
 */
export function patternOf(press: Press): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified', ''].includes(press.key)) return null;
  const letter = letterOf(press.key) ?? letterOf(press.code);
  const key = letter ?? (press.code || press.key);
  const [primary, other] = mac() ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  const held = [primary && '$mod', other && (mac() ? 'Control' : 'Meta'), press.altKey && 'Alt', press.shiftKey && 'Shift'];
  return normalPattern([...held.filter((part) => part !== false), key].join('+'));
}

const printed: Record<string, string> = {
  $mod: 'Ctrl',
  Control: 'Ctrl',
  Meta: 'Win',
  BracketLeft: '[',
  BracketRight: ']',
  Escape: 'Esc',
  Minus: '-',
  Equal: '=',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Delete: 'Del',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** A pattern as the sheet prints it: 'Ctrl Shift Z', '[', '1'. */
export function shownPattern(pattern: string): string {
  const words = normalPattern(pattern)
    .split('+')
    .map((part) => {
      if (mac() && (part === '$mod' || part === 'Meta')) return 'Cmd';
      return (
        printed[part] ??
        /^Digit(\d)$/.exec(part)?.[1] ??
        (/^Numpad/.test(part) ? part.replace('Numpad', 'Num ') : part.length === 1 ? part.toUpperCase() : part)
      );
    });
  return words.join(' ');
}

/** Whether a pattern names one key that a keyboard has, with modifiers before it: what a file from elsewhere must be held to. */
export const isPattern = (pattern: string): boolean =>
  /^((\$mod|Control|Meta|Alt|Shift)\+)*([a-z]|F\d{1,2}|Key[A-Z]|Digit\d|Numpad\w{1,8}|[A-Z][A-Za-z]{1,15})$/.test(pattern);

const browserKeys = [
  'w',
  't',
  'n',
  'l',
  'r',
  'p',
  'h',
  'j',
  'u',
  'd',
  'q',
  'Equal',
  'Minus',
  'Tab',
  ...'0123456789'.split('').map((n) => `Digit${n}`),
];
const reserved = new Map<string, string>([
  ['Tab', 'Tab moves from control to control.'],
  ['Shift+Tab', 'Shift Tab moves from control to control.'],
  ['Escape', 'Esc closes what is open and drops the tool.'],
  ['Enter', 'Enter presses the control that has the focus and closes an outline.'],
  ['NumpadEnter', 'Enter presses the control that has the focus and closes an outline.'],
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'].map((key): [string, string] => [
    key,
    'Arrows and Page keys move through slices and lists.',
  ]),
  ...browserKeys.map((key): [string, string] => [`$mod+${key}`, 'The browser or the system has this key.']),
  ...['t', 'n', 'w', 'i', 'j', 'c', 'r'].map((key): [string, string] => [`$mod+Shift+${key}`, 'The browser has this key.']),
  ...['c', 'v', 'x', 'a'].map((key): [string, string] => [`$mod+${key}`, 'Copy, paste, cut and select all are the system’s.']),
  ...['F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12'].map((key): [string, string] => [key, `${key} is the browser’s.`]),
  ...['F4', 'd', 'e', 'f', 'Tab', 'Space'].map((key): [string, string] => [`Alt+${key}`, 'The browser or the system has this key.']),
]);

/** Why a key cannot be given to a command, in a sentence; null: it can. */
export function reservedReason(pattern: string): string | null {
  const normal = normalPattern(pattern);
  if (normal.split('+').includes('Meta') || (mac() && normal.split('+').includes('Control')))
    return 'The system has the keys with this modifier.';
  return reserved.get(normal) ?? null;
}
