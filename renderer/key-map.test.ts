import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignKey, type Binding, chosenTable, holderOf, type KeyChoices, keyFile, readKeyFile, resetKey } from './key-map.ts';
import { isPattern, normalPattern, patternOf, reservedReason, shownPattern } from './key-patterns.ts';

const own: Binding[] = [
  { command: 'tool.brush', keys: ['Digit1'], shown: '1' },
  { command: 'segment.next', keys: ['w'], shown: 'W' },
  { command: 'case.redo', keys: ['$mod+y', '$mod+Shift+z'], shown: 'Ctrl Y' },
  { command: 'tool.drop', keys: ['Escape'], shown: 'Esc' },
];
const commands = [...own.map((one) => one.command), 'view.centre', 'window.bone'];
const keysOf = (choices: KeyChoices, command: string) => chosenTable(commands, own, choices).find((one) => one.command === command)!.keys;
const assign = (choices: KeyChoices, command: string, pattern: string, swap = false) =>
  assignKey(commands, own, choices, { command, pattern, swap });
const press = (key: string, code: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', true>> = {}) =>
  patternOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('key presses as patterns', () => {
  test.each([
    ['w', 'KeyW', {}, 'w', 'W'],
    ['W', 'KeyW', { shiftKey: true }, 'Shift+w', 'Shift W'],
    ['z', 'KeyY', {}, 'z', 'Z'],
    ['ц', 'KeyW', {}, 'w', 'W'],
    ['!', 'Digit1', { shiftKey: true }, 'Shift+Digit1', 'Shift 1'],
    ['[', 'BracketLeft', {}, 'BracketLeft', '['],
    [' ', 'Space', {}, 'Space', 'Space'],
    ['F1', 'F1', {}, 'F1', 'F1'],
    ['z', 'KeyZ', { ctrlKey: true, shiftKey: true }, '$mod+Shift+z', 'Ctrl Shift Z'],
    ['5', 'Numpad5', { altKey: true }, 'Alt+Numpad5', 'Alt Num 5'],
  ] as const)('%s (%s) is named and printed', (key, code, held, pattern, shown) => {
    expect(press(key, code, held)).toBe(pattern);
    expect(shownPattern(pattern)).toBe(shown);
    expect(isPattern(pattern)).toBe(true);
  });

  test.each(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'CapsLock'])('%s alone is no press', (key) => {
    expect(press(key, '')).toBeNull();
  });

  test('one press has one spelling', () => {
    expect(['Shift+$mod+KeyZ', '$mod+Shift+Z', 'Control+Shift+z'].map(normalPattern)).toEqual(Array(3).fill('$mod+Shift+z'));
    fc.assert(
      fc.property(fc.constantFrom('a', 'KeyQ', 'F9', 'Digit3', 'Slash'), fc.subarray(['$mod', 'Alt', 'Shift']), (key, held) => {
        const once = normalPattern([...held, key].join('+'));
        expect(normalPattern(once)).toBe(once);
        expect(normalPattern([...[...held].reverse(), key].join('+'))).toBe(once);
      }),
    );
  });

  test.each([
    'Tab',
    'Shift+Tab',
    'Escape',
    'Enter',
    'PageUp',
    '$mod+w',
    '$mod+Shift+i',
    '$mod+Digit1',
    'F5',
    'F12',
    'Alt+F4',
    '$mod+c',
    'Meta+k',
  ])('%s is kept, with a reason', (pattern) => {
    expect(reservedReason(pattern)).toMatch(/\.$/);
    expect(assign({}, 'view.centre', pattern)).toEqual({ refused: reservedReason(pattern), holder: null });
  });
  test.each(['g', 'Shift+Digit1', 'F2', 'F1', '$mod+k', 'Alt+x', 'Space', 'Delete'])('%s can be given', (pattern) =>
    expect(reservedReason(pattern)).toBeNull(),
  );
});

