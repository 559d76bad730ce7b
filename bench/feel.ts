/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import type { CaseState, JournalEntry } from '../contract/case.ts';
import { createClient } from '../electron/cli/client.ts';
import { createHost } from '../electron/host.ts';
import { createCaseStore } from '../electron/ports/case-store.ts';
import { writeNifti } from '../electron/ports/nifti-write.ts';
import { strokeAct } from '../electron/service/cases/acts.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import type { VolumeGeometry } from '../kernels/volume/geometry.ts';
import { type FeelNotes, instrument } from './feel-page.ts';

/**
 * `npm run bench -- --feel [--fewer]`: how painting feels, in a real Chromium over the browser shell, on a synthetic 512 x 512 x 256
 * volume. Our share of the main thread is timed round our handlers and frame callbacks; 'brush to pixel' ends with the pixels read back,
 * and is told beside the same pointer path over the same volume with no segment and no tool. The graphics are named in the answer: where
 * they are software, what is drawn by them says nothing of a graphics card. JSON on stdout.
 */
const root = path.resolve(import.meta.dirname, '..');
const work = path.join(root, '.cache', 'bench', 'feel');
const few = process.argv.includes('--fewer');
const say = (words: string) => process.stderr.write(`${words}\n`);
mkdirSync(work, { recursive: true });

const grid: VolumeGeometry = {
  dimensions: [512, 512, 256],
  spacingMm: [0.5, 0.5, 0.5],
  originLps: [-127.75, -127.75, -63.75],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const radiusVoxels = 20;

/** A head of sorts: a bony shell round soft tissue in air, with noise of one seed. */
function phantom(): Int16Array {
  const [nx, ny, nz] = grid.dimensions;
  const values = new Int16Array(nx * ny * nz);
  let seed = 1;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        const noise = (seed >>> 24) / 8 - 16;
        const far = Math.hypot((i - 255.5) / 200, (j - 255.5) / 230, (k - 127.5) / 120);
        values[n] = Math.round((far > 1 ? -1000 : far > 0.93 ? 1100 : 40) + noise);
      }
  return values;
}

async function cases(): Promise<{ painted: string; bare: string; long: string }> {
  const painted = path.join(work, 'painted.lamina');
  const bare = path.join(work, 'bare.lamina');
  const long = path.join(work, 'long.lamina');
  for (const folder of [painted, bare, long]) rmSync(folder, { recursive: true, force: true });
  const file = path.join(work, 'phantom.nii.gz');
  if (!existsSync(file)) {
    say('drawing the phantom');
    await writeNifti(file, { geometry: grid, values: phantom() });
  }
  process.env.LAMINA_CASES = path.join(work, 'cases');
  process.env.XDG_CONFIG_HOME = path.join(work, 'config');
  const host = await createHost({ shell: 'cli', log: () => {} });
  const client = createClient(host.service.fetch);
  for (const folder of [bare, painted, long]) {
    say(`importing into ${path.basename(folder)}`);
    const { case: made } = await client.job<{ case: CaseState }>('/api/import', { paths: [file], folder });
    if (folder !== bare)
      await client.job(`/api/cases/${made.id}/segments`, { name: 'Bone', settings: { method: 'threshold', lowHu: 700, highHu: null } });
  }
  await client.closeCases();
  await host.close();
  const store = createCaseStore({ now: () => new Date().toISOString(), who: 'bench' });
  const open = await store.open(long);
  const segment = open.state().segments[0];
  if (!segment) throw new Error('no segment');
  say('writing 10 000 entries');
  for (let n = open.entries().length; n < 10_000; n++) {
    const first = 512 * 512 * 128 + 512 * (200 + (n % 100)) + (n >> 7);
    const delta = { value: (n % 2) as 0 | 1, runs: runsToText(encodeRuns(Array.from({ length: 40 }, (_, v) => first + 512 * v))) };
    const brush = { tool: 'brush', shape: 'circle', diameterMm: 4, gateHu: null, edgeHu: null } as const;
    const place = { plane: 'axial', normalLps: null, inside: null, notOver: [], pathLps: [[0, 0, 0] as [number, number, number]] } as const;
    await open.append(
      strokeAct({
        ...brush,
        ...place,
        notOver: [],
        pathLps: [[0, 0, 0]],
        segment: segment.id,
        segmentName: segment.name,
        voxels: 40,
        delta,
      }),
    );
  }
  await open.close();
  return { painted, bare, long };
}

async function workstation(): Promise<{ url: string; child: ChildProcess }> {
  const args = ['--disable-warning=ExperimentalWarning', path.join(root, 'electron', 'browser.ts'), '--no-demo'];
  const env = { ...process.env, XDG_CONFIG_HOME: path.join(work, 'config'), LAMINA_CASES: path.join(work, 'cases') };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const found = /at (http:\S+)/.exec(printed);
      if (found?.[1]) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`the workstation ended with ${code}`)));
  });
  return { url, child };
}

