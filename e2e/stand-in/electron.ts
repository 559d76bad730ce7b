import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Call, Order, Report } from './messages.ts';
import { serveScheme } from './scheme-server.ts';

/**
 * A stub of Electron for the real main.ts: it keeps Electron's order (what must come before ready, what after), wires nothing that main
 * did not wire itself, and serves the scheme's handler on a loopback port. Every call is recorded; a call out of order is a violation
 * that the tests read even if main swallows the error.
 */
const report = (message: Report): void => void process.send?.(message);
const calls: Call[] = [];
let ready = false;
const plain = (value: unknown): unknown =>
  value === undefined ? null : JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === 'function' ? 'function' : item)));
const record = (name: string, ...received: unknown[]): void => void calls.push({ name, received: received.map(plain), ready });

function violation(message: string): never {
  report({ kind: 'violation', message });
  throw new Error(`stand-in: ${message}`);
}
const beforeReady = (name: string): void => {
  if (ready) violation(`${name} after ready`);
};
const afterReady = (name: string): void => {
  if (!ready) violation(`${name} before ready`);
};
const preventable = () => {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
};
const environment = process.env;
const ownSwitches = process.argv.filter((argument) => argument.startsWith('--')).map((argument) => argument.slice(2));

class StandInApp extends EventEmitter {
  readonly isPackaged = environment.STAND_IN_PACKAGED === '1';
  relaunching = false;
  readonly commandLine = {
    appendSwitch: (name: string, value?: string) => {
      beforeReady(`appendSwitch ${name}`);
      record('appendSwitch', name, value);
    },
    hasSwitch: (name: string) => ownSwitches.includes(name),
  };
  enableSandbox() {
    beforeReady('enableSandbox');
    record('enableSandbox');
  }
  disableDomainBlockingFor3DAPIs() {
    beforeReady('disableDomainBlockingFor3DAPIs');
    record('disableDomainBlockingFor3DAPIs');
  }
  disableHardwareAcceleration() {
    beforeReady('disableHardwareAcceleration');
    record('disableHardwareAcceleration');
  }
  requestSingleInstanceLock(sent: unknown) {
    record('requestSingleInstanceLock', sent);
    return environment.STAND_IN_SECOND !== '1';
  }
  configureHostResolver(options: unknown) {
    afterReady('configureHostResolver');
    record('configureHostResolver', options);
  }
  getPath(name: string) {
    return `${environment.STAND_IN_FOLDER}/${name}`;
  }
  getVersion() {
    return '0.0.0-stand-in';
  }
  getAppPath() {
    return environment.STAND_IN_PROJECT;
  }
  whenReady() {
    return ready ? Promise.resolve() : new Promise<void>((resolve) => this.once('ready', () => resolve()));
  }
  addRecentDocument() {
    violation('addRecentDocument would leave a patient in the system menu');
  }
  relaunch() {
    record('relaunch');
  }
  quit() {
    const event = preventable();
    this.emit('before-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }
  exit(code = 0) {
    record('exit', code);
    // Electron kills its utility processes with itself.
    for (const child of children) child.kill('SIGKILL');
    process.exit(code);
  }
}
export const app = new StandInApp();

let schemes: string[] = [];
export const protocol = {
  registerSchemesAsPrivileged: (custom: { scheme: string; privileges: object }[]) => {
    beforeReady('registerSchemesAsPrivileged');
    if (schemes.length > 0) violation('registerSchemesAsPrivileged twice');
    schemes = custom.map(({ scheme }) => scheme);
    record('registerSchemesAsPrivileged', custom);
  },
  handle: () => violation('protocol.handle serves the default session only'),
};

type Listener = (...received: never[]) => unknown;
class StandInSession extends EventEmitter {
  readonly wired = new Map<string, Listener>();
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  #set(what: string, listener: Listener) {
    record(`session.${what}`, this.name);
    this.wired.set(what, listener);
  }
  readonly protocol = {
    handle: (scheme: string, handler: Listener) => {
      afterReady('session.protocol.handle');
      if (!schemes.includes(scheme)) violation(`${scheme} has no privileges`);
      this.#set(`handle ${scheme}`, handler);
    },
  };
  readonly webRequest = { onBeforeRequest: (_filter: unknown, listener: Listener) => this.#set('onBeforeRequest', listener) };
  setPermissionRequestHandler(listener: Listener) {
    this.#set('permissionRequest', listener);
  }
  setPermissionCheckHandler(listener: Listener) {
    this.#set('permissionCheck', listener);
  }
  setDevicePermissionHandler(listener: Listener) {
    this.#set('devicePermission', listener);
  }
  setSpellCheckerEnabled(on: boolean) {
    record('session.setSpellCheckerEnabled', this.name, on);
    if (!on) this.wired.set('spelling off', () => false);
  }
  async setProxy(options: { mode: string }) {
    record('session.setProxy', this.name, options);
    if (options.mode === 'direct') this.wired.set('direct', () => true);
  }
}
const sessions = new Map<string, StandInSession>();
const sessionNamed = (name: string): StandInSession => {
  afterReady('session');
  const found = sessions.get(name) ?? new StandInSession(name);
  sessions.set(name, found);
  return found;
};
export const session = {
  fromPartition: sessionNamed,
  get defaultSession() {
    return sessionNamed('');
  },
};

class StandInContents extends EventEmitter {
  loading = true;
  openHandler: (() => { action: string }) | null = null;
  isLoading() {
    return this.loading;
  }
  setWindowOpenHandler(handler: () => { action: string }) {
    this.openHandler = handler;
  }
  setWebRTCIPHandlingPolicy(policy: string) {
    record('setWebRTCIPHandlingPolicy', policy);
  }
  send(channel: string, ...received: unknown[]) {
    report({ kind: 'sent', channel, received });
  }
  reload() {
    record('reload');
  }
  forcefullyCrashRenderer() {
    record('forcefullyCrashRenderer');
  }
}

let window: BrowserWindow | null = null;
interface WindowOptions {
  backgroundColor?: string;
  webPreferences: { partition: string; backgroundColor?: string };
}
export class BrowserWindow extends EventEmitter {
  readonly webContents = new StandInContents();
  readonly #session: StandInSession;
  constructor(options: WindowOptions) {
    super();
    afterReady('new BrowserWindow');
    record('new BrowserWindow', options);
    // Electron writes the colour back into the object; on a frozen one that fails in silence there and throws here.
    options.webPreferences.backgroundColor = options.backgroundColor;
    this.#session = sessionNamed(options.webPreferences.partition);
    for (const what of ['permissionRequest', 'permissionCheck', 'devicePermission', 'onBeforeRequest', 'spelling off', 'direct'])
      if (!this.#session.wired.has(what)) violation(`the window's session has no ${what}`);
    app.emit('web-contents-created', {}, this.webContents);
    window = this;
  }
  async loadURL(url: string) {
    record('loadURL', url);
    const { protocol: scheme } = new URL(url);
    const handler = this.#session.wired.get(`handle ${scheme.slice(0, -1)}`);
    if (!handler) violation(`no handler for ${scheme} on the window's own session`);
    const port = await serveScheme({
      handler: handler as unknown as (request: Request) => Promise<Response>,
      mayRequest: (asked) => mayRequest(this.#session, asked),
      onBodyCancelled: () => record('body cancelled'),
    });
    report({ kind: 'loaded', port, url });
  }
  isDestroyed = () => false;
  isMinimized = () => false;
  restore = () => record('restore');
  focus = () => record('focus');
  show = () => record('show');
}

const mayRequest = (on: StandInSession, url: string): boolean => {
  let allowed = false;
  const listener = on.wired.get('onBeforeRequest') as unknown as (
    details: { url: string },
    answer: (a: { cancel: boolean }) => void,
  ) => void;
  listener({ url }, ({ cancel }) => {
    allowed = !cancel;
  });
  return allowed;
};

type Invoked = (event: unknown, ...received: unknown[]) => unknown;
const handlers = new Map<string, Invoked>();
export const ipcMain = {
  handle: (channel: string, handler: Invoked) => {
    if (handlers.has(channel)) violation(`second handler for ${channel}`);
    handlers.set(channel, handler);
    record('ipcMain.handle', channel);
  },
};

const dialogAnswers: unknown[] = [];
const ask =
  (name: string) =>
  async (owner: unknown, options: unknown): Promise<unknown> => {
    afterReady(name);
    if (owner !== window) violation(`${name} without the window as its owner`);
    record(name, options);
    while (dialogAnswers.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return dialogAnswers.shift();
  };
export const dialog = {
  showOpenDialog: ask('showOpenDialog'),
  showSaveDialog: ask('showSaveDialog'),
  showMessageBox: ask('showMessageBox'),
  showErrorBox: (title: string, text: string) => report({ kind: 'violation', message: `${title}: ${text}` }),
};
export const Menu = {
  setApplicationMenu: (menu: unknown) => record('setApplicationMenu', menu === null ? 'none' : 'menu'),
  buildFromTemplate: (template: unknown) => template,
};
export const powerMonitor = new EventEmitter();
let blockers = 0;
export const powerSaveBlocker = {
  start: (kind: string) => {
    record('powerSaveBlocker.start', kind);
    return ++blockers;
  },
  stop: (id: number) => record('powerSaveBlocker.stop', id),
};

const children = new Set<ChildProcess>();
export const utilityProcess = {
  fork: (modulePath: string, modifiers: string[], options: { env?: Record<string, string>; execArgv?: string[]; serviceName?: string }) => {
    afterReady('utilityProcess.fork');
    record('utilityProcess.fork', options);
    const child = fork(modulePath, modifiers, {
      serialization: 'advanced',
      env: options.env,
      execArgv: ['--import', new URL('./parent-port.ts', import.meta.url).href],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    children.add(child);
    const adapter = new EventEmitter();
    child.on('message', (message) => adapter.emit('message', message));
    child.on('exit', (code) => {
      children.delete(child);
      // Electron's deviation: 0 after kill(), whatever the signal was.
      adapter.emit('exit', code ?? 0);
    });
    child.on('error', () => {});
    return Object.assign(adapter, {
      pid: child.pid,
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage: (message: unknown) => void (child.connected && child.send(message as object)),
      kill: () => child.kill(),
    });
  },
};

const targets = () => ({ app, powerMonitor, window, contents: window?.webContents, session: sessions.get('lamina') });
const acts: { [A in Order['act']]: (order: Extract<Order, { act: A }>) => unknown } = {
  invoke: ({ channel, received, frame }) => {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`no handler registered for ${channel}`);
    const sender = frame.ownWindow ? window?.webContents : new StandInContents();
    return handler({ sender, senderFrame: { url: frame.url, parent: frame.top ? null : {} } }, ...received);
  },
  emit: ({ on, event, received }) => {
    const target = targets()[on];
    if (on === 'contents' && event === 'did-finish-load' && window) window.webContents.loading = false;
    if (event === 'quit') return app.quit();
    if (event === 'window-open') return window?.webContents.openHandler?.();
    const given = Object.assign(preventable(), received[0]);
    const heard = target?.emit(event, given, ...received.slice(1));
    return { heard, prevented: given.defaultPrevented };
  },
  'answer-dialog': ({ value }) => void dialogAnswers.push(value),
  'may-request': ({ url, session: which }) => mayRequest(sessionNamed(which === 'window' ? 'lamina' : ''), url),
  permissions: () => {
    const wired = sessionNamed('lamina').wired;
    let granted = true;
    (wired.get('permissionRequest') as unknown as (c: unknown, p: string, answer: (yes: boolean) => void) => void)(null, 'media', (yes) => {
      granted = yes;
    });
    return { request: granted, check: (wired.get('permissionCheck') as Listener)(), device: (wired.get('devicePermission') as Listener)() };
  },
  record: () => ({ calls, children: [...children].map((child) => child.pid) }),
};
process.on('message', async (order: Order) => {
  try {
    report({ kind: 'result', id: order.id, value: plain(await (acts[order.act] as (o: Order) => unknown)(order)) });
  } catch (error) {
    report({ kind: 'result', id: order.id, error: String(error) });
  }
});
process.on('disconnect', () => app.exit(1));

// As early as Electron could: after main's synchronous part, before anything that it awaits.
setImmediate(() => {
  ready = true;
  app.emit('ready');
});
