import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Session, WebContents } from 'electron';
import { createBuilder } from 'vite';
import { describe, expect, test } from 'vitest';
import { securityHeaders } from '../static-files.ts';
import { guardContents } from './contents-guards.ts';
import { partition } from './origin.ts';
import { lockSession, wireSession } from './session-wiring.ts';
import { refusesUnsandboxed, switches } from './switches.ts';
import { windowOptions, windowOptionsFor } from './window-options.ts';

/**
 * Electron's security checklist, item by item. Items 17 and 1 also stand in dialogs.test.ts and origin.test.ts, 19 in packaging.test.ts;
 * e2e/desktop proves 1, 3, 5, 7, 12-14, 17, 18 and 20 again on the running main.ts.
 *
 * Without Electron's binary nobody can see that Chromium obeys: that the sandbox is on (4), that a permission prompt never appears (5),
 * that the request filter sees every kind of request (1), and that flipped fuses hold (19). scripts/first-hour.ts has a check for each.
 */
const onlyTheBinaryShows = ['1-quiet', '4-sandbox', '5-permissions', '19-fuses'];

const project = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(project, path), 'utf8');
const sources = (folder: string): string[] =>
  readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        /\.(ts|tsx|mjs)$/.test(entry.name) &&
        !entry.name.includes('.test.') &&
        !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => relative(project, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const product = ['electron', 'renderer', 'contract', 'kernels'].flatMap(sources);
const withText = (pattern: RegExp): string[] => product.filter((path) => pattern.test(read(path)));

class FakeSession extends EventEmitter {
  readonly set = new Map<string, unknown>();
  readonly protocol = { handle: (scheme: string, handler: unknown) => this.set.set(`handle ${scheme}`, handler) };
  readonly webRequest = {
    onBeforeRequest: (filter: unknown, listener: unknown) => this.set.set('filter', filter).set('listener', listener),
  };
  setPermissionRequestHandler = (handler: unknown) => this.set.set('request', handler);
  setPermissionCheckHandler = (handler: unknown) => this.set.set('check', handler);
  setDevicePermissionHandler = (handler: unknown) => this.set.set('device', handler);
  setSpellCheckerEnabled = (on: boolean) => this.set.set('spelling', on);
  setProxy = async (options: unknown) => this.set.set('proxy', options);
  allows(url: string): boolean {
    let cancelled = false;
    const listener = this.set.get('listener') as (details: { url: string }, answer: (a: { cancel: boolean }) => void) => void;
    listener({ url }, ({ cancel }) => {
      cancelled = cancel;
    });
    return !cancelled;
  }
}
const wired = async (packaged = true): Promise<FakeSession> => {
  const session = new FakeSession();
  await wireSession(session as unknown as Session, { handler: async () => new Response(), packaged });
  return session;
};
const locked = (packaged = true): FakeSession => {
  const session = new FakeSession();
  lockSession(session as unknown as Session, packaged);
  return session;
};

describe('requests and permissions', () => {
  test('[checklist 1] the window session lets our scheme, blobs and data pass and sees every request', async () => {
    const session = await wired();
    expect(session.set.get('filter')).toEqual({ urls: ['<all_urls>'] });
    expect(['lamina://app/', 'blob:lamina://app/1', 'data:,x'].map((url) => session.allows(url))).toEqual([true, true, true]);
    expect(['https://example.org/', 'file:///etc/passwd', 'devtools://x/'].map((url) => session.allows(url))).toEqual([
      false,
      false,
      false,
    ]);
    expect(session.set.get('proxy')).toEqual({ mode: 'direct' });
    expect(session.set.get('spelling')).toBe(false);
  });
  test('[checklist 1] any other session loads nothing at all', () => {
    expect(['lamina://app/', 'https://example.org/', 'data:,x', 'devtools://x/'].some((url) => locked().allows(url))).toBe(false);
    expect(locked(false).allows('devtools://x/')).toBe(true);
  });
  test('[checklist 1] the switches keep Chromium off the network', () => {
    const names = switches.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['no-proxy-server', 'host-resolver-rules', 'disable-background-networking', 'disable-component-update']),
    );
    expect(names.filter((name) => /security|sandbox|cert|insecure|remote-debugging/.test(name))).toEqual([]);
  });
  test('[checklist 5] requests, checks and devices are denied on both sessions', async () => {
    for (const session of [await wired(), locked()]) {
      const answers: boolean[] = [];
      (session.set.get('request') as (c: null, p: string, a: (yes: boolean) => void) => void)(null, 'media', (yes) => answers.push(yes));
      answers.push((session.set.get('check') as () => boolean)(), (session.set.get('device') as () => boolean)());
      expect(answers).toEqual([false, false, false]);
    }
  });
  test('downloads are refused', async () => {
    for (const session of [await wired(), locked()]) {
      let prevented = false;
      session.emit('will-download', { preventDefault: () => (prevented = true) });
      expect(prevented).toBe(true);
    }
  });
});