interface Hooks {
  __lamina: {
    ready(): boolean;
    store: { getState(): { brush: object; layers: unknown[]; tool: string; set(change: object): void }; subscribe(call: () => void): void };
  };
  feel: FeelNotes;
  feelFlush(): void;
}

/** Opens a case in the page and waits until its pictures are checked. Answers how long opening took in the service and until it was seen. */
async function show(page: Page, url: string, folder: string): Promise<{ serviceMs: number; seenMs: number }> {
  await page.goto(`${url}&test`);
  await page.waitForSelector('[data-testid="open-folder"]');
  const opened = await page.evaluate(async (place) => {
    const started = performance.now();
    const body = JSON.stringify({ folder: place });
    const answer = await fetch('/api/open', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const state = (await answer.json()) as { id: string };
    return { id: state.id, ms: performance.now() - started };
  }, folder);
  const started = performance.now();
  await page.evaluate((id) => {
    location.hash = `#/${id}/correct`;
  }, opened.id);
  await page.reload();
  await page.waitForFunction(() => (window as unknown as Partial<Hooks>).__lamina?.ready() === true, undefined, { timeout: 300_000 });
  await page.waitForFunction(() => document.querySelector('[data-testid="journal"] .cap')?.textContent !== '0 entries');
  const seenMs = performance.now() - started;
  await page.waitForTimeout(1500);
  return { serviceMs: opened.ms, seenMs };
}

const quantile = (list: number[], q: number): number => {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : (sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] as number);
};
const tidy = (v: number) => (Number.isFinite(v) ? Number(v.toFixed(2)) : null);
const figures = (list: number[]) => ({
  n: list.length,
  median: tidy(quantile(list, 0.5)),
  p95: tidy(quantile(list, 0.95)),
  max: tidy(Math.max(...list)),
});

const clear = (page: Page) =>
  page.evaluate(() => {
    const { feel, feelFlush } = window as unknown as Hooks;
    feelFlush();
    for (const list of Object.values(feel)) list.length = 0;
  });
const read = async (page: Page): Promise<FeelNotes> => {
  await page.evaluate(() => (window as unknown as Hooks).feelFlush());
  return page.evaluate(() => (window as unknown as Hooks).feel);
};
const set = (page: Page, change: object) =>
  page.evaluate((next) => {
    const { store } = (window as unknown as Hooks).__lamina;
    const { brush } = store.getState();
    const { brush: changed, ...rest } = next as { brush?: object };
    store.getState().set({ ...rest, ...(changed ? { brush: { ...brush, ...changed } } : {}) });
  }, change);

/** Moves the pointer along an eight over the axial view; every move is an event and a frame of its own. */
async function eight(page: Page, moves: number, pressed: boolean): Promise<void> {
  const box = await page.locator('[data-testid="viewport-axial"]').boundingBox();
  if (!box) throw new Error('no axial view');
  const at = (t: number): [number, number] => [
    box.x + box.width * (0.5 + 0.22 * Math.sin(2 * Math.PI * t)),
    box.y + box.height * (0.5 + 0.22 * Math.sin(4 * Math.PI * t)),
  ];
  await page.mouse.move(...at(0));
  if (pressed) await page.mouse.down();
  for (let n = 1; n <= moves; n++) {
    await page.mouse.move(...at(n / moves));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
  }
  if (pressed) await page.mouse.up();
  await page.waitForTimeout(600);
}

interface Moved {
  shareMs: ReturnType<typeof figures>;
  handlerMs: ReturnType<typeof figures>;
  frameMs: ReturnType<typeof figures>;
  reactMs: ReturnType<typeof figures>;
  /** The button went down, and up again: the stroke is begun, and encoded and handed in. */
  downMs: ReturnType<typeof figures>;
  upMs: ReturnType<typeof figures>;
  longTasksMs: number[];
  toPixelMs: ReturnType<typeof figures>;
  paintedShare: number;
}
/**
 * Twice along the path: once for the shares and the long tasks, with nothing read back (that waits for the graphics, on the main thread),
 * once with the pixels read back. `slicesMm`: to warm the code up on, and one for each pass that holds nothing of the path yet.
 */
