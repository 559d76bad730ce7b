import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { normalPattern, reservedReason } from './key-patterns.ts';
import { keyTable } from './keys.ts';

test('keys as they come: each belongs to a command that there is, none to two, and none is one that is kept', () => {
  const ids = commands.map((one) => one.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(keyTable.map((one) => one.command).filter((id) => !ids.includes(id))).toEqual([]);
  const all = keyTable.flatMap((one) => one.keys.map(normalPattern));
  expect(all.filter((one, n) => all.indexOf(one) !== n)).toEqual([]);
  const kept = keyTable.flatMap(({ command, keys }) => keys.filter((key) => command !== 'tool.drop' && reservedReason(key) !== null));
  expect(kept).toEqual([]);
});
