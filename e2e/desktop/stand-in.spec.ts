import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type LaunchOptions, StandIn } from '../stand-in/launch.ts';

/**
 * The real main.ts and the real bundled preload, with Electron's place taken by e2e/stand-in. It shows order of calls, session wiring,
 * headers, what the page gets, sender checks and cancel paths. It cannot show that Chromium obeys Electron: scripts/first-hour.ts does.
 */
interface Desktop {
  launch(options?: LaunchOptions): StandIn;
}
const test = base.extend<{ desktop: Desktop }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
  desktop: async ({}, use) => {
    const started: StandIn[] = [];
    await use({
      launch: (options = {}) => {
        const one = new StandIn({ emptyPage: true, ...options, switches: ['--no-demo', ...(options.switches ?? [])] });
        started.push(one);
        return one;
      },
    });
    for (const one of started) await one.end();
  },
});

/** A request of the page itself, through the whole chain. */
const ask = (page: Page, path: string, init?: { method?: string; body?: string }) =>
  page.evaluate(
    async ([path, init]) => {
      const response = await fetch(path as string, { ...(init as object), headers: { 'content-type': 'application/json' } });
      const text = await response.text();
      return { status: response.status, text, length: response.headers.get('content-length') };
    },
    [path, init] as const,
  );
/** A job that runs until it is cancelled or done: the synthetic head. */
const startJob = async (page: Page): Promise<string> => {
  const { status, text } = await ask(page, '/api/demo', { method: 'POST' });
  expect(status).toBe(202);
  return JSON.parse(text).id;
};
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.describe('start', () => {
  test('what must come before ready comes before it, and main keeps every rule of the order', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    const calls = await main.calls();
    const early = calls.filter((call) => !call.ready).map((call) => call.name);
    expect(early).toEqual(
      expect.arrayContaining(['registerSchemesAsPrivileged', 'enableSandbox', 'appendSwitch', 'requestSingleInstanceLock']),
    );
    const late = calls.filter((call) => call.ready).map((call) => call.name);
    expect(late.indexOf('session.setProxy')).toBeLessThan(late.indexOf('new BrowserWindow'));
    expect(late.indexOf('session.handle lamina')).toBeLessThan(late.indexOf('new BrowserWindow'));
    expect(await main.calls('show')).toHaveLength(1);
    expect(main.violations).toEqual([]);
  });

  test('[checklist 4] a packaged start without the sandbox ends with 3 before anything is registered', async ({ desktop }) => {
    expect(await desktop.launch({ packaged: true, switches: ['--no-sandbox'] }).exited()).toBe(3);
  });
  test('unpackaged, and packaged with the test variable, it starts', async ({ desktop, page }) => {
    await desktop.launch({ switches: ['--no-sandbox'] }).open(page);
    await desktop.launch({ packaged: true, switches: ['--no-sandbox'], environment: { LAMINA_TEST_NO_SANDBOX: '1' } }).port();
  });
  test('a second start hands its paths over and ends', async ({ desktop, page }) => {
    const second = desktop.launch({ second: true, paths: ['/series/a'] });
    expect(await second.exited()).toBe(0);
    const first = desktop.launch();
    await first.open(page);
    await page.evaluate(() => {
      const state = window as unknown as { asked: string[]; laminaDesktop: { onOpenRequested(f: (paths: string[]) => void): void } };
      state.laminaDesktop.onOpenRequested((paths) => {
        state.asked = paths;
      });
    });
    await first.emit('app', 'second-instance', {}, ['electron'], '/', { paths: ['/series/a', '/series/b'] });
    await expect.poll(() => page.evaluate(() => (window as unknown as { asked?: string[] }).asked)).toEqual(['/series/a', '/series/b']);
    expect(await first.calls('focus')).toHaveLength(1);
    // What another program might send in our name is not heard.
    await first.emit('app', 'second-instance', {}, ['electron'], '/', { paths: [{ evil: true }] });
    expect(await page.evaluate(() => (window as unknown as { asked?: string[] }).asked)).toEqual(['/series/a', '/series/b']);
  });
  test('the folder of the command line is the one that the window starts with', async ({ desktop, page }) => {
    const main = desktop.launch({ paths: ['/series/a b'] });
    await main.open(page);
    expect(JSON.parse((await ask(page, '/api/about')).text)).toMatchObject({ shell: 'desktop', initialFolder: '/series/a b' });
  });
});

