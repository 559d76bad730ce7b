import type { App } from 'electron';

/** Chromium's switches: software WebGL where there is no usable GPU (it no longer falls back by itself), and no packet to anywhere. */
export const switches: readonly (readonly [name: string, value?: string])[] = Object.freeze([
  ['enable-unsafe-swiftshader'],
  ['no-proxy-server'],
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-quic'],
  ['no-pings'],
] as const);

/** Call before ready. */
export const applySwitches = (app: App): void => {
  for (const [name, value] of switches)
    value === undefined ? app.commandLine.appendSwitch(name) : app.commandLine.appendSwitch(name, value);
  // Or WebGL stays off until a restart after repeated crashes of the GPU process.
  app.disableDomainBlockingFor3DAPIs();
};

export const exitCodeUnsandboxed = 3;

/**
 * A packaged start without Chromium's sandbox is refused: foreign pixels are decoded in there. `LAMINA_TEST_NO_SANDBOX=1` lets tests in
 * containers start the released build. Returns true when the start must end.
 */
export const refusesUnsandboxed = (app: App, environment: NodeJS.ProcessEnv): boolean =>
  app.isPackaged && app.commandLine.hasSwitch('no-sandbox') && environment.LAMINA_TEST_NO_SANDBOX !== '1';