describe('the window', () => {
  const { webPreferences } = windowOptions;
  test('its options are one frozen object, and Electron gets a copy that it may write to', () => {
    expect(Object.isFrozen(windowOptions) && Object.isFrozen(webPreferences)).toBe(true);
    const given = windowOptionsFor('/app/preload.cjs', true);
    expect(Object.isFrozen(given) || Object.isFrozen(given.webPreferences)).toBe(false);
    expect(given).toEqual({ ...windowOptions, webPreferences: { ...webPreferences, preload: '/app/preload.cjs', devTools: false } });
    expect(withText(/new BrowserWindow\(/)).toEqual(['electron/main.ts']);
    expect(read('electron/main.ts')).toMatch(/new BrowserWindow\(windowOptionsFor\(/);
  });
  test('[checklist 2] no Node in the page, its frames or its workers', () => {
    expect(webPreferences).toMatchObject({ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false });
  });
  test('[checklist 3] context isolation is on', () => expect(webPreferences.contextIsolation).toBe(true));
  test('[checklist 4] the sandbox is on for the window and for every renderer, and a packaged start without it is refused', () => {
    expect(webPreferences.sandbox).toBe(true);
    const main = read('electron/main.ts');
    expect(main.indexOf('app.enableSandbox()')).toBeGreaterThan(0);
    expect(main.indexOf('app.enableSandbox()')).toBeLessThan(main.indexOf('app.whenReady()'));
    const app = (isPackaged: boolean, given: string[]) =>
      ({ isPackaged, commandLine: { hasSwitch: (name: string) => given.includes(name) } }) as unknown as Parameters<
        typeof refusesUnsandboxed
      >[0];
    expect(refusesUnsandboxed(app(true, ['no-sandbox']), {})).toBe(true);
    expect(refusesUnsandboxed(app(true, []), {})).toBe(false);
    expect(refusesUnsandboxed(app(false, ['no-sandbox']), {})).toBe(false);
    expect(refusesUnsandboxed(app(true, ['no-sandbox']), { LAMINA_TEST_NO_SANDBOX: '1' })).toBe(false);
  });
  test('[checklist 6] web security stays on', () => expect(webPreferences.webSecurity).toBe(true));
  test('[checklist 7] the content security policy names every source, and evaluates WebAssembly alone', () => {
    const directives = new Map(
      (securityHeaders['content-security-policy'] ?? '').split(';').map((directive) => {
        const [name = '', ...values] = directive.trim().split(/\s+/);
        return [name, values] as const;
      }),
    );
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(directives.get('worker-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(directives.get(name)).toEqual(["'none'"]);
    expect([...directives.values()].flat().filter((value) => value.includes('*') || /https?:|'unsafe-eval'/.test(value))).toEqual([]);
  });
  test('[checklist 8] no insecure content', () => expect(webPreferences.allowRunningInsecureContent).toBe(false));
  test('[checklist 9] no experimental features', () => expect(webPreferences.experimentalFeatures).toBe(false));
  test('[checklist 10] no Blink features are turned on', () => {
    expect(Object.keys(webPreferences).filter((key) => /blink/i.test(key))).toEqual([]);
    expect(switches.filter(([name]) => /features/.test(name))).toEqual([]);
  });
  test('[checklist 11] no webview tag', () => expect(webPreferences.webviewTag).toBe(false));
  test('its session lives in memory', () => {
    expect(webPreferences.partition).toBe(partition);
    expect(partition.startsWith('persist:')).toBe(false);
  });
});

describe('what a page may do to its window', () => {
  class FakeContents extends EventEmitter {
    openHandler: ((details: unknown) => { action: string }) | null = null;
    policy = '';
    setWindowOpenHandler = (handler: (details: unknown) => { action: string }) => {
      this.openHandler = handler;
    };
    setWebRTCIPHandlingPolicy = (policy: string) => {
      this.policy = policy;
    };
    prevents(event: string, url: string): boolean {
      let prevented = false;
      this.emit(event, { url, preventDefault: () => (prevented = true) });
      return prevented;
    }
  }
  const contents = new FakeContents();
  guardContents(contents as unknown as WebContents);

  test('[checklist 12] a webview is not attached', () => expect(contents.prevents('will-attach-webview', 'lamina://app/')).toBe(true));
  test('[checklist 13] navigations and redirects end', () => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      expect(contents.prevents(event, 'https://example.org/')).toBe(true);
      expect(contents.prevents(event, 'lamina://app/api/recent')).toBe(true);
      expect(contents.prevents(event, 'lamina://app/')).toBe(false);
    }
  });
  test('[checklist 14] no second window', () => expect(contents.openHandler?.({ url: 'lamina://app/' })).toEqual({ action: 'deny' }));
  test('the title stays Lamina: a page title would hold the patient', () => expect(contents.prevents('page-title-updated', '')).toBe(true));
  test('no address of this machine leaks through WebRTC', () => expect(contents.policy).toBe('disable_non_proxied_udp'));
  test('guards are put on every contents that is ever made', () =>
    expect(read('electron/main.ts')).toContain("app.on('web-contents-created'"));
});

describe('the sources', () => {
  test('[checklist 15] nothing opens anything outside the program', () => {
    // 'shell' is also the shape of a head phantom in kernels/, which can import nothing anyway.
    expect(withText(/\bopenExternal\b|\bshell\s*\.\s*\w|showItemInFolder/).filter((path) => !path.startsWith('kernels/'))).toEqual([]);
    expect(/import \{([^}]*)\} from 'electron'/.exec(read('electron/main.ts'))?.[1]).not.toMatch(/\bshell\b/);
  });
  test('[checklist 16] one exact version, the same for types, binary and installers, and never the broken 41', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number.parseInt(devDependencies.electron, 10)).toBeGreaterThanOrEqual(45);
    expect(JSON.parse(read('node_modules/electron/package.json')).version).toBe(devDependencies.electron);
    expect(read('electron-builder.yml')).toContain(`electronVersion: ${devDependencies.electron} `);
  });
  test('[checklist 17] every channel is registered behind the sender check and a schema', () => {
    expect(withText(/ipcMain\s*\.\s*(handle|on|once)\b/)).toEqual(['electron/desktop/dialogs.ts']);
    const dialogs = read('electron/desktop/dialogs.ts');
    expect(dialogs.match(/ipcMain\.handle/g)).toHaveLength(1);
    expect(dialogs.indexOf('checkSender(event')).toBeLessThan(dialogs.indexOf('return ask('));
    expect(dialogs.indexOf('.safeParse(received')).toBeLessThan(dialogs.indexOf('return ask('));
  });
  test('[checklist 18] the window loads our own scheme alone', () => {
    expect(read('electron/main.ts').match(/\.loadURL\(([^)]*)\)/g)).toEqual(['.loadURL(appOrigin)']);
    expect(withText(/\.loadFile\(|file:\/\//)).toEqual([]);
  });
  test('only main and preload import electron; the rest of the shell knows its types', () => {
    expect(withText(/^import (?!type ).*from 'electron'|^} from 'electron'|import\('electron|require\('electron'/m).sort()).toEqual([
      'electron/main.ts',
      'electron/preload.ts',
    ]);
    expect(withText(/from 'electron'/).filter((path) => !path.startsWith('electron/desktop/'))).toHaveLength(2);
  });
  test('main imports statically: an import() before ready would let ready pass', () => {
    expect(read('electron/main.ts')).not.toMatch(/\bimport\(|^await /m);
  });
  test('nothing leaves a patient in system lists, crash dumps or titles', () => {
    expect(withText(/addRecentDocument|crashReporter|autoUpdater|setTitle\(/)).toEqual([]);
    expect(
      read('electron/desktop/dialogs.ts')
        .match(/properties: \[[^\]]*\]/g)
        ?.every((list) => list.includes('dontAddToRecent')),
    ).toBe(true);
  });
  test('what only the binary shows has its check in the first-hour script', () => {
    const script = read('scripts/first-hour.ts');
    for (const check of onlyTheBinaryShows) expect(script).toContain(`'${check}'`);
  });
});

describe('[checklist 20] the preload', () => {
  test('bundled, it is one file with one require, and exposes named functions alone', async () => {
    const builder = await createBuilder({
      root: project,
      configFile: join(project, 'vite.desktop.config.ts'),
      logLevel: 'error',
      build: { write: false },
    });
    const environment = builder.environments.preload;
    if (!environment) throw new TypeError('the desktop build has no preload');
    environment.config.build.write = false;
    const built = await builder.build(environment);
    const { output } = built as { output: { type: string; code: string }[] };
    expect(output.map(({ type }) => type)).toEqual(['chunk']);
    const code = output[0]?.code ?? '';
    expect(code.match(/\brequire\(("[^"]*"|'[^']*')\)/g)).toEqual(['require("electron")']);
    expect(code).not.toMatch(/^\s*(import|export)\b/m);

    const exposed = new Map<string, Record<string, unknown>>();
    const electron = {
      contextBridge: { exposeInMainWorld: (key: string, api: Record<string, unknown>) => exposed.set(key, api) },
      ipcRenderer: {},
      webUtils: {},
    };
    new Function('require', 'module', 'exports', code)(() => electron, {}, {});
    expect([...exposed.keys()]).toEqual(['laminaDesktop']);
    const api = exposed.get('laminaDesktop') ?? {};
    expect(Object.keys(api).sort()).toEqual(['onOpenRequested', 'openFiles', 'openFolder', 'pathForFile', 'saveFile']);
    expect(Object.values(api).every((value) => typeof value === 'function')).toBe(true);
  });
});
