/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ElectronApplication, Page } from '@playwright/test';
import { findElectronBinary } from './electron-binary.mjs';
import { launchElectron } from './electron-launch.mjs';

/**
 * The first hour with a real binary: what no stand-in can show, each as a check with a number where there is one. Results go to
 * docs/first-hour.md. `node scripts/first-hour.ts [PATH OF A PACKAGED PROGRAM]`; without a path the unpackaged application is driven.
 * Ends with 0 when every check held, 1 when one failed, 2 where there is no binary.
 */
const project = join(import.meta.dirname, '..');
const run = promisify(execFile);
type State = 'held' | 'failed' | 'not possible here';
interface Result {
  id: string;
  state: State;
  said: string;
}
class NotHere extends Error {}

interface Scene {
  app: ElectronApplication;
  page: Page;
  /** Standard error and output of the program so far. */
  printed: () => string;
}

const must = (held: boolean, said: string): void => {
  if (!held) throw new RangeError(said);
};
const has = (command: string): boolean => spawnSync(process.platform === 'win32' ? 'where' : 'which', [command]).status === 0;
const job = async (page: Page): Promise<string> =>
  page.evaluate(async () => (await (await fetch('/api/demo/prepare', { method: 'POST' })).json()).id as string);
const stateOf = (page: Page, id: string): Promise<string> =>
  page.evaluate(async (id) => (await (await fetch(`/api/jobs/${id}`)).json()).state as string, id);
const until = async (limitMs: number, holds: () => Promise<boolean>): Promise<boolean> => {
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200)))
    if (await holds()) return true;
  return false;
};

async function launch(binary: string, packaged: boolean, folder: string): Promise<Scene> {
  const app = await launchElectron(binary, { packaged, folder, switches: ['--no-demo'] });
  let printed = '';
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  return { app, page, printed: () => printed };
}

