/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { root, work } from './cases.ts';
import type { FeelNotes } from './page.ts';

/** The workstation as the browser shell starts it, on the bench's own cases. */
export async function workstation(): Promise<{ url: string; child: ChildProcess }> {
  const args = ['--disable-warning=ExperimentalWarning', path.join(root, 'electron', 'browser.ts'), '--no-demo'];
  const env = { ...process.env, XDG_CONFIG_HOME: path.join(work, 'config'), LAMINA_CASES: path.join(work, 'cases') };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const found = /at (http:\S+)/.exec(printed);
      if (found?.[1]) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`the workstation ended with ${code}`)));
  });
  return { url, child };
}

/** What the page shows of itself to a test. */
export interface Hooks {
  __lamina: {
    ready(): boolean;
    store: { getState(): { brush: object; layers: unknown[]; tool: string; set(change: object): void }; subscribe(call: () => void): void };
  };
  feel: FeelNotes;
  feelFlush(): void;
}

/** Opens a case in the page and waits until its pictures are checked. Answers how long opening took in the service and until it was seen. */
export async function show(page: Page, url: string, folder: string): Promise<{ serviceMs: number; seenMs: number }> {
  await page.goto(`${url}&test`);
  await page.waitForSelector('[data-testid="open-folder"]');
  const opened = await page.evaluate(async (place) => {
    const started = performance.now();
    const body = JSON.stringify({ folder: place });
    const answer = await fetch('/api/open', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const state = (await answer.json()) as { id: string };
    return { id: state.id, ms: performance.now() - started };
  }, folder);
  const started = performance.now();
  await page.evaluate((id) => {
    location.hash = `#/${id}/correct`;
  }, opened.id);
  await page.reload();
  await page.waitForFunction(() => (window as unknown as Partial<Hooks>).__lamina?.ready() === true, undefined, { timeout: 300_000 });
  await page.waitForFunction(() => document.querySelector('[data-testid="journal"] .cap')?.textContent !== '0 entries');
  const seenMs = performance.now() - started;
  await page.waitForTimeout(1500);
  return { serviceMs: opened.ms, seenMs };
}

/** Forgets what was noted. */
export const clear = (page: Page) =>
  page.evaluate(() => {
    const { feel, feelFlush } = window as unknown as Hooks;
    feelFlush();
    for (const list of Object.values(feel)) list.length = 0;
  });
export const read = async (page: Page): Promise<FeelNotes> => {
  await page.evaluate(() => (window as unknown as Hooks).feelFlush());
  return page.evaluate(() => (window as unknown as Hooks).feel);
};
/** Changes the viewer's store. */
export const set = (page: Page, change: object) =>
  page.evaluate((next) => {
    const { store } = (window as unknown as Hooks).__lamina;
    const { brush } = store.getState();
    const { brush: changed, ...rest } = next as { brush?: object };
    store.getState().set({ ...rest, ...(changed ? { brush: { ...brush, ...changed } } : {}) });
  }, change);
