import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { burstCounter, GraphicsMarker } from './graphics.ts';
import { keepAwake } from './keep-awake.ts';
import { launchPaths, launchRequest } from './launch-request.ts';
import { menuTemplate } from './menu.ts';
import { childEnvironment, forkUtility, killedCode } from './utility-process.ts';

describe('graphics driver', () => {
  test('three deaths within half a minute are too many, three in an hour are not', () => {
    const often = burstCounter(3, 30_000);
    expect([0, 1000, 2000].map(often)).toEqual([false, false, true]);
    const seldom = burstCounter(3, 30_000);
    expect([0, 40_000, 80_000, 100_000].map(seldom)).toEqual([false, false, false, false]);
  });
  test('the marker holds for its version alone and can be cleared', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamina-graphics-'));
    try {
      const path = join(folder, 'below', 'graphics-off');
      const marker = new GraphicsMarker(path, '1.0.0');
      expect(marker.isSet()).toBe(false);
      marker.set();
      expect(marker.isSet()).toBe(true);
      expect(new GraphicsMarker(path, '1.0.1').isSet()).toBe(false);
      marker.clear();
      expect(existsSync(path)).toBe(false);
      marker.clear();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what a start was asked to open', () => {
  test('switches are not paths, and the application itself is none unpackaged', () => {
    expect(launchPaths(['electron', '.', '--no-demo', 'series', '-x', ''], false, '/home/a')).toEqual([resolve('/home/a', 'series')]);
    expect(launchPaths(['lamina', '/cases/A.lamina'], true, '/home/a')).toEqual([resolve('/cases/A.lamina')]);
  });
  test('a second start is heard only in the form that we send', () => {
    expect(launchRequest.safeParse({ paths: ['/a'] }).success).toBe(true);
    for (const sent of [
      null,
      {},
      { paths: '/a' },
      { paths: [''] },
      { paths: [1] },
      { paths: [], act: 'x' },
      { paths: Array(65).fill('/a') },
    ])
      expect(launchRequest.safeParse(sent).success).toBe(false);
  });
});

test('the machine is kept awake while a job runs and not a moment longer', () => {
  vi.useFakeTimers();
  try {
    let jobs = 0;
    const blocker = { start: vi.fn(() => 7), stop: vi.fn(), isStarted: () => true };
    const end = keepAwake(blocker, () => jobs);
    vi.advanceTimersByTime(10_000);
    expect(blocker.start).not.toHaveBeenCalled();
    jobs = 1;
    vi.advanceTimersByTime(10_000);
    expect(blocker.start).toHaveBeenCalledTimes(1);
    jobs = 0;
    vi.advanceTimersByTime(2000);
    expect(blocker.stop).toHaveBeenCalledExactlyOnceWith(7);
    jobs = 1;
    vi.advanceTimersByTime(2000);
    end();
    expect(blocker.stop).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(10_000);
    expect(blocker.start).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});

test('no menu item takes undo, redo or zoom from the window, and no packaged one opens developer tools', () => {
  for (const platform of ['linux', 'win32', 'darwin'] as const) {
    const template = menuTemplate({ platform, packaged: true, retryGraphics: null });
    const text = JSON.stringify(template).toLowerCase();
    for (const role of ['undo', 'redo', 'zoomin', 'zoomout', 'resetzoom', 'toggledevtools', 'reload', 'editmenu', 'viewmenu'])
      expect(text).not.toContain(`"${role}"`);
  }
});

describe('a utility process behind the pools interface', () => {
  const child = () =>
    Object.assign(new EventEmitter(), {
      pid: undefined as number | undefined,
      postMessage: vi.fn(),
      kill: vi.fn(),
      stdout: null,
      stderr: null,
    });
  type From = Parameters<typeof forkUtility>[0];

  test('passes a short environment, a heap limit, and pipes what the child prints', () => {
    const fork = vi.fn(child);
    forkUtility({ fork } as unknown as From, { PATH: '/bin', SECRET_TOKEN: 'x' })(new URL('file:///app/compute.js'), {
      name: 'compute',
      heapMiB: 99,
    });
    expect(fork).toHaveBeenCalledWith(expect.stringMatching(/compute\.js$/), [], {
      serviceName: 'compute',
      env: { PATH: '/bin' },
      execArgv: ['--js-flags=--max-old-space-size=99'],
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(childEnvironment({ HTTP_PROXY: 'x', NODE_OPTIONS: 'y' })).toEqual({});
  });
  test('an end that we asked for is no success, though Electron reports 0', () => {
    const made = child();
    const adapted = forkUtility({ fork: () => made } as unknown as From, {})(new URL('file:///app/compute.js'), { name: 'c', heapMiB: 1 });
    const codes: (number | null)[] = [];
    adapted.onExit((code) => codes.push(code));
    made.emit('exit', 0);
    adapted.kill();
    made.emit('exit', 0);
    expect(codes).toEqual([0, killedCode]);
  });
});
