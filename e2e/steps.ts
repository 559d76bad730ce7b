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
  store: { getState(): { cursor: { plane: string; lps: Point; value: number | null } | null } };
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
  await expect(page.getByTestId('series-row').first()).toBeVisible({ timeout: 60_000 });
}

export async function acceptImport(page: Page): Promise<void> {
  await page.getByTestId('import').click();
  await expect(page.getByTestId('import-report')).toBeVisible({ timeout: 60_000 });
}

/** Goes to a step with the planes and waits until their pictures have been checked against the data. */
export async function step(page: Page, name: string): Promise<void> {
  await page.getByTestId(`step-${name}`).click();
  if (['segment', 'correct', 'clean'].includes(name))
    await page.waitForFunction(() => window.__lamina?.ready(), undefined, { timeout: 60_000 });
}

export async function threshold(page: Page, lowHu: number): Promise<void> {
  await step(page, 'segment');
  await page.getByTestId('method-threshold').click();
  await page.getByTestId('low-hu').fill(String(lowHu));
  await page.getByTestId('low-hu').press('Enter');
  const before = await page.getByTestId('segment-row').count();
  await page.getByTestId('apply-segment').click();
  await expect(page.getByTestId('segment-row')).toHaveCount(before + 1, { timeout: 60_000 });
}

/** Voxels of the segments as the window holds them. */
export const counts = (page: Page): Promise<number[]> => page.evaluate(() => Object.values(window.__lamina.labelCounts()));

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
