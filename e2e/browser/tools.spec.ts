import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, pictures, test } from '../app.ts';
import { smallHead } from '../phantom.ts';
import { acceptImport, counts, importFolder, journaled, step, threshold } from '../steps.ts';

type Lps = [number, number, number];
type Share = [number, number];
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(pictures, `${name}-${size.width}.png`) });
  }
  await page.setViewportSize(sizes[0] as (typeof sizes)[0]);
}

/** The case's bone at 300 HU, with the window on Correct. Answers its voxels. */
async function bone(page: Page): Promise<number> {
  await importFolder(page, smallHead());
  await acceptImport(page);
  const [voxels] = await threshold(page, 300);
  await step(page, 'correct');
  return voxels as number;
}

/** Pixel of the page for a place of a view, given as shares of its sides. */
async function spot(page: Page, view: string, [x, y]: Share): Promise<Share> {
  const box = await page.getByTestId(`viewport-${view}`).boundingBox();
  if (!box) throw new Error(`no ${view} view`);
  return [box.x + box.width * x, box.y + box.height * y];
}
/** The patient point under that place. */
const pointAt = (page: Page, plane: string, share: Share): Promise<Lps> =>
  page.evaluate(
    ([name, [x, y]]) => {
      const box = document.querySelector(`[data-testid=viewport-${name}]`)?.getBoundingClientRect();
      return window.__lamina.canvasToWorld(name, (box?.width ?? 0) * x, (box?.height ?? 0) * y);
    },
    [plane, share] as const,
  );

async function draw(page: Page, view: string, places: Share[]): Promise<void> {
  const [first, ...rest] = await Promise.all(places.map((p) => spot(page, view, p)));
  await page.mouse.move(...(first as Share));
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps: 8 });
  await page.mouse.up();
}
async function click(page: Page, view: string, share: Share): Promise<void> {
  const at = await spot(page, view, share);
  await page.mouse.move(...at, { steps: 3 });
  await page.mouse.click(...at);
}

/** The mask that is saved now, as text so that two can be compared. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const state = window.__lamina.caseState();
    const bytes = await (await fetch(`/api/cases/${state?.id}/segments/${state?.segments[0]?.id}/mask`)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join(' ');
  });

interface Change {
  added: number;
  removed: number;
  /** Patient points of the voxels that changed, at most 4000. */
  points: Lps[];
}
/** What an act changed of the saved mask of the first segment, voxel by voxel. */
async function changed(page: Page, act: () => Promise<unknown>, entries = 1): Promise<Change> {
  await page.evaluate(async () => {
    const state = window.__lamina.caseState();
    const bytes = await (await fetch(`/api/cases/${state?.id}/segments/${state?.segments[0]?.id}/mask`)).arrayBuffer();
    Object.assign(window, { __before: new Uint8Array(bytes) });
  });
  await journaled(page, act, entries);
  return page.evaluate(async () => {
    const { __before: before } = window as unknown as { __before: Uint8Array };
    const { volume } = window.__lamina.store.getState() as unknown as {
      volume: { geometry: { dimensions: number[]; spacingMm: number[]; originLps: number[]; directionLps: number[] } };
    };
    const { dimensions, spacingMm, originLps, directionLps } = volume.geometry;
    const [nx, ny] = dimensions as Lps;
    const state = window.__lamina.caseState();
    const now = new Uint8Array(await (await fetch(`/api/cases/${state?.id}/segments/${state?.segments[0]?.id}/mask`)).arrayBuffer());
    const found: Change = { added: 0, removed: 0, points: [] };
    now.forEach((value, at) => {
      if (value === before[at]) return;
      if (value === 1) found.added++;
      else found.removed++;
      const ijk = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
      if (found.points.length < 4000)
        found.points.push(
          [0, 1, 2].map(
            (a) => (originLps[a] ?? 0) + ijk.reduce((sum, v, n) => sum + v * (spacingMm[n] ?? 0) * (directionLps[3 * n + a] ?? 0), 0),
          ) as Lps,
        );
    });
    return found;
  });
}

/** Undo brings the saved mask back byte for byte. */
async function undone(page: Page, before: string): Promise<void> {
  await journaled(page, () => page.getByTestId('undo').click());
  expect(await kept(page)).toBe(before);
}
const option = (page: Page, name: string, value: string) =>
  page.getByTestId(`tool-option-${name}`).getByRole('radio', { name: value, exact: true }).check();
const sketch = (page: Page) =>
  page.evaluate(() => {
    const { sketch: now } = window.__lamina.store.getState() as unknown as {
      sketch: { outline: { pointsLps: Lps[]; closed: boolean } | null } | null;
    };
    return now?.outline ? { points: now.outline.pointsLps.length, closed: now.outline.closed } : null;
  });

