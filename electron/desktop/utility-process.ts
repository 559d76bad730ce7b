import { fileURLToPath } from 'node:url';
import type { utilityProcess } from 'electron';
import type { ForkChild } from '../processes/child.ts';

/** The few variables that a child needs; the rest of ours (tokens, proxies, names) stays here. */
const passedVariables = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot', 'LANG', 'LC_ALL', 'TZ'];

export const childEnvironment = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(passedVariables.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));

/** The code that a child counts as ended with after `kill()`: Electron reports 0 even for SIGKILL, and 0 means 'went by itself'. */
export const killedCode = 137;

/**
 * utilityProcess.fork behind the interface that child_process.fork has elsewhere (after ready only; the entry may lie in the asar).
 * `heapMiB` is V8's for ALL isolates of the process, worker threads included; pixels live outside it. stdout and stderr are piped and
 * dropped: they could carry patients' names onto a console or into a system journal.
 */
export const forkUtility =
  (from: typeof utilityProcess, environment: NodeJS.ProcessEnv): ForkChild =>
  (entry, { name, heapMiB }) => {
    const child = from.fork(fileURLToPath(entry), [], {
      serviceName: name,
      env: childEnvironment(environment),
      execArgv: [`--js-flags=--max-old-space-size=${heapMiB}`],
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.resume();
    child.stderr?.resume();
    let killed = false;
    return {
      get pid() {
        return child.pid;
      },
      postMessage: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.on('exit', (code) => listener(killed ? killedCode : code)),
      kill: () => {
        killed = true;
        // A process that is stuck in native code does not answer SIGTERM. Windows knows one way to end a process only.
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(child.pid, 'SIGKILL');
        else child.kill();
      },
    };
  };