/** Checks that share one window, in order. Each returns what it saw, or throws. */
const inWindow: Record<string, (scene: Scene) => Promise<string>> = {
  isolated: async ({ page }) => {
    const seen = await page.evaluate(() => [crossOriginIsolated, location.href, typeof SharedArrayBuffer]);
    must(seen[0] === true && seen[1] === 'lamina://app/', JSON.stringify(seen));
    return String(seen[1]);
  },
  'fetch-and-module-worker': async ({ page }) =>
    page.evaluate(async () => {
      const about = await (await fetch('/api/about')).json();
      const script = [...document.querySelectorAll('script')].find((one) => one.type === 'module')?.src;
      if (!script) throw new RangeError('the page has no module script to start a worker from');
      // The page's own bundle as a worker: it may fail in its code, but its load must not be refused.
      const loaded = await new Promise<string>((resolve) => {
        const worker = new Worker(script, { type: 'module' });
        setTimeout(() => resolve('loaded'), 3000);
        worker.onerror = (event) => resolve(event.message ? 'loaded' : 'refused');
      });
      if (loaded === 'refused') throw new RangeError('module workers are refused');
      return `shell ${about.shell}`;
    }),
  'wasm-streaming': async ({ page }) =>
    page.evaluate(async () => {
      const module = await WebAssembly.compileStreaming(
        new Response(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), { headers: { 'content-type': 'application/wasm' } }),
      );
      return String(module);
    }),
  'no-node-in-page': async ({ page }) => {
    const seen = await page.evaluate(() => ['require', 'process', 'module', 'ipcRenderer', 'electron'].filter((name) => name in window));
    must(seen.length === 0, `the page has ${seen.join(', ')}`);
    return Object.keys((await page.evaluate(() => ({ ...(window as unknown as { laminaDesktop: object }).laminaDesktop }))) ?? {}).join(
      ', ',
    );
  },
  '4-sandbox': async ({ app, page }) => {
    if (process.getuid?.() === 0) throw new NotHere('root cannot run the sandbox; run as a user');
    const preferences = await app.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'));
    must(!preferences, 'started with --no-sandbox');
    if (process.platform !== 'linux') return 'no --no-sandbox';
    const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    must(/^Seccomp:\s*2$/m.test(status), 'the renderer runs without a system call filter');
    return `renderer ${page.url()} under seccomp`;
  },
  '5-permissions': async ({ page }) => {
    const asked = await page.evaluate(async () => {
      const refused = (promise: Promise<unknown>) =>
        promise.then(
          () => 'granted',
          (error: Error) => error.name,
        );
      return {
        notification: await Notification.requestPermission(),
        camera: navigator.mediaDevices ? await refused(navigator.mediaDevices.getUserMedia({ video: true })) : 'absent',
        clipboard: await refused(navigator.clipboard.readText()),
        location: await new Promise((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            () => resolve('denied'),
          ),
        ),
      };
    });
    must(!Object.values(asked).includes('granted'), JSON.stringify(asked));
    return JSON.stringify(asked);
  },
  'no-navigation-no-window': async ({ app, page }) => {
    await page.evaluate(() => {
      window.open('https://example.org/');
      window.open('lamina://app/');
      location.href = 'https://example.org/';
    });
    await page.waitForTimeout(1000);
    const windows = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => `${one.getTitle()} ${one.webContents.getURL()}`),
    );
    must(windows.length === 1 && windows[0] === 'Lamina lamina://app/', windows.join(' | '));
    return windows.join();
  },
  '1-quiet': async ({ page }) => {
    const reached = await page.evaluate(async () => {
      const tries = ['https://example.org/', 'http://127.0.0.1:9/', 'file:///etc/hosts', 'lamina://evil/'].map((url) =>
        fetch(url, { mode: 'no-cors' }).then(
          () => url,
          () => '',
        ),
      );
      return (await Promise.all(tries)).filter(Boolean);
    });
    must(reached.length === 0, `reached ${reached.join()}`);
    return 'four foreign addresses refused (see also strace-quiet)';
  },
  'event-source-and-50-reloads': async ({ app, page, printed }) => {
    await page.evaluate(() => new EventSource('/api/jobs/none/events').close());
    for (let count = 0; count < 50; count++) {
      const id = count % 10 === 0 ? await job(page) : null;
      if (id) await page.evaluate((id) => void new EventSource(`/api/jobs/${id}/events`), id);
      await page.reload();
      if (id) await page.evaluate((id) => fetch(`/api/jobs/${id}`, { method: 'DELETE' }), id);
    }
    const uncaught = printed()
      .split('\n')
      .filter((line) => /"event":"(uncaught|unhandled)"/.test(line));
    must(uncaught.length === 0, uncaught.join(' '));
    return `no uncaught error; ${await app.evaluate(({ app }) => app.getAppMetrics().length)} processes`;
  },
  'volume-time': async ({ app, page }) => {
    const id = await page.evaluate(async () => (await (await fetch('/api/demo', { method: 'POST' })).json()).id as string);
    must(
      await until(180_000, async () => ['done', 'refused', 'failed'].includes(await stateOf(page, id))),
      'the demo case took more than three minutes',
    );
    await app.evaluate(() => {
      const state = globalThis as unknown as { worst: number; last: number };
      state.worst = 0;
      state.last = performance.now();
      setInterval(() => {
        const now = performance.now();
        state.worst = Math.max(state.worst, now - state.last - 10);
        state.last = now;
      }, 10).unref();
    });
    const seen = await page.evaluate(async (id) => {
      const { result } = await (await fetch(`/api/jobs/${id}`)).json();
      const uid = result.case.series[0].seriesInstanceUid;
      const from = performance.now();
      const response = await fetch(`/api/cases/${result.case.id}/series/${uid}/voxels`);
      const declared = response.headers.get('content-length');
      const { byteLength } = await response.arrayBuffer();
      return { ms: performance.now() - from, byteLength, declared };
    }, id);
    must(String(seen.byteLength) === seen.declared, `declared ${seen.declared}, sent ${seen.byteLength}`);
    const worst = await app.evaluate(() => (globalThis as unknown as { worst: number }).worst);
    return `${(seen.byteLength / 1e6).toFixed(0)} MB in ${seen.ms.toFixed(0)} ms; longest pause of main ${worst.toFixed(0)} ms`;
  },
  'post-60-MB': async ({ page }) =>
    page.evaluate(async () => {
      const from = performance.now();
      const response = await fetch('/api/cases/none/strokes', { method: 'POST', body: new Uint8Array(60e6) });
      if (response.status < 400 || response.status > 499) throw new RangeError(`answered ${response.status}`);
      return `refused with ${response.status} after ${(performance.now() - from).toFixed(0)} ms, the window lives`;
    }),
  'software-gl': async ({ app, page }) => {
    const renderer = await page.evaluate(() => {
      const gl = document.createElement('canvas').getContext('webgl2');
      const facts = gl?.getExtension('WEBGL_debug_renderer_info');
      return gl && facts ? String(gl.getParameter(facts.UNMASKED_RENDERER_WEBGL)) : null;
    });
    must(renderer !== null, 'no WebGL 2 at all');
    return `${renderer}; ${JSON.stringify(await app.evaluate(({ app }) => app.getGPUFeatureStatus().webgl))}`;
  },
  'kill-compute': async ({ app, page }) => {
    const id = await job(page);
    const compute = () =>
      app.evaluate(
        ({ app }) => app.getAppMetrics().find((one) => one.serviceName === 'node.mojom.NodeService' || one.name === 'lamina-compute')?.pid,
      );
    must(await until(10_000, async () => (await compute()) !== undefined), 'no compute process seen');
    process.kill((await compute()) as number, 'SIGKILL');
    must(await until(10_000, async () => ['refused', 'done'].includes(await stateOf(page, id))), `the job is ${await stateOf(page, id)}`);
    return `the job is ${await stateOf(page, id)}, the window lives`;
  },
  'kill-renderer': async ({ app, page }) => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    const back = await until(10_000, () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isLoading() === false),
    );
    must(back, `the page did not come back (${page.url()})`);
    return 'loaded again by itself';
  },
};

