import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from './app.ts';

type Point = [number, number, number];
interface Hooks {
  ready(): boolean;
  labelCounts(): Record<string, number>;
  worldToCanvas(plane: string, lps: Point): [number, number];
  canvasToWorld(plane: string, x: number, y: number): Point;
  slice(plane: string): { index: number };
  store: {
    getState(): {
      cursor: { plane: string; lps: Point; value: number | null } | null;
      layers: { segmentId: string; values: Uint8Array }[];
    };
  };
  caseState(): { id: string; sequence: number; segments: { id: string; voxels: number }[] } | null;
}
declare global {
  interface Window {
    __lamina: Hooks;
  }
}

/** Steps that a person takes, in the words of the window. */
export async function goToFolder(page: Page, folder: string): Promise<void> {
  // The first list fills the field in; typing before that would mix with it.
  await expect(page.getByTestId('folder-path')).not.toHaveValue('');
  await page.getByTestId('folder-path').fill(folder);
  await page.getByTestId('folder-path').press('Enter');
}

export async function importFolder(page: Page, folder: string): Promise<void> {
  await page.getByTestId('open-folder').click();
  await goToFolder(page, folder);
  await page.getByTestId('folder-confirm').click();
  await expect(page.getByTestId('series-row').first()).toBeVisible({ timeout: 120_000 });
}

export async function acceptImport(page: Page): Promise<void> {
  await page.getByTestId('import').click();
  await expect(page.getByTestId('import-report')).toBeVisible({ timeout: 120_000 });
}

/** Goes to a step with the planes and waits until their pictures have been checked against the data. */
export async function step(page: Page, name: string): Promise<void> {
  await page.getByTestId(`step-${name}`).click();
  if (['segment', 'correct', 'clean'].includes(name))
    await page.waitForFunction(() => window.__lamina?.ready(), undefined, { timeout: 120_000 });
}

/** Voxels of the segments as the window holds them. */
export const counts = (page: Page): Promise<number[]> => page.evaluate(() => Object.values(window.__lamina.labelCounts()));

const entry = (page: Page): Promise<number> => page.evaluate(() => window.__lamina.caseState()?.sequence ?? -1);

/** Segments whose mask in the window is not, voxel for voxel, the one that the service holds, or whose stated count is another. */
const unsettled = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const state = window.__lamina.caseState();
    if (!state) return ['no case is open'];
    const found: string[] = [];
    for (const { id, voxels } of state.segments) {
      const saved = new Uint8Array(await (await fetch(`/api/cases/${state.id}/segments/${id}/mask`)).arrayBuffer());
      const shown = window.__lamina.store.getState().layers.find((layer) => layer.segmentId === id)?.values;
      let [unlike, count] = [0, 0];
      saved.forEach((value, at) => {
        if (value !== shown?.[at]) unlike++;
        count += value;
      });
      if (!shown || shown.length !== saved.length || unlike > 0 || count !== voxels)
        found.push(`${id}: ${unlike} voxels are unlike, ${count} saved, ${voxels} stated`);
    }
    return found;
  });

/**
 * Does an act that the case journals and waits for what follows from it: its entry, or as many as it makes, and masks on screen that are
 * the saved ones. A label or a count can be true before that, of the act before or of a mask still on its way.
 * @returns voxels of the segments then
 */
export async function journaled(page: Page, act: () => Promise<unknown>, entries = 1): Promise<number[]> {
  const before = await entry(page);
  await act();
  // As long as a job may take.
  await expect.poll(() => entry(page), { message: 'entries of the journal', timeout: 120_000 }).toBe(before + entries);
  await expect.poll(() => unsettled(page), { message: 'masks that are not as saved', timeout: 120_000 }).toEqual([]);
  return counts(page);
}

/** Makes a segment and waits for its mask. Returns voxels of the segments. */
export async function threshold(page: Page, lowHu: number): Promise<number[]> {
  await step(page, 'segment');
  await page.getByTestId('method-threshold').click();
  await page.getByTestId('low-hu').fill(String(lowHu));
  await page.getByTestId('low-hu').press('Enter');
  return journaled(page, () => page.getByTestId('apply-segment').click());
}

/** Draws a stroke between two places of a plane, given as shares of its width and height. */
export async function stroke(page: Page, plane: string, from: [number, number], to: [number, number]): Promise<void> {
  const box = await page.getByTestId(`viewport-${plane}`).boundingBox();
  if (!box) throw new Error(`no ${plane} view`);
  const at = ([x, y]: [number, number]): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 10 });
  await page.mouse.up();
}

/** Answers the page's own save dialog. */
export async function saveAs(page: Page, file: string): Promise<void> {
  await expect(page.getByTestId('folder-dialog')).toBeVisible();
  await goToFolder(page, path.dirname(file));
  await page.getByTestId('file-name').fill(path.basename(file));
  await page.getByTestId('folder-confirm').click();
}
