/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { few, radiusVoxels } from './cases.ts';
import { figures, tidy } from './figures.ts';
import { clear, read, set } from './window.ts';

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

export interface Moved {
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
export async function moved(page: Page, pressed: boolean, brush: object, tool: string, slicesMm: [number, number, number]): Promise<Moved> {
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

/** Main thread of a change of tool by key. */
export async function toolSwitches(page: Page) {
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