/** Checks that need a start of their own, a tool of the system, or a packaged program. */
function alone(binary: string, packaged: boolean, folder: string): Record<string, () => Promise<string>> {
  return {
    'second-instance': async () => {
      const { app } = await launch(binary, packaged, folder);
      const second = await run(binary, [...(packaged ? [] : [project]), `--user-data-dir=${join(folder, 'user')}`, '/second/path'], {
        timeout: 20_000,
      });
      const windows = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
      await app.evaluate(({ app }) => app.exit(0));
      must(windows === 1, `${windows} windows`);
      return `the second ended by itself${second.stderr ? ` and said ${second.stderr.length} bytes` : ''}`;
    },
    'quit-in-job': async () => {
      const { app, page } = await launch(binary, packaged, folder);
      await job(page);
      await app.evaluate(({ app, dialog }) => {
        dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as typeof dialog.showMessageBox;
        app.quit();
      });
      await new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
      return `ended with ${app.process().exitCode}`;
    },
    'strace-quiet': async () => {
      if (process.platform !== 'linux' || !has('strace')) throw new NotHere('needs strace on Linux');
      const trace = join(folder, 'trace');
      const args = [
        '-f',
        '-e',
        'trace=connect,sendto',
        '-o',
        trace,
        binary,
        ...(packaged ? [] : [project]),
        '--no-demo',
        `--user-data-dir=${join(folder, 'quiet')}`,
      ];
      if (process.getuid?.() === 0) args.push('--no-sandbox');
      await run('timeout', ['20', 'strace', ...args], { env: { ...process.env, LAMINA_TEST_NO_SANDBOX: '1' } }).catch(() => {});
      // Chromium probes IPv6 with a UDP connect to a public DNS address; a connect of a datagram socket sends nothing.
      const sent = readFileSync(trace, 'utf8')
        .split('\n')
        .filter((line) => /AF_INET6?/.test(line) && !/sin6?_port=htons\(53\)|127\.0\.0\.1|"::1"/.test(line));
      must(sent.length === 0, sent.slice(0, 3).join(' | '));
      return 'no connect and no send beyond this machine';
    },
    '19-fuses': async () => {
      if (!packaged) throw new NotHere('give the packaged program as the argument');
      const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
      const wire = (await getCurrentFuseWire(binary)) as unknown as Record<number, number>;
      const off = '0'.charCodeAt(0);
      const closed = [
        FuseV1Options.RunAsNode,
        FuseV1Options.EnableNodeOptionsEnvironmentVariable,
        FuseV1Options.EnableNodeCliInspectArguments,
        FuseV1Options.GrantFileProtocolExtraPrivileges,
      ];
      const open = [FuseV1Options.OnlyLoadAppFromAsar, FuseV1Options.EnableEmbeddedAsarIntegrityValidation];
      must(closed.every((fuse) => wire[fuse] === off) && open.every((fuse) => wire[fuse] !== off), JSON.stringify(wire));
      return JSON.stringify(wire);
    },
    'deb-on-ubuntu': async () => {
      const packages = existsSync(join(project, 'release'))
        ? readdirSync(join(project, 'release')).filter((name) => name.endsWith('.deb'))
        : [];
      if (packages.length === 0)
        throw new NotHere(
          'no .deb in release/; build one, install it on a fresh Ubuntu 24.04, start it as a user, look for the AppArmor profile',
        );
      return `${packages.join()} is there; install it by hand on a fresh Ubuntu 24.04`;
    },
  };
}

