import { isPattern, normalPattern, reservedReason, shownPattern } from './key-patterns.ts';

/** Chosen keys by command; [] is none. A command that is not in it has its own. */
export type KeyChoices = Record<string, string[]>;
export interface Binding {
  command: string;
  keys: string[];
  shown: string;
}

/** Esc keeps its meaning whatever is chosen. */
export const fixedCommands: readonly string[] = ['tool.drop'];

/** The table in force: what was chosen, else each command's own key. Commands without a key are in it, with none. */
export function chosenTable(commands: readonly string[], own: readonly Binding[], choices: KeyChoices): Binding[] {
  return commands.map((command) => {
    const before = own.find((one) => one.command === command);
    const keys = fixedCommands.includes(command) ? undefined : choices[command];
    if (keys === undefined) return before ?? { command, keys: [], shown: '' };
    return { command, keys, shown: keys[0] === undefined ? '' : shownPattern(keys[0]) };
  });
}

/** The command that has a key, other than `except`; null: it is free. */
export const holderOf = (table: readonly Binding[], pattern: string, except: string): string | null =>
  table.find((one) => one.command !== except && one.keys.some((key) => normalPattern(key) === normalPattern(pattern)))?.command ?? null;

/** Whether a command has its own keys again: then nothing need be kept of it. */
function withoutOwn(own: readonly Binding[], choices: KeyChoices): KeyChoices {
  const spelled = (keys: readonly string[]) => keys.map(normalPattern).join(' ');
  return Object.fromEntries(
    Object.entries(choices).filter(([command, keys]) => spelled(keys) !== spelled(own.find((one) => one.command === command)?.keys ?? [])),
  );
}

export type Assigned = { choices: KeyChoices } | { refused: string; holder: string | null };

/**
 * Gives a key to a command. A key that another command has is refused with its holder, unless `swap`: that one then gets what this one had.
 */
export function assignKey(
  commands: readonly string[],
  own: readonly Binding[],
  choices: KeyChoices,
  wish: { command: string; pattern: string; swap?: boolean },
): Assigned {
  const { command, pattern, swap = false } = wish;
  if (fixedCommands.includes(command)) return { refused: 'Esc always drops the tool.', holder: null };
  const reason = reservedReason(pattern);
  if (reason !== null) return { refused: reason, holder: null };
  const table = chosenTable(commands, own, choices);
  const holder = holderOf(table, pattern, command);
  const next: KeyChoices = { ...choices, [command]: [normalPattern(pattern)] };
  if (holder === null) return { choices: withoutOwn(own, next) };
  if (!swap || fixedCommands.includes(holder)) return { refused: `${shownPattern(pattern)} is taken.`, holder };
  const had = table.find((one) => one.command === command)?.keys ?? [];
  const left = (table.find((one) => one.command === holder)?.keys ?? []).filter((key) => normalPattern(key) !== normalPattern(pattern));
  next[holder] = [...left, ...had.filter((key) => normalPattern(key) !== normalPattern(pattern))];
  return { choices: withoutOwn(own, next) };
}

/** Gives a command its own keys again; refused where another has taken one of them. */
export function resetKey(commands: readonly string[], own: readonly Binding[], choices: KeyChoices, command: string): Assigned {
  const { [command]: _, ...rest } = choices;
  const table = chosenTable(commands, own, rest);
  for (const key of own.find((one) => one.command === command)?.keys ?? []) {
    const holder = holderOf(table, key, command);
    if (holder !== null) return { refused: `${shownPattern(key)} is taken.`, holder };
  }
  return { choices: rest };
}

const longestText = 64 * 1024;

/** The chosen keys as a file. */
export const keyFile = (choices: KeyChoices): string => `${JSON.stringify({ schema: 'lamina-keys/1', keys: choices }, null, 2)}\n`;

/** What a file of keys asks for, or why it cannot be taken: wholly or not at all. Never throws for what is in the file. */
export function readKeyFile(
  text: string,
  commands: readonly string[],
  own: readonly Binding[],
): { choices: KeyChoices } | { fault: string } {
  if (text.length > longestText) return { fault: 'The file is longer than 64 KiB, which no file of keys is.' };
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { fault: 'The file is not JSON.' };
  }
  const { schema, keys } = (file ?? {}) as { schema?: unknown; keys?: unknown };
  if (schema !== 'lamina-keys/1' || typeof keys !== 'object' || keys === null || Array.isArray(keys))
    return { fault: 'The file is no file of keys (lamina-keys/1).' };
  const choices: KeyChoices = {};
  for (const [command, wanted] of Object.entries(keys)) {
    if (!commands.includes(command)) return { fault: `There is no command ${command.slice(0, 40)}.` };
    if (fixedCommands.includes(command)) return { fault: `The key of ${command} cannot be chosen.` };
    if (!Array.isArray(wanted) || wanted.length > 4 || !wanted.every((one) => typeof one === 'string' && isPattern(one)))
      return { fault: `The keys of ${command} are none that Lamina knows.` };
    const reason = wanted.map((one: string) => reservedReason(one)).find((one) => one !== null);
    if (reason) return { fault: `${command}: ${reason}` };
    choices[command] = wanted.map((one: string) => normalPattern(one));
  }
  const table = chosenTable(commands, own, choices);
  for (const { command, keys: have } of table)
    for (const key of have) {
      const other = holderOf(table, key, command);
      if (other !== null) return { fault: `${shownPattern(key)} is given to ${command} and to ${other}.` };
    }
  return { choices: withoutOwn(own, choices) };
}
