import type { BrowserWindowConstructorOptions } from 'electron';
import { partition } from './origin.ts';

const webPreferences = Object.freeze({
  partition,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  disableDialogs: true,
  safeDialogs: true,
  spellcheck: false,
  // A background tab's timers would slow the progress of a job that the user waits for in another program.
  backgroundThrottling: false,
});

/** Every option of the only window, in one frozen place that the tests read. Window bounds persist by `name`; titles never do. */
export const windowOptions = Object.freeze({
  name: 'workstation',
  windowStatePersistence: true,
  title: 'Lamina',
  width: 1440,
  height: 900,
  minWidth: 1024,
  minHeight: 700,
  show: false,
  backgroundColor: '#0e0f11',
  autoHideMenuBar: true,
  webPreferences,
});

/**
 * The options as `new BrowserWindow` gets them. A copy: Electron writes background colour and visibility back into the objects that it is
 * given, and on frozen ones that fails without a word.
 */
export const windowOptionsFor = (preload: string, packaged: boolean): BrowserWindowConstructorOptions => ({
  ...windowOptions,
  webPreferences: { ...webPreferences, preload, devTools: !packaged },
});
