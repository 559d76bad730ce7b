import { fork } from 'node:child_process';

/** A process that we may lose: the same four verbs for child_process here and for Electron's utilityProcess on the desktop. */
export interface ChildLike {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** `signal` where the host knows it: child_process says it, utilityProcess puts it into the code. */
  onExit(listener: (code: number | null, signal?: string | null) => void): void;
  kill(): void;
}
/** `quiet` drops what native libraries print (a missing graphics driver, say): what matters comes as an answer. */
/** `env`: variables for this child beside the few that every child gets. */
export type ForkChild = (
  entry: URL,
  options: { name: string; heapMiB: number; quiet?: boolean; env?: Record<string, string> },
) => ChildLike;

/** Environment that a child gets: what a runtime needs and nothing of the user's. */
const passed = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL', 'SystemRoot', 'NODE_COMPILE_CACHE', 'LAMINA_TEST_FAULT'];

/** child_process.fork with typed arrays kept ('advanced'); the child ends itself when this process is gone. */
export const forkNodeChild: ForkChild = (entry, options) => {
  const own = Object.fromEntries(passed.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
  const env = { ...own, ...options.env };
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [...process.execArgv, `--max-old-space-size=${options.heapMiB}`, '--disable-warning=ExperimentalWarning'],
    env,
    stdio: ['ignore', 'ignore', options.quiet ? 'ignore' : 'inherit', 'ipc'],
  });
  // 'error' precedes 'exit' when a send meets a dying child; exit is what we act on.
  child.on('error', () => {});
  return {
    pid: child.pid,
    postMessage: (message) => {
      if (child.connected) child.send(message as object);
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
    kill: () => child.kill('SIGKILL'),
  };
};