test('[9.1-types] scissors: a rectangle on a slice at once, a line by hand through the volume after a look; undo gives every voxel back', async ({
  lamina: page,
}) => {
  const before = await bone(page);
  const mask = await kept(page);
  await page.keyboard.press('4');
  await expect(page.getByTestId('tool-options')).toHaveAttribute('aria-label', 'Scissors');
  await option(page, 'shape', 'Rect');
  const [low, high] = [await pointAt(page, 'axial', [0.3, 0.2]), await pointAt(page, 'axial', [0.7, 0.6])];
  const cut = await changed(page, () =>
    draw(page, 'axial', [
      [0.3, 0.2],
      [0.7, 0.6],
    ]),
  );
  expect(cut.added).toBe(0);
  expect(cut.removed).toBeGreaterThan(20);
  for (const [x, y, z] of cut.points) {
    expect(Math.abs(z - low[2])).toBeLessThan(1.3);
    expect(x).toBeGreaterThan(low[0] - 0.01);
    expect(x).toBeLessThan(high[0] + 0.01);
    expect(y).toBeGreaterThan(low[1] - 0.01);
    expect(y).toBeLessThan(high[1] + 0.01);
  }
  expect(await counts(page)).toEqual([before - cut.removed]);
  await undone(page, mask);

  // Through the volume: looked at, put away, looked at again, applied.
  await option(page, 'shape', 'Free');
  await option(page, 'depth', 'Through');
  const line: Share[] = [
    [0.35, 0.15],
    [0.65, 0.15],
    [0.65, 0.45],
    [0.35, 0.45],
  ];
  await draw(page, 'axial', line);
  const preview = page.getByTestId('drawn-preview');
  await expect(preview).toBeVisible({ timeout: 120_000 });
  const promised = Number(await preview.getAttribute('data-voxels'));
  expect(promised).toBeLessThan(before);
  expect(await kept(page)).toBe(mask);
  await picture(page, 'scissors-through');
  await page.keyboard.press('Escape');
  await expect(preview).toBeHidden();
  await expect(page.getByTestId('tool-scissors')).toHaveAttribute('aria-pressed', 'true');
  await draw(page, 'axial', line);
  await expect(preview).toHaveAttribute('data-voxels', String(promised), { timeout: 120_000 });
  const through = await changed(page, () => page.keyboard.press('Enter'));
  expect(before - through.removed).toBe(promised);
  expect(new Set(through.points.map((p) => p[2].toFixed(2))).size).toBeGreaterThan(5);
  await undone(page, mask);
});

test('[9.1-types] flood fill, level tracing, livewire and contour fill on the slice; a polygon takes its last corner back', async ({
  lamina: page,
}) => {
  const before = await bone(page);
  const mask = await kept(page);

  await page.keyboard.press('5');
  await page.getByTestId('tool-option-tolerance').fill('60');
  // Brain: soft tissue inside of the skull.
  const seed = await pointAt(page, 'axial', [0.4, 0.7]);
  const flood = await changed(page, () => click(page, 'axial', [0.4, 0.7]));
  expect(flood.removed).toBe(0);
  expect(flood.added).toBeGreaterThan(200);
  for (const [, , z] of flood.points) expect(Math.abs(z - seed[2])).toBeLessThan(1.3);
  await undone(page, mask);

  await page.keyboard.press('6');
  // Over the inner wall of the skull, until the line goes round it; noise has lines of its own.
  let edge: Share = [0.25, 0.7];
  for (let x = 0.25; x < 0.31 && ((await sketch(page))?.points ?? 0) < 60; x += 0.003) {
    edge = [x, 0.7];
    await page.mouse.move(...(await spot(page, 'axial', edge)), { steps: 2 });
    await page.waitForTimeout(60);
  }
  expect(await sketch(page)).toMatchObject({ closed: true });
  await picture(page, 'level-trace');
  const level = await changed(page, () => click(page, 'axial', edge));
  expect(level.added + level.removed).toBeGreaterThan(0);
  for (const [, , z] of level.points) expect(Math.abs(z - seed[2])).toBeLessThan(1.3);
  await undone(page, mask);

  await page.keyboard.press('7');
  for (const place of [
    [0.275, 0.6],
    [0.5, 0.93],
    [0.725, 0.6],
    [0.6, 0.45],
  ] as Share[])
    await click(page, 'axial', place);
  await expect.poll(async () => (await sketch(page))?.points ?? 0).toBeGreaterThan(10);
  await picture(page, 'livewire');
  const wire = await changed(page, () => page.keyboard.press('Enter'));
  expect(wire.added).toBeGreaterThan(200);
  await undone(page, mask);

  await page.keyboard.press('8');
  await option(page, 'shape', 'Polygon');
  for (const place of [
    [0.4, 0.5],
    [0.6, 0.5],
    [0.6, 0.7],
    [0.9, 0.9],
  ] as Share[])
    await click(page, 'axial', place);
  await page.mouse.click(...(await spot(page, 'axial', [0.9, 0.9])), { button: 'right' });
  await click(page, 'axial', [0.4, 0.7]);
  const contour = await changed(page, () => page.keyboard.press('Enter'));
  const [from, to] = [await pointAt(page, 'axial', [0.4, 0.5]), await pointAt(page, 'axial', [0.6, 0.7])];
  for (const [x, y] of contour.points) {
    expect(x > from[0] - 0.01 && x < to[0] + 0.01).toBe(true);
    expect(y > from[1] - 0.01 && y < to[1] + 0.01).toBe(true);
  }
  expect(contour.removed).toBe(0);
  expect(await counts(page)).toEqual([before + contour.added]);
  await undone(page, mask);

  // One view instead of four, a click on another view, the palette and its Esc in the middle: the same voxels.
  for (const place of [
    [0.4, 0.5],
    [0.6, 0.5],
    [0.6, 0.7],
    [0.4, 0.7],
  ] as Share[])
    await click(page, 'axial', place);
  await click(page, 'coronal', [0.5, 0.5]);
  expect((await sketch(page))?.points).toBeGreaterThanOrEqual(4);
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('palette-input')).toBeHidden();
  expect((await sketch(page))?.points).toBeGreaterThanOrEqual(4);
  // A tool clicked with the mouse leaves the keys to the view.
  await page.getByTestId('tool-contour').click();
  await expect(page.getByTestId('viewport-coronal')).toBeFocused();
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('f');
  await expect(page.getByTestId('viewport-coronal')).toBeHidden();
  const large = await changed(page, () => page.keyboard.press('Enter'));
  expect(large.points).toEqual(contour.points);
  await page.keyboard.press('f');
  await expect(page.getByTestId('viewport-coronal')).toBeVisible();
  await undone(page, mask);

  // Ctrl turns add into erase; Esc drops the half-drawn line first, then the tool.
  await option(page, 'shape', 'Free');
  await page.keyboard.down('Control');
  const erased = await changed(page, () =>
    draw(page, 'axial', [
      [0.2, 0.3],
      [0.8, 0.3],
      [0.8, 0.9],
      [0.2, 0.9],
    ]),
  );
  await page.keyboard.up('Control');
  expect(erased.added).toBe(0);
  expect(erased.removed).toBeGreaterThan(50);
  await undone(page, mask);
  await option(page, 'shape', 'Polygon');
  await click(page, 'axial', [0.4, 0.5]);
  await page.keyboard.press('Escape');
  expect(await sketch(page)).toBeNull();
  await expect(page.getByTestId('tool-contour')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('tool-navigate')).toHaveAttribute('aria-pressed', 'true');
});

