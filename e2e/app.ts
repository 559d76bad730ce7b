import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, type Page } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..');

/** One running workstation of its own: an empty home, an empty cases folder, a free port. */
export interface Workstation {
  url: string;
  cases: string;
  /** Ends it without asking, as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorkstation(options: { cases?: string; folder?: string; demo?: boolean } = {}): Promise<Workstation> {
  const home = await mkdtemp(path.join(tmpdir(), 'lamina-e2e-'));
  const cases = options.cases ?? path.join(home, 'cases');
  const args = [
    path.join(root, 'electron', 'browser.ts'),
    ...(options.folder ? [options.folder] : []),
    ...(options.demo ? [] : ['--no-demo']),
  ];
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: path.join(home, 'config'), LAMINA_CASES: cases },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const found = /at (http:\S+)/.exec(printed);
      if (found?.[1]) resolve(found[1]);
    });
    child.stderr?.on('data', (chunk) => {
      printed += chunk;
      process.stderr.write(chunk);
    });
    child.on('exit', (code) => reject(new Error(`the workstation ended with ${code}: ${printed}`)));
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
    if (!options.cases) await rm(home, { recursive: true, force: true });
  };
  return {
    url,
    cases,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: () => end('SIGTERM'),
  };
}

/** Every test gets its own workstation, and fails on any error that the page reports. */
export const test = base.extend<{ workstation: Workstation; lamina: Page }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
  workstation: async ({}, use) => {
    const workstation = await startWorkstation();
    await use(workstation);
    await workstation.stop();
  },
  lamina: async ({ page, workstation }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error.stack ?? error)));
    await page.goto(`${workstation.url}&test`);
    await use(page);
    if (errors.length) throw new Error(`the page reported errors:\n${errors.join('\n')}`);
  },
});
export { expect } from '@playwright/test';

/** Where the tour puts its pictures; git ignores it. */
export const pictures = path.join(root, 'e2e', '.output', 'tour');
