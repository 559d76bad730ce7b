import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  session,
  utilityProcess,
  type WebContents,
} from 'electron';
import { channels } from './desktop/channels.ts';
import { guardContents } from './desktop/contents-guards.ts';
import { registerDialogs } from './desktop/dialogs.ts';
import { burstCounter, GraphicsMarker } from './desktop/graphics.ts';
import { keepAwake } from './desktop/keep-awake.ts';
import { launchPaths, launchRequest } from './desktop/launch-request.ts';
import { kindOf, log } from './desktop/log.ts';
import { menuTemplate } from './desktop/menu.ts';
import { appOrigin, partition, privilegedScheme } from './desktop/origin.ts';
import { quitSequence } from './desktop/quit.ts';
import { requestHandler } from './desktop/request-handler.ts';
import { lockSession, wireSession } from './desktop/session-wiring.ts';
import { applySwitches, exitCodeUnsandboxed, refusesUnsandboxed } from './desktop/switches.ts';
import { forkUtility } from './desktop/utility-process.ts';
import { windowOptionsFor } from './desktop/window-options.ts';
import { createHost } from './host.ts';
import { serveStatic } from './static-files.ts';

// Everything up to the first await must happen before ready: static imports only, no top-level await.
if (refusesUnsandboxed(app, process.env)) {
  log('refused-without-sandbox');
  // Not app.exit: that would still let 'ready' come.
  process.exit(exitCodeUnsandboxed);
}
protocol.registerSchemesAsPrivileged([privilegedScheme]);
app.enableSandbox();
applySwitches(app);
Menu.setApplicationMenu(null);

const graphicsMarker = new GraphicsMarker(join(app.getPath('userData'), 'graphics-off'), app.getVersion());
const graphicsOff = graphicsMarker.isSet();
if (graphicsOff) app.disableHardwareAcceleration();

/** A packaged program says kind and code alone; a developer gets the stack. */
function logMistake(event: string, error: unknown): void {
  log(event, kindOf(error));
  if (!app.isPackaged) console.error(error);
}

let window: BrowserWindow | null = null;
/** Paths that the window has not been told of yet. */
const pending = launchPaths(process.argv, app.isPackaged, process.cwd());

function tellWindow(): void {
  if (!window || window.webContents.isLoading() || pending.length === 0) return;
  window.webContents.send(channels.openRequested, pending.splice(0));
}

function openPaths(paths: string[]): void {
  pending.push(...paths);
  if (window?.isMinimized()) window.restore();
  window?.focus();
  tellWindow();
}

process.on('uncaughtException', (error) => logMistake('uncaught', error));
process.on('unhandledRejection', (error) => logMistake('unhandled', error));

if (app.requestSingleInstanceLock({ paths: pending })) {
  app.on('second-instance', (_event, _argv, _cwd, sent) => {
    const request = launchRequest.safeParse(sent);
    openPaths(request.success ? request.data.paths : []);
  });
  // The Finder may ask before ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openPaths([path]);
  });
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  void app.whenReady().then(start).catch(endAfterMistake);
} else {
  app.quit();
}

function endAfterMistake(error: unknown): void {
  logMistake('start-failed', error);
  dialog.showErrorBox(
    'Lamina could not start',
    'The program met a fault of its own. Cases on the disk are untouched. Start it again; if it fails again, reinstall it.',
  );
  app.exit(1);
}