test.describe('the page', () => {
  test('[checklist 3] [checklist 20] gets five named functions and nothing of Node or Electron', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    const seen = await page.evaluate(() => {
      const own = window as unknown as Record<string, unknown>;
      const api = own.laminaDesktop as object;
      return {
        names: Object.entries(api).map(([name, value]) => `${name}:${typeof value}`),
        frozen: Object.isFrozen(api),
        leaked: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', 'standInIpc', 'standInReply'].filter(
          (name) => name in own,
        ),
      };
    });
    expect(seen.names.sort()).toEqual(
      ['onOpenRequested', 'openFiles', 'openFolder', 'pathForFile', 'saveFile'].map((name) => `${name}:function`),
    );
    expect(seen).toMatchObject({ frozen: true, leaked: [] });
    expect(main.violations).toEqual([]);
  });

  test('[checklist 7] is cross-origin isolated under its policy, draws without breaking it, and evaluates no text', async ({
    desktop,
    page,
  }) => {
    const main = desktop.launch({ emptyPage: false });
    const failures: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text());
    });
    page.on('pageerror', (error) => failures.push(error.message));
    await main.open(page);
    await expect(page.locator('body')).toContainText(/\w/);
    expect(failures).toEqual([]);
    expect(await page.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer])).toEqual([true, 'function']);
    // Through a timer: evaluate() itself is not bound by the page's policy.
    const evaluated = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true });
          const script = document.createElement('script');
          script.textContent = 'window.ran = true';
          document.head.append(script);
        }),
    );
    expect(String(evaluated)).toMatch(/^script-src/);
    expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  });

  test('[checklist 1] asks for nothing outside its own origin, and main would cancel it', async ({ desktop, page }) => {
    const main = desktop.launch({ emptyPage: false });
    const port = await main.port();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await main.open(page);
    await ask(page, '/api/recent');
    await expect(page.locator('body')).toContainText(/\w/);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((url) => !/^(blob|data):/.test(url) && new URL(url).host !== `app.localhost:${port}`)).toEqual([]);
    const may = (url: string) => main.tell({ act: 'may-request', url, session: 'window' });
    for (const url of ['https://example.org/', 'http://127.0.0.1:1/', 'ws://a/', 'file:///etc/passwd', 'lamina://evil/'])
      expect(await may(url)).toBe(false);
    for (const url of ['lamina://app/', 'blob:lamina://app/1', 'data:,a']) expect(await may(url)).toBe(true);
    expect(await main.tell({ act: 'may-request', url: 'lamina://app/', session: 'default' })).toBe(false);
  });

  test('[checklist 5] [checklist 12] [checklist 13] [checklist 14] is granted nothing and goes nowhere', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    expect(await main.tell({ act: 'permissions' })).toEqual({ request: false, check: false, device: false });
    const prevented = (event: string, url: string) => main.emit('contents', event, { url });
    expect(await prevented('will-navigate', 'https://example.org/')).toEqual({ heard: true, prevented: true });
    expect(await prevented('will-frame-navigate', 'lamina://app/api/recent')).toEqual({ heard: true, prevented: true });
    expect(await prevented('will-navigate', 'lamina://app/')).toEqual({ heard: true, prevented: false });
    expect(await prevented('will-attach-webview', '')).toEqual({ heard: true, prevented: true });
    expect(await prevented('page-title-updated', '')).toEqual({ heard: true, prevented: true });
    expect(await main.emit('contents', 'window-open')).toEqual({ action: 'deny' });
    expect(await main.emit('session', 'will-download')).toEqual({ heard: true, prevented: true });
  });

  test('an unknown file is a plain 404 and an unknown verb a 405, both under the policy', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    expect((await ask(page, '/assets/none.js')).status).toBe(404);
    expect((await ask(page, '/../../package.json')).status).toBe(404);
    expect((await ask(page, '/%2e%2e/%2e%2e/package.json')).status).toBe(404);
    expect((await ask(page, '/', { method: 'DELETE' })).status).toBe(405);
  });
});