describe('choosing keys', () => {
  test('a free key is taken and printed; the old one is free again', () => {
    const done = assign({}, 'segment.next', 'e');
    expect(done).toEqual({ choices: { 'segment.next': ['e'] } });
    const { choices } = done as { choices: KeyChoices };
    const table = chosenTable(commands, own, choices);
    expect(table.find((one) => one.command === 'segment.next')).toEqual({ command: 'segment.next', keys: ['e'], shown: 'E' });
    expect(holderOf(table, 'w', '')).toBeNull();
  });

  test('a key that another command has is refused with that command; the other spelling of it too', () => {
    for (const pattern of ['w', 'KeyW'])
      expect(assign({}, 'view.centre', pattern)).toEqual({ refused: 'W is taken.', holder: 'segment.next' });
    expect(assign({}, 'tool.brush', '$mod+Shift+z')).toMatchObject({ holder: 'case.redo' });
  });

  test('swapped on purpose, each has what the other had; a command without a key takes it', () => {
    expect(assign({}, 'tool.brush', 'w', true)).toEqual({ choices: { 'tool.brush': ['w'], 'segment.next': ['Digit1'] } });
    expect(assign({}, 'view.centre', 'w', true)).toEqual({ choices: { 'view.centre': ['w'], 'segment.next': [] } });
    expect(assign({}, 'view.centre', '$mod+y', true)).toEqual({ choices: { 'view.centre': ['$mod+y'], 'case.redo': ['$mod+Shift+z'] } });
  });

  test('swapped back, nothing is kept of it', () => {
    const { choices } = assign({}, 'tool.brush', 'w', true) as { choices: KeyChoices };
    expect(assign(choices, 'tool.brush', 'Digit1', true)).toEqual({ choices: {} });
  });

  test('Esc stays what it is', () => {
    expect(assign({}, 'tool.drop', 'g')).toEqual({ refused: 'Esc always drops the tool.', holder: null });
    expect(keysOf({ 'tool.drop': ['g'] }, 'tool.drop')).toEqual(['Escape']);
  });

  test('a command has its own key again, unless another has it by now', () => {
    expect(resetKey(commands, own, { 'segment.next': ['e'] }, 'segment.next')).toEqual({ choices: {} });
    const taken = { 'segment.next': ['e'], 'view.centre': ['w'] };
    expect(resetKey(commands, own, taken, 'segment.next')).toEqual({ refused: 'W is taken.', holder: 'view.centre' });
  });

  test('whatever is chosen in whatever order, no key ever runs two commands', () => {
    const wish = fc.record({
      command: fc.constantFrom(...commands),
      pattern: fc.constantFrom('w', 'e', 'Digit1', '$mod+y', '$mod+Shift+z', 'Escape', 'F2'),
      swap: fc.boolean(),
      reset: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
        let choices: KeyChoices = {};
        for (const one of wishes) {
          const done = one.reset ? resetKey(commands, own, choices, one.command) : assign(choices, one.command, one.pattern, one.swap);
          if ('choices' in done) choices = done.choices;
          const bound = chosenTable(commands, own, choices).flatMap(({ keys }) => keys.map(normalPattern));
          expect(new Set(bound).size).toBe(bound.length);
          expect(readKeyFile(keyFile(choices), commands, own)).toEqual({ choices });
        }
      }),
    );
  });
});

describe('a file of keys', () => {
  const file = (keys: unknown) => JSON.stringify({ schema: 'lamina-keys/1', keys });
  test.each([
    ['{', /not JSON/],
    ['null', /no file of keys/],
    ['{"schema":"other","keys":{}}', /no file of keys/],
    [file([]), /no file of keys/],
    [file({ 'tool.laser': ['l'] }), /no command tool\.laser/],
    [file({ 'tool.brush': 'b' }), /tool\.brush are none/],
    [file({ 'tool.brush': ['(.*)'] }), /tool\.brush are none/],
    [file({ 'tool.brush': ['a b'] }), /tool\.brush are none/],
    [file({ 'tool.brush': ['Tab'] }), /tool\.brush: Tab moves/],
    [file({ 'tool.drop': ['g'] }), /cannot be chosen/],
    [file({ 'tool.brush': ['w'] }), /W is given to tool\.brush and to segment\.next/],
    [' '.repeat(70_000), /longer than 64 KiB/],
  ])('is taken wholly or not at all: %s', (text, fault) => {
    expect(readKeyFile(text, commands, own)).toEqual({ fault: expect.stringMatching(fault) });
  });
});