async function moved(page: Page, pressed: boolean, brush: object, tool: string, slicesMm: [number, number, number]): Promise<Moved> {
  const [warm, first, second] = slicesMm;
  const goTo = async (mm: number) => {
    await set(page, { crosshairLps: [0, 0, mm] });
    await page.waitForTimeout(1200);
    await clear(page);
  };
  const readsBack = (on: boolean) =>
    page.evaluate((now) => {
      (window as unknown as { feelReads: boolean }).feelReads = now;
    }, on);
  await set(page, { tool, brush });
  await goTo(warm);
  await eight(page, 30, pressed);
  await goTo(first);
  await eight(page, few ? 60 : 200, pressed);
  const { shares, longTasks } = await read(page);
  await readsBack(true);
  await goTo(second);
  await eight(page, few ? 40 : 100, pressed);
  await readsBack(false);
  const { pixels } = await read(page);
  const of = (kind: string) => shares.filter((s) => s.kind === kind);
  return {
    shareMs: figures(of('pointermove').map((s) => s.ms)),
    handlerMs: figures(of('pointermove').map((s) => s.handler)),
    frameMs: figures(of('pointermove').map((s) => s.frame)),
    reactMs: figures(of('pointermove').map((s) => s.react)),
    downMs: figures(of('pointerdown').map((s) => s.ms)),
    upMs: figures(of('pointerup').map((s) => s.handler)),
    longTasksMs: longTasks.filter((ms) => ms > 50).map((ms) => Math.round(ms)),
    toPixelMs: figures(pixels.map((p) => p.ms)),
    paintedShare: tidy(pixels.filter((p) => p.painted).length / Math.max(1, pixels.length)) ?? 0,
  };
}

async function toolSwitches(page: Page) {
  await set(page, { brush: { shape: 'sphere', diameterMm: radiusVoxels, gateHu: null, edgeHu: null } });
  await page.locator('[data-testid="viewport-axial"]').hover();
  await clear(page);
  for (let n = 0; n < (few ? 4 : 12); n++)
    for (const key of ['1', '2', 'v']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
  const { shares, longTasks } = await read(page);
  return { mainThreadMs: figures(shares.filter((s) => s.kind === 'keydown').map((s) => s.ms)), longTasksMs: longTasks.map(Math.round) };
}

/** Short strokes here and there, one after another; the answers to them are timed by the page. */
async function strokes(page: Page, count: number): Promise<void> {
  const box = await page.locator('[data-testid="viewport-axial"]').boundingBox();
  if (!box) throw new Error('no axial view');
  for (let n = 0; n < count; n++) {
    // Every place is drawn and erased in turn: a stroke that changes nothing is none.
    await set(page, { tool: n % 2 === 0 ? 'brush' : 'eraser' });
    const x = box.x + box.width * (0.3 + 0.4 * (((n >> 1) * 0.618) % 1));
    const y = box.y + box.height * (0.3 + 0.4 * (((n >> 1) * 0.414) % 1));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 12, y + 5, { steps: 2 });
    await page.mouse.up();
  }
  const wanted = () => page.evaluate(() => (window as unknown as Hooks).feel.strokes.length);
  for (let last = -1, still = 0; still < 4; ) {
    const got = await wanted();
    still = got === last ? still + 1 : 0;
    last = got;
    await page.waitForTimeout(250);
  }
}

async function undos(page: Page, count: number) {
  await clear(page);
  await page.evaluate(() => {
    const { feel, __lamina } = window as unknown as Hooks;
    let asked = 0;
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.ctrlKey && event.key === 'z') asked = performance.now();
      },
      true,
    );
    let layers = __lamina.store.getState().layers;
    __lamina.store.subscribe(() => {
      const next = __lamina.store.getState().layers;
      if (next === layers) return;
      layers = next;
      if (asked > 0) feel.undone.push(performance.now() - asked);
      asked = 0;
    });
  });
  for (let n = 0; n < count; n++) {
    await page.keyboard.press('Control+z');
    await page.waitForTimeout(250);
  }
  const { undone, undos: answered, shares } = await read(page);
  return {
    seenMs: figures(undone),
    serviceMs: figures(answered),
    mainThreadMs: figures(shares.filter((s) => s.kind === 'keydown' && s.ms > 1).map((s) => s.ms)),
  };
}

const folderBytes = (folder: string) => readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
/** What each stroke took on disk beyond two bytes a changed voxel. */
function diskOf(folder: string, from: number) {
  const rows = readFileSync(path.join(folder, 'journal.ndjson'), 'utf8').trimEnd().split('\n').slice(from);
  const entries = rows.map((row) => ({ bytes: Buffer.byteLength(row) + 1, entry: JSON.parse(row) as JournalEntry }));
  const strokesOf = entries.filter(({ entry }) => entry.act === 'stroke');
  const sizes = strokesOf.map(({ bytes, entry }) => {
    const blob = entry.outputs[0] === undefined ? 0 : statSync(path.join(folder, 'blobs', entry.outputs[0])).size;
    const voxels = Number(entry.parameters.voxels);
    return { bytes: bytes + blob, voxels, beyond: bytes + blob - 2 * voxels };
  });
  return {
    strokes: sizes.length,
    bytesAStep: figures(sizes.map((s) => s.bytes)),
    voxelsAStep: figures(sizes.map((s) => s.voxels)),
    beyondTwoBytesAVoxel: figures(sizes.map((s) => s.beyond)),
  };
}
const residentMb = (pid: number | undefined): number | null => {
  const status = pid === undefined || process.platform !== 'linux' ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
  const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kb === undefined ? null : Math.round(Number(kb) / 1024);
};