test.describe('dialogs', () => {
  const call = (page: Page, name: string, ...received: unknown[]) =>
    page.evaluate(
      ([name, received]) =>
        (window as unknown as { laminaDesktop: Record<string, (...r: unknown[]) => unknown> }).laminaDesktop[name as string]?.(
          ...(received as unknown[]),
        ),
      [name, received] as const,
    );

  test('answer the paths that the person chose, and keep out of recent documents', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    await main.tell({ act: 'answer-dialog', value: { canceled: false, filePaths: ['/series/a'] } });
    expect(await call(page, 'openFolder')).toBe('/series/a');
    await main.tell({ act: 'answer-dialog', value: { canceled: true, filePaths: [] } });
    expect(await call(page, 'openFolder', { title: 'Import' })).toBeNull();
    await main.tell({ act: 'answer-dialog', value: { canceled: false, filePaths: ['/x/1.dcm', '/x/2.dcm'] } });
    expect(await call(page, 'openFiles')).toEqual(['/x/1.dcm', '/x/2.dcm']);
    await main.tell({ act: 'answer-dialog', value: { canceled: false, filePath: '/out/left.stl' } });
    expect(await call(page, 'saveFile', { suggestedName: 'left.stl' })).toBe('/out/left.stl');
    const options = [...(await main.calls('showOpenDialog')), ...(await main.calls('showSaveDialog'))].map(
      ({ received }) => received[0],
    ) as {
      properties: string[];
      defaultPath: string;
    }[];
    expect(options).toHaveLength(4);
    for (const { properties, defaultPath } of options) {
      expect(properties).toContain('dontAddToRecent');
      expect(defaultPath).toMatch(/^\//);
    }
    // The next dialog opens where the last choice was.
    expect(options.at(-1)?.defaultPath).toBe(join('/x', 'left.stl'));
  });

  test('a dropped file answers its path at once', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    const path = await page.evaluate(() =>
      (window as unknown as { laminaDesktop: { pathForFile(file: File): string } }).laminaDesktop.pathForFile(new File(['x'], 'a b.dcm')),
    );
    expect(path).toBe('/stand-in/a b.dcm');
  });

  test('[checklist 17] arguments that the schema refuses never reach a dialog', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    for (const options of [{ suggestedName: '../x' }, { suggestedName: 'a', defaultPath: '/etc' }, {}, 'a', { suggestedName: 7 }])
      await expect(call(page, 'saveFile', options)).rejects.toThrow(/lamina:save-file|schema/);
    await expect(call(page, 'openFolder', { properties: ['openFile'] })).rejects.toThrow(/schema/);
    expect([...(await main.calls('showSaveDialog')), ...(await main.calls('showOpenDialog'))]).toEqual([]);
  });

  test('[checklist 17] another document and a frame inside ours are refused', async ({ desktop, page, browser }) => {
    const main = desktop.launch();
    await main.open(page, 'evil.localhost');
    await expect(call(page, 'openFolder')).rejects.toThrow(/another window refused/);
    const facts = { url: 'http://evil.localhost/', top: true, ownWindow: true };
    const invoke = (frame: typeof facts) => main.tell({ act: 'invoke', channel: 'lamina:open-folder', received: [], frame });
    await expect(invoke(facts)).rejects.toThrow(/another document refused/);
    await expect(invoke({ ...facts, url: 'lamina://app/', top: false })).rejects.toThrow(/another document refused/);
    expect(await main.calls('showOpenDialog')).toEqual([]);
    expect(browser.isConnected()).toBe(true);
  });
});