test('[9.1-types] an island is picked away; effects on the whole segment are one click away', async ({ lamina: page }) => {
  const before = await bone(page);
  // An island of our own, in the air beside the head.
  await page.keyboard.press('8');
  await option(page, 'shape', 'Ellipse');
  const own = await changed(page, () =>
    draw(page, 'axial', [
      [0.18, 0.08],
      [0.24, 0.16],
    ]),
  );
  expect(own.added).toBeGreaterThan(3);
  const mask = await kept(page);
  await page.keyboard.press('3');
  await expect(page.getByTestId('step-correct')).toHaveAttribute('aria-current', 'step');
  await click(page, 'axial', [0.21, 0.12]);
  const preview = page.getByTestId('drawn-preview');
  await expect(preview).toHaveAttribute('data-voxels', String(before), { timeout: 120_000 });
  await picture(page, 'pick-island');
  const gone = await changed(page, () => page.getByTestId('drawn-apply').click());
  expect(gone).toMatchObject({ added: 0, removed: own.added });
  expect(gone.points).toEqual(own.points);
  await undone(page, mask);

  await page.getByTestId('whole-margin').click();
  await expect(page.getByTestId('effect')).toHaveValue('margin');
});

test('[9.1-types] scissors in the 3D view cut what is seen through the line, and the surface follows', async ({ lamina: page }) => {
  const before = await bone(page);
  const mask = await kept(page);
  await page.getByTestId('show-surface').click();
  const review = page.getByTestId('mesh-review');
  await expect(review).toHaveAttribute('data-state', 'ready', { timeout: 120_000 });
  await page.keyboard.press('4');
  await draw(page, '3d', [
    [0.4, 0.2],
    [0.6, 0.2],
    [0.6, 0.45],
    [0.4, 0.45],
  ]);
  const preview = page.getByTestId('drawn-preview');
  await expect(preview).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('review-loop')).toBeVisible();
  await picture(page, 'scissors-3d');
  const cut = await changed(page, () => page.getByTestId('drawn-apply').click());
  expect(cut.added).toBe(0);
  expect(cut.removed).toBeGreaterThan(100);
  expect(await counts(page)).toEqual([before - cut.removed]);
  // Seen from the front: near the midline, through front and back of the skull.
  const [xs, ys] = [cut.points.map((p) => p[0]), cut.points.map((p) => p[1])];
  expect(Math.max(...ys) - Math.min(...ys)).toBeGreaterThan(100);
  expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(120);
  await expect(page.getByTestId('review-loop')).toBeHidden();
  await expect(page.getByText('older than the mask')).toBeHidden({ timeout: 120_000 });
  await picture(page, 'scissors-3d-cut');
  await undone(page, mask);
});