const { painted, bare, long } = await cases();
const { url, child } = await workstation();
const browser = await chromium.launch({
  executablePath: process.env.LAMINA_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--js-flags=--expose-gc'],
});
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.on('pageerror', (error) => say(`page error: ${error.stack ?? error}`));
  await page.addInitScript(instrument);
  const round = (mm: number) => ({ diameterMm: mm, gateHu: null, edgeHu: null });
  const mm = 2 * radiusVoxels * grid.spacingMm[0];

  say('the bare viewer');
  await show(page, url, bare);
  const renderer = await page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    const name = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl && name ? String(gl.getParameter(name.UNMASKED_RENDERER_WEBGL)) : 'unknown';
  });
  const nothing = await moved(page, false, { shape: 'sphere', ...round(mm) }, 'navigate', [-45, 0, 20]);

  say('painting');
  await show(page, url, painted);
  const sphere = await moved(page, true, { shape: 'sphere', ...round(mm) }, 'brush', [-45, 0, 24]);
  const circle = await moved(page, true, { shape: 'circle', ...round(mm) }, 'brush', [-46, 40, 41]);
  const edge = await moved(page, true, { shape: 'circle', ...round(mm), edgeHu: 150 }, 'brush', [-47, 42, 43]);
  const eraser = await moved(page, true, { shape: 'sphere', ...round(mm) }, 'eraser', [-45, 0, 24]);
  const switches = await toolSwitches(page);

  say('strokes on disk, and taken back');
  await set(page, { tool: 'brush', brush: { shape: 'sphere', ...round(mm) } });
  const before = readFileSync(path.join(painted, 'journal.ndjson'), 'utf8').trimEnd().split('\n').length;
  await clear(page);
  await strokes(page, few ? 15 : 60);
  const short = await read(page);
  const durable = short.strokes;
  const ofShort = (kind: string) => figures(short.shares.filter((one) => one.kind === kind).map((one) => one.ms));
  const taken = await undos(page, few ? 6 : 20);
  const disk = diskOf(painted, before);

  say(JSON.stringify({ bare: nothing, sphere, circle, edge, eraser, switches, durable: figures(durable), taken, disk }));
  const many = few ? 150 : 1000;
  say(`${many} strokes`);
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize / 2 ** 20;
  };
  const heapBefore = await heap();
  const serviceBefore = residentMb(child.pid);
  await clear(page);
  await strokes(page, many);
  const manyDurable = (await read(page)).strokes;
  const memory = {
    strokes: manyDurable.length,
    pageMb: tidy((await heap()) - heapBefore),
    serviceResidentMb: serviceBefore === null ? null : (residentMb(child.pid) ?? 0) - serviceBefore,
  };

  say(JSON.stringify(memory));
  say('a case with 10 000 entries');
  const opening = await show(page, url, long);
  await set(page, { tool: 'brush', brush: { shape: 'sphere', ...round(mm) } });
  await clear(page);
  await strokes(page, few ? 10 : 40);
  const afterMany = await read(page);
  const takenOfMany = await undos(page, few ? 4 : 15);

  const ratio = (of: Moved) => tidy((of.toPixelMs.median ?? Number.NaN) / (nothing.toPixelMs.median ?? Number.NaN));
  const report = {
    machine: { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version, chromium: browser.version(), graphics: renderer },
    volume: grid.dimensions,
    radiusVoxels,
    bareViewer: nothing,
    brush: {
      sphere: { ...sphere, toBareViewer: ratio(sphere) },
      circle: { ...circle, toBareViewer: ratio(circle) },
      edge: { ...edge, toBareViewer: ratio(edge) },
      eraser: { ...eraser, toBareViewer: ratio(eraser) },
    },
    toolSwitch: switches,
    shortStrokes: {
      downMs: ofShort('pointerdown'),
      moveMs: ofShort('pointermove'),
      upMs: ofShort('pointerup'),
      longTasksMs: short.longTasks.map(Math.round),
    },
    strokeDurableMs: figures(durable),
    undo: taken,
    disk,
    blobsMb: Math.round(folderBytes(path.join(painted, 'blobs')) / 2 ** 20),
    memory,
    tenThousandEntries: {
      openInServiceMs: tidy(opening.serviceMs),
      seenAfterReloadMs: tidy(opening.seenMs),
      strokeDurableMs: figures(afterMany.strokes),
      longTasksMs: afterMany.longTasks.map(Math.round),
      undo: takenOfMany,
    },
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  await browser.close();
  child.kill('SIGTERM');
}