async function start(): Promise<void> {
  lockSession(session.defaultSession, app.isPackaged);
  app.configureHostResolver({ enableBuiltInResolver: false, secureDnsMode: 'off' });

  // One path is the case or series to start with; several are files that the window sorts out.
  const initialFolder = pending.length === 1 ? (pending.pop() ?? null) : null;
  const host = await createHost({ shell: 'desktop', initialFolder, fork: forkUtility(utilityProcess, process.env) });
  const rendererFolder = join(app.getAppPath(), 'dist', 'renderer');
  const handler = requestHandler({
    service: host.service,
    files: (request) => serveStatic(request, rendererFolder),
    onMistake: (error) => logMistake('request-failed', error),
  });
  await wireSession(session.fromPartition(partition), { handler, packaged: app.isPackaged });
  registerDialogs({ ipcMain, dialog, window: () => window, firstFolder: app.getPath('home') });

  let relaunch = false;
  const stopKeepingAwake = keepAwake(powerSaveBlocker, host.runningJobs);
  const quit = quitSequence({
    runningJobs: host.runningJobs,
    ask: askToStop,
    close: async () => {
      stopKeepingAwake();
      await host.close();
    },
    exit: (code) => {
      if (relaunch) app.relaunch();
      app.exit(code);
    },
    onMistake: (error) => logMistake('close-failed', error),
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    void quit.request();
  });
  app.on('window-all-closed', () => void quit.request());
  if (process.platform !== 'win32')
    powerMonitor.on('shutdown', ((event?: { preventDefault(): void }) => {
      event?.preventDefault();
      void quit.force();
    }) as () => void);
  watchGraphics(() => {
    relaunch = true;
    void quit.force();
  });
  const retryGraphics = async (): Promise<void> => {
    graphicsMarker.clear();
    relaunch = true;
    if (!(await quit.request())) relaunch = false;
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        packaged: app.isPackaged,
        retryGraphics: graphicsOff ? () => void retryGraphics() : null,
      }),
    ),
  );
  window = createWindow(
    () => void quit.request(),
    () => void quit.force(),
  );
  // The demo head is drawn while the person looks at the first screen. Tests that time other work turn it off.
  if (!app.commandLine.hasSwitch('no-demo')) await host.service.fetch(new Request(`${appOrigin}api/demo/prepare`, { method: 'POST' }));
}

/** Three deaths of the GPU process in half a minute: start again without it, and say so to the next start. */
function watchGraphics(restart: () => void): void {
  const tooOften = burstCounter(3, 30_000);
  app.on('child-process-gone', (_event, details) => {
    log('process-gone', { type: details.type, reason: details.reason, name: details.name ?? details.serviceName ?? null });
    if (details.type !== 'GPU' || details.reason === 'clean-exit' || graphicsOff || !tooOften(performance.now())) return;
    graphicsMarker.set();
    restart();
  });
}

function createWindow(requestQuit: () => void, forceQuit: () => void): BrowserWindow {
  const created = new BrowserWindow(windowOptionsFor(join(app.getAppPath(), 'dist', 'preload.cjs'), app.isPackaged));
  created.once('ready-to-show', () => created.show());
  created.on('close', (event) => {
    // Closing the only window is quitting; the question about a running job needs the window to stand.
    event.preventDefault();
    requestQuit();
  });
  created.on('closed', () => {
    if (window === created) window = null;
  });
  created.on('session-end', forceQuit);
  created.webContents.on('did-finish-load', tellWindow);
  watchPage(created, created.webContents, forceQuit);
  void created.loadURL(appOrigin).catch((error: unknown) => logMistake('load-failed', error));
  return created;
}

/** The service holds the whole case, so a page that died is loaded again; one that dies twice in a minute is not. */
function watchPage(owner: BrowserWindow, contents: WebContents, forceQuit: () => void): void {
  const tooOften = burstCounter(2, 60_000);
  contents.on('render-process-gone', (_event, details) => {
    log('page-gone', { reason: details.reason });
    if (details.reason === 'clean-exit') return;
    if (!tooOften(performance.now())) return contents.reload();
    void choose(owner, 'The window stopped twice within a minute.', 'The case is safe on the disk.', [
      'Load the window again',
      'Quit',
    ]).then((answer) => (answer === 0 ? contents.reload() : forceQuit()));
  });
  owner.on('unresponsive', () => {
    log('page-unresponsive');
    void choose(owner, 'The window does not answer.', 'The case is safe on the disk.', ['Wait', 'Load the window again']).then((answer) => {
      if (answer !== 1) return;
      // Its death is what loads it again, above.
      contents.forcefullyCrashRenderer();
    });
  });
}

async function choose(owner: BrowserWindow, message: string, detail: string, buttons: string[]): Promise<number> {
  const { response } = await dialog.showMessageBox(owner, {
    type: 'warning',
    title: 'Lamina',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response;
}

async function askToStop(jobs: number): Promise<boolean> {
  if (!window) return true;
  const message = jobs === 1 ? 'A job is still running.' : `${jobs} jobs are still running.`;
  return (await choose(window, message, 'Quitting stops it; what is finished stays in the case.', ['Keep working', 'Stop and quit'])) === 1;
}
