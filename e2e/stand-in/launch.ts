import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Frame, Page } from '@playwright/test';
import type { Call, FrameFacts, Order, Report } from './messages.ts';
import { bindingName, isolatedWorld, mainWorld, worldName } from './page-bridge.ts';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export interface LaunchOptions {
  paths?: string[];
  switches?: string[];
  packaged?: boolean;
  /** Run dist/main.js, as a package does, in place of the sources. */
  bundled?: boolean;
  second?: boolean;
  /** Serve an empty page in place of the built window, which takes seconds to draw in software. */
  emptyPage?: boolean;
  /** Keep it between two launches to see what the first left behind. */
  folder?: string;
  environment?: Record<string, string>;
}
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The real main.ts in a Node process of its own, with the stub in Electron's place. Throws nothing itself: read `violations`. */
export class StandIn {
  readonly violations: string[] = [];
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #ownFolder: boolean;
  readonly #waiting = new Map<number, (report: Extract<Report, { kind: 'result' }>) => void>();
  readonly #exit: Promise<number | null>;
  readonly #loaded: Promise<number>;
  #count = 0;
  #output = '';
  onSent: (channel: string, received: unknown[]) => void = () => {};

  constructor({
    paths = [],
    switches = [],
    packaged = false,
    bundled = false,
    second = false,
    emptyPage = false,
    folder,
    environment = {},
  }: LaunchOptions = {}) {
    this.#ownFolder = folder === undefined;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'lamina-stand-in-'));
    let application = projectFolder;
    if (emptyPage) {
      application = join(this.folder, 'application');
      mkdirSync(join(application, 'dist', 'renderer'), { recursive: true });
      // The title of a page must never reach the window.
      writeFileSync(join(application, 'dist', 'renderer', 'index.html'), '<!doctype html><title>DOE^JOHN</title><body></body>');
    }
    this.#child = fork(path(bundled ? '../../dist/main.js' : '../../electron/main.ts'), [...switches, ...paths], {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', path('./hooks.ts')],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        XDG_DATA_HOME: join(this.folder, 'share'),
        XDG_CONFIG_HOME: join(this.folder, 'config'),
        STAND_IN_PROJECT: application,
        STAND_IN_FOLDER: this.folder,
        STAND_IN_PACKAGED: packaged ? '1' : '0',
        STAND_IN_SECOND: second ? '1' : '0',
        ...environment,
      },
    });
    this.#child.stdout?.on('data', (chunk) => this.#keep(chunk));
    this.#child.stderr?.on('data', (chunk) => this.#keep(chunk));
    this.#exit = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#loaded = new Promise((resolve, reject) => {
      this.#child.on('message', (report: Report) => {
        if (report.kind === 'loaded') resolve(report.port);
        else if (report.kind === 'violation') this.violations.push(report.message);
        else if (report.kind === 'sent') this.onSent(report.channel, report.received);
        else this.#waiting.get(report.id)?.(report);
      });
      void this.#exit.then((code) => reject(new Error(`main ended with ${code} before it had a window:\n${this.#output}`)));
    });
    // Launches that are meant to end without a window never ask for the port.
    this.#loaded.catch(() => {});
  }

  #keep(chunk: Buffer): void {
    this.#output = (this.#output + chunk.toString()).slice(-16_384);
  }
  get output(): string {
    return this.#output;
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }
  port(): Promise<number> {
    return this.#loaded;
  }
  exited(): Promise<number | null> {
    return this.#exit;
  }

  tell(order: WithoutId<Order>): Promise<unknown> {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (report) => {
        this.#waiting.delete(id);
        if (report.error === undefined) resolve(report.value);
        else reject(new Error(report.error));
      });
      void this.#exit.then(() => reject(new Error('main has ended')));
      this.#child.send({ ...order, id } as Order);
    });
  }
  async calls(name?: string): Promise<Call[]> {
    const { calls } = (await this.tell({ act: 'record' })) as { calls: Call[] };
    return name === undefined ? calls : calls.filter((call) => call.name === name);
  }
  async childPids(): Promise<number[]> {
    return ((await this.tell({ act: 'record' })) as { children: number[] }).children;
  }
  emit(on: Extract<Order, { act: 'emit' }>['on'], event: string, ...received: unknown[]): Promise<unknown> {
    return this.tell({ act: 'emit', on, event, received });
  }

  /** Opens the window's page: the real bundled preload in an isolated world, then the document. */
  async open(page: Page, host = 'app.localhost'): Promise<Page> {
    const port = await this.port();
    const own = host === 'app.localhost';
    const cdp = await page.context().newCDPSession(page);
    await this.#bridge(page, cdp, own, `http://${host}:${port}/`);
    await page.goto(`http://${host}:${port}/`);
    if (own) {
      await this.emit('window', 'ready-to-show');
      await this.emit('contents', 'did-finish-load');
    }
    return page;
  }

  async #bridge(page: Page, cdp: CDPSession, ownWindow: boolean, origin: string): Promise<void> {
    const bundle = join(projectFolder, 'dist', 'preload.cjs');
    if (!existsSync(bundle)) throw new Error('dist/preload.cjs is missing: run npm run build first');
    const preload = `(require, module, exports) => {${readFileSync(bundle, 'utf8')}\n}`;
    const contexts = new Map<number, string>();
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === worldName) contexts.set(context.id, (context.auxData as { frameId: string }).frameId);
    });
    const inContext = (contextId: number, expression: string) => cdp.send('Runtime.evaluate', { contextId, expression }).catch(() => {});
    cdp.on('Runtime.bindingCalled', async ({ name, payload, executionContextId }) => {
      if (name !== bindingName) return;
      const { id, channel, received } = JSON.parse(payload);
      const { frameTree } = await cdp.send('Page.getFrameTree');
      const frames = [frameTree, ...(frameTree.childFrames ?? [])].map(({ frame }) => frame);
      const frame = frames.find((one) => one.id === contexts.get(executionContextId));
      const facts: FrameFacts = {
        url: (frame?.url ?? '').replace(/^http:\/\/app\.localhost:\d+\//, 'lamina://app/'),
        top: !frame?.parentId,
        ownWindow,
      };
      const answer = await this.tell({ act: 'invoke', channel, received, frame: facts }).then(
        (value) => [JSON.stringify(value ?? null), 'null'],
        (error: Error) => ['null', JSON.stringify(error.message)],
      );
      await inContext(executionContextId, `standInReply(${id}, ${answer.join(', ')})`);
    });
    this.onSent = (channel, received) => {
      const top = page.mainFrame() as Frame;
      if (!top.url().startsWith(origin)) return;
      const last = [...contexts.keys()].at(-1);
      if (last !== undefined) void inContext(last, `standInSend(${JSON.stringify(channel)}, ${JSON.stringify(received)})`);
    };
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: bindingName, executionContextName: worldName });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${mainWorld})()` });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${isolatedWorld})(${preload}, '${bindingName}')`, worldName });
  }

  /** Ends the process if it still runs and removes its folder. */
  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#exit;
    if (this.#ownFolder) rmSync(this.folder, { recursive: true, force: true });
  }
}