test.describe('the service behind the scheme', () => {
  test('progress arrives as server-sent events, and a page that goes cancels its stream', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    const id = await startJob(page);
    const first = await page.evaluate(
      (id) =>
        new Promise<string>((resolve, reject) => {
          const source = new EventSource(`/api/jobs/${id}/events`);
          source.onmessage = (event) => resolve(event.data);
          source.onerror = () => reject(new Error('the stream ended'));
        }),
      id,
    );
    expect(JSON.parse(first)).toMatchObject({ id });
    await page.reload();
    await expect.poll(async () => (await main.calls('body cancelled')).length).toBeGreaterThan(0);
    // The job outlives the page: it is the service's, and is cancelled by its own route.
    expect(JSON.parse((await ask(page, `/api/jobs/${id}`)).text).state).toBe('running');
    expect((await ask(page, `/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(202);
    expect(JSON.parse((await ask(page, `/api/jobs/${id}`)).text).state).toMatch(/^cancell/);
  });

  test('the bundled main, as a package carries it, does the same: it finds its process, and a job gets on', async ({ desktop, page }) => {
    const main = desktop.launch({ bundled: true });
    await main.open(page);
    const id = await startJob(page);
    await expect.poll(async () => JSON.parse((await ask(page, `/api/jobs/${id}`)).text).fraction, { timeout: 60_000 }).toBeGreaterThan(0);
    expect(await main.childPids()).toHaveLength(1);
    expect(main.violations).toEqual([]);
  });

  test('the computing process is a utility process with a short environment, and its death is a refusal', async ({ desktop, page }) => {
    const main = desktop.launch({ environment: { SECRET: 'x' } });
    await main.open(page);
    const id = await startJob(page);
    await expect.poll(async () => (await main.childPids()).length).toBe(1);
    const [{ received } = { received: [] }] = await main.calls('utilityProcess.fork');
    const options = received[0] as { env: Record<string, string>; execArgv: string[] };
    expect(Object.keys(options.env)).not.toContain('SECRET');
    expect(options.execArgv.join()).toMatch(/^--js-flags=--max-old-space-size=\d+$/);
    const [pid = 0] = await main.childPids();
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => JSON.parse((await ask(page, `/api/jobs/${id}`)).text).state).toBe('refused');
    expect(JSON.parse((await ask(page, `/api/jobs/${id}`)).text).problem.code).toBe('PROCESS_DIED');
    expect((await ask(page, '/api/about')).status).toBe(200);
  });
});

test.describe('quitting', () => {
  test('asks while a job runs; staying keeps it, going ends it and its process', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    const id = await startJob(page);
    await expect.poll(async () => (await main.childPids()).length).toBe(1);
    const pids = await main.childPids();
    await main.tell({ act: 'answer-dialog', value: { response: 0 } });
    await main.emit('app', 'quit');
    await expect.poll(async () => (await main.calls('showMessageBox')).length).toBe(1);
    expect(JSON.parse((await ask(page, `/api/jobs/${id}`)).text).state).toBe('running');
    await main.tell({ act: 'answer-dialog', value: { response: 1 } });
    await main.emit('window', 'close').catch(() => {});
    expect(await main.exited()).toBe(0);
    await expect.poll(() => pids.filter(alive)).toEqual([]);
  });
  test('without a job closes at once', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    await main.emit('window', 'close').catch(() => {});
    expect(await main.exited()).toBe(0);
  });
  test('a shutdown of the machine asks nobody', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    await startJob(page);
    await main.emit('powerMonitor', 'shutdown').catch(() => {});
    expect(await main.exited()).toBe(0);
  });
});

test.describe('faults', () => {
  test('a page that dies is loaded again, one that dies twice in a minute asks', async ({ desktop, page }) => {
    const main = desktop.launch();
    await main.open(page);
    await main.emit('contents', 'render-process-gone', {}, { reason: 'crashed' });
    expect(await main.calls('reload')).toHaveLength(1);
    await main.tell({ act: 'answer-dialog', value: { response: 0 } });
    await main.emit('contents', 'render-process-gone', {}, { reason: 'oom' });
    await expect.poll(async () => (await main.calls('reload')).length).toBe(2);
    expect(await main.calls('showMessageBox')).toHaveLength(1);
  });

  test('three deaths of the graphics process start the program again without it', async ({ desktop, page }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lamina-graphics-'));
    try {
      const main = desktop.launch({ folder });
      await main.open(page);
      expect(await main.calls('disableHardwareAcceleration')).toEqual([]);
      const gone = () => main.emit('app', 'child-process-gone', {}, { type: 'GPU', reason: 'crashed' });
      await gone();
      await gone();
      await gone().catch(() => {});
      expect(await main.exited()).toBe(0);
      const again = desktop.launch({ folder });
      await again.port();
      expect(await again.calls('disableHardwareAcceleration')).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
