/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { cases, few, grid, radiusVoxels, say, work } from './feel/cases.ts';
import { diskOf, folderBytes, residentMb } from './feel/disk.ts';
import { figures, tidy } from './feel/figures.ts';
import { type Moved, moved, toolSwitches } from './feel/moves.ts';
import { instrument } from './feel/page.ts';
import { strokes, undos } from './feel/strokes.ts';
import { clear, read, set, show, workstation } from './feel/window.ts';

/**
 * `npm run bench -- --feel [--fewer]`: how painting feels, in a real Chromium over the browser shell, on a synthetic 512 x 512 x 256
 * volume. Our share of the main thread is timed round our handlers and frame callbacks; 'brush to pixel' ends with the pixels read back,
 * and is told beside the same pointer path over the same volume with no segment and no tool. The graphics are named in the answer: where
 * they are software, what is drawn by them says nothing of a graphics card. JSON on stdout.
 */
mkdirSync(work, { recursive: true });

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
    machine: {
      cores: cpus().length,
      cpu: cpus()[0]?.model,
      node: process.version,
      load: loadavg().map(Math.round),
      chromium: browser.version(),
      graphics: renderer,
    },
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
