/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { figures } from './figures.ts';
import { clear, type Hooks, read, set } from './window.ts';

/** Short strokes here and there, one after another; the answers to them are timed by the page. */
export async function strokes(page: Page, count: number): Promise<void> {
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

/**
 * Undo by key, one after another, with its phases: the request on the wire and answered, the voxels off the mask that the planes draw
 * (`seenMs`), and the frame that has drawn them. A stroke of this window goes off the screen before the answer.
 */
export async function undos(page: Page, count: number) {
  await clear(page);
  await page.evaluate(() => {
    const { feel, __lamina } = window as unknown as Hooks;
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.ctrlKey && event.key === 'z') feel.undone.push({ asked: performance.now(), shown: null, drawn: null });
      },
      true,
    );
    let layers = __lamina.store.getState().layers;
    __lamina.store.subscribe(() => {
      const next = __lamina.store.getState().layers;
      const now = feel.undone.at(-1);
      if (next === layers) return;
      layers = next;
      if (!now || now.shown !== null) return;
      now.shown = performance.now();
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.addEventListener('message', () => {
          now.drawn = performance.now();
        });
        after.port1.start();
        after.port2.postMessage(null);
      });
    });
  });
  for (let n = 0; n < count; n++) {
    await page.keyboard.press('Control+z');
    await page.waitForTimeout(250);
  }
  const { undone, undos: requests, shares } = await read(page);
  const phase = (of: (one: (typeof undone)[number], request: (typeof requests)[number] | undefined) => number | null | undefined) =>
    figures(
      undone.flatMap((one, n) => {
        const next = undone[n + 1]?.asked ?? Number.POSITIVE_INFINITY;
        const at = of(
          one,
          requests.find((r) => r.sent >= one.asked && r.sent < next),
        );
        return at === null || at === undefined ? [] : [at - one.asked];
      }),
    );
  return {
    seenMs: phase((one) => one.shown),
    drawnMs: phase((one) => one.drawn),
    sentMs: phase((_, request) => request?.sent),
    answeredMs: phase((_, request) => request?.answered),
    serviceMs: figures(requests.map((request) => request.began - request.sent)),
    mainThreadMs: figures(shares.filter((s) => s.kind === 'keydown' && s.ms > 1).map((s) => s.ms)),
  };
}
