import type { BrowserWindow } from 'electron';
import { describe, expect, test } from 'vitest';
import { channels } from './channels.ts';
import { checkSender, dialogArguments } from './dialogs.ts';

describe('[checklist 17] who may ask for a dialog, and how', () => {
  const webContents = {};
  const window = { webContents, isDestroyed: () => false } as unknown as BrowserWindow;
  const from = (url: string, { parent = null as object | null, sender = webContents } = {}) =>
    ({ sender, senderFrame: { url, parent } }) as unknown as Parameters<typeof checkSender>[0];

  test('the top frame of our window with our document is heard', () => {
    expect(checkSender(from('lamina://app/index.html'), window)).toBe(window);
  });
  test.each([
    ['another document', from('https://example.org/')],
    ['another host of the scheme', from('lamina://evil/')],
    ['a frame inside the page', from('lamina://app/', { parent: {} })],
    ['another window', from('lamina://app/', { sender: {} })],
    ['a frame that has gone', { sender: webContents, senderFrame: null } as unknown as Parameters<typeof checkSender>[0]],
  ])('%s is refused', (_who, event) => {
    expect(() => checkSender(event, window)).toThrow(TypeError);
  });
  test('no window, no dialog', () => {
    expect(() => checkSender(from('lamina://app/'), null)).toThrow(TypeError);
    expect(() => checkSender(from('lamina://app/'), { ...window, isDestroyed: () => true } as BrowserWindow)).toThrow(TypeError);
  });

  const save = dialogArguments[channels.saveFile];
  test.each(['left orbit.stl', 'Köpf 1.2.stl', '头.3mf'])('%s may be suggested as a name', (suggestedName) => {
    expect(save.safeParse({ suggestedName }).success).toBe(true);
  });
  test.each(['', '..', '../x.stl', '/etc/passwd', 'a\\b', 'C:x', 'a\u0000b', 'a\nb', 'x'.repeat(201)])('%j may not', (suggestedName) => {
    expect(save.safeParse({ suggestedName }).success).toBe(false);
  });
  test('unknown keys and wrong types are refused on every channel', () => {
    for (const schema of Object.values(dialogArguments)) {
      expect(schema.safeParse({ suggestedName: 'a', properties: ['showHiddenFiles'] }).success).toBe(false);
      for (const value of [null, 'x', 7, []]) expect(schema.safeParse(value).success).toBe(false);
    }
    expect(dialogArguments[channels.openFiles].safeParse({ filters: [{ name: 'x', extensions: ['../x'] }] }).success).toBe(false);
  });
});