async function main(): Promise<number> {
  const given = process.argv[2];
  const found = given ? { path: given, missing: existsSync(given) ? null : `${given} does not exist` } : findElectronBinary(project);
  if (found.path === null || found.missing !== null) {
    process.stderr.write(
      `first-hour: nothing was checked: ${found.missing}. Fetch it with 'npx install-electron --no', then run this again.\n`,
    );
    return 2;
  }
  const binary = found.path;
  const results: Result[] = [];
  const check = async (id: string, work: () => Promise<string>): Promise<void> => {
    try {
      results.push({ id, state: 'held', said: await work() });
    } catch (error) {
      const said = String((error as Error).message).split('\n')[0] ?? '';
      results.push({ id, state: error instanceof NotHere ? 'not possible here' : 'failed', said });
    }
    const last = results.at(-1) as Result;
    process.stderr.write(`first-hour: ${last.id}: ${last.state}. ${last.said}\n`);
  };

  const folder = mkdtempSync(join(tmpdir(), 'lamina-first-hour-'));
  try {
    const scene = await launch(binary, given !== undefined, folder);
    const versions = await scene.app.evaluate(() => process.versions);
    for (const [id, work] of Object.entries(inWindow)) await check(id, () => work(scene));
    await scene.app.evaluate(({ app }) => app.exit(0));
    for (const [id, work] of Object.entries(alone(binary, given !== undefined, folder))) await check(id, work);
    const table = results.map(({ id, state, said }) => `| ${id} | ${state} | ${said.replaceAll('|', '/')} |`).join('\n');
    writeFileSync(
      join(project, 'docs', 'first-hour.md'),
      `# First hour with a real binary\n\nElectron ${versions.electron}, Chromium ${versions.chrome}, Node ${versions.node}, ${process.platform} ${process.arch}, ${given ? 'packaged' : 'unpackaged'}. Written by \`node scripts/first-hour.ts\`.\n\n| check | outcome | seen |\n|---|---|---|\n${table}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results.some(({ state }) => state === 'failed') ? 1 : 0;
}

process.exitCode = await main();
