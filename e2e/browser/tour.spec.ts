import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, pictures, startWorkstation, test } from '../app.ts';
import { smallHead, twoScans } from '../phantom.ts';
import { acceptImport, counts, importFolder, journaled, saveAs, step, stroke, threshold } from '../steps.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/** A picture of the window as it stands, at both sizes that are looked at. */
async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  for (const size of sizes) {
    await page.setViewportSize(size);
    // The planes draw again after a change of size; a picture of half a frame would be judged for nothing.
    await page.waitForTimeout(900);
    await page.screenshot({ path: path.join(pictures, `${name}-${size.width}x${size.height}.png`) });
  }
  await page.setViewportSize(sizes[0] as (typeof sizes)[0]);
  await page.waitForTimeout(400);
}

test('tour of the main job on the demo head', async ({ page }) => {
  test.setTimeout(1_800_000);
  const workstation = await startWorkstation();
  const folder = twoScans();
  const strangers: string[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error.stack ?? error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['blob:', 'data:'].includes(url.protocol) && url.host !== new URL(workstation.url).host) strangers.push(request.url());
  });
  try {
    await page.goto(`${workstation.url}&test`);
    await expect(page.getByTestId('start')).toBeVisible();
    await shoot(page, '1-start');

    await importFolder(page, folder);
    await expect(page.getByTestId('quality')).toBeVisible();
    await shoot(page, '1b-gate');

    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').fill('demo head');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('import-report')).toBeVisible({ timeout: 600_000 });
    await shoot(page, '2-prepare');

    await page.getByTestId('step-preprocess').click();
    await page.getByTestId('chain-switch-denoise').check();
    await expect(page.getByTestId('preview-area')).toHaveAttribute('data-state', 'ready', { timeout: 180_000 });
    await shoot(page, '2b-preprocess');
    await page.getByTestId('chain-switch-denoise').uncheck();

    await page.getByTestId('step-segment').click();
    await page.getByTestId('method-threshold').click();
    await page.getByTestId('low-hu').fill('200');
    await page.getByTestId('low-hu').press('Enter');
    await page.waitForTimeout(1500);
    await shoot(page, '3-segment-preview');
    await page.getByTestId('apply-segment').click();
    await expect(page.getByTestId('segment-row')).toHaveCount(1, { timeout: 180_000 });

    await page.getByTestId('step-correct').click();
    // The mask has come when the window can count it; before that a stroke is refused in words.
    await expect.poll(() => counts(page), { timeout: 180_000 }).toHaveLength(1);
    // To the left orbit by its coordinates, and the surface beside the planes.
    await page.keyboard.press('Control+g');
    await page.getByTestId('palette-input').fill('34, -186, 46');
    await page.keyboard.press('Enter');
    await page.getByTestId('show-surface').click();
    await page.getByTestId('tool-brush').click();
    const axial = page.getByTestId('viewport-axial');
    const box = await axial.boundingBox();
    if (!box) throw new Error('no axial view');
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.34, { steps: 12 });
    await page.mouse.up();
    // The stroke is written when the surface beside the planes is done.
    await expect(page.getByTestId('undo')).toContainText(/brush/i, { timeout: 180_000 });
    await page.waitForTimeout(6000);
    await shoot(page, '4-correct');

    await page.getByTestId('step-clean').click();
    await page.getByTestId('list-islands').click();
    await expect(page.getByTestId('island').first()).toBeVisible({ timeout: 180_000 });
    await page.getByTestId('keep-largest').click();
    await shoot(page, '5-clean');
    await page.getByTestId('apply-clean').click();
    await expect(page.getByTestId('undo')).toContainText(/keep largest/i, { timeout: 180_000 });

    await page.getByTestId('step-model').click();
    await page.getByTestId('make-model').click();
    await expect(page.getByTestId('deviation')).toBeVisible({ timeout: 600_000 });
    await page.waitForTimeout(4000);
    await shoot(page, '6-model');

    await page.getByTestId('step-export').click();
    await shoot(page, '7-export-unsigned');
    await page.getByTestId('reviewer').fill('R. Reviewer');
    await page.getByTestId('sign').click();
    await expect(page.getByTestId('signed')).toBeVisible();
    await page.getByTestId('export-stl').click();
    await saveAs(page, path.join(workstation.cases, 'head.stl'));
    await expect(page.getByTestId('exported')).toBeVisible({ timeout: 180_000 });
    await shoot(page, '8-export-signed');

    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette')).toBeVisible();
    await shoot(page, '9-palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await expect(page.getByTestId('key-sheet')).toBeVisible();
    await shoot(page, '10-keys');

    expect(strangers, 'requests that left this machine').toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await workstation.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('tour of the networks on the demo head', async ({ page }) => {
  test.setTimeout(1_800_000);
  const workstation = await startWorkstation();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error.stack ?? error)));
  try {
    await page.goto(`${workstation.url}&test`);
    await page.getByTestId('open-demo').click();
    await expect(page.getByTestId('import-report')).toBeVisible({ timeout: 240_000 });
    await page.getByTestId('step-segment').click();
    await page.getByTestId('segment-orbit').click();
    await expect(page.getByTestId('network-progress')).toContainText('Tile', { timeout: 240_000 });
    await shoot(page, '11-segment-orbit-running');
    await expect(page.getByTestId('network-result')).toBeVisible({ timeout: 900_000 });
    await page.waitForTimeout(1500);
    await shoot(page, '12-segment-orbit');
    await page.getByTestId('map-choice').getByRole('radio', { name: 'Uncertainty' }).check();
    await shoot(page, '13-uncertainty');
    await page.getByTestId('map-choice').getByRole('radio', { name: 'Result' }).check();
    await page.getByTestId('probability-field').fill('0.3');
    await page.getByTestId('probability-field').press('Enter');
    await shoot(page, '14-probability-preview');
    await page.getByTestId('reset-probability').click();

    await page.getByTestId('method-threshold').click();
    await page.getByTestId('apply-segment').click();
    await expect(page.getByTestId('segment-row')).toHaveCount(2, { timeout: 120_000 });
    await page.getByTestId('compare').click();
    await expect(page.getByTestId('compare-difference')).toContainText('ml', { timeout: 60_000 });
    await shoot(page, '15-compare');

    await page.getByTestId('step-evaluate').click();
    await page.getByTestId('evaluate-against').locator('input[value=segment]').check();
    await page.getByTestId('evaluate-run').click();
    await expect(page.getByTestId('evaluation-shown')).toHaveAttribute('data-state', 'ok', { timeout: 180_000 });
    await shoot(page, '15b-evaluate');

    await page.getByTestId('step-segment').click();
    await page.getByTestId('models').click();
    await expect(page.getByTestId('model-state').first()).toBeVisible({ timeout: 60_000 });
    await shoot(page, '16-models');
    expect(errors).toEqual([]);
  } finally {
    await workstation.stop();
  }
});

test('tour of correction and of the files for other programs', async ({ lamina: page, workstation }) => {
  test.setTimeout(900_000);
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 200);
  await step(page, 'correct');
  await page.getByTestId('show-surface').click();
  await expect(page.getByTestId('mesh-review')).toHaveAttribute('data-state', 'ready', { timeout: 120_000 });
  for (const [n, tool] of ['brush', 'eraser', 'pick', 'scissors', 'flood-fill', 'level-trace', 'livewire', 'contour'].entries()) {
    await page.getByTestId('viewport-coronal').focus();
    await page.keyboard.press(String(n + 1));
    await expect(page.getByTestId(`tool-${tool}`)).toHaveAttribute('aria-pressed', 'true');
    await shoot(page, `20-correct-${tool}`);
  }

  await page.keyboard.press('9');
  for (const [n, kind] of ['line', 'ellipse', 'rectangle'].entries()) {
    await page.getByTestId(`markup-kind-${kind}`).click();
    await stroke(page, 'coronal', [0.25 + 0.2 * n, 0.3], [0.4 + 0.2 * n, 0.5]);
    await expect(page.getByTestId('markup-row')).toHaveCount(n + 1);
  }
  await shoot(page, '21-annotations');

  await page.getByTestId('viewport-coronal').focus();
  await page.keyboard.press('1');
  await journaled(page, () => stroke(page, 'coronal', [0.3, 0.6], [0.5, 0.62]));
  await page.keyboard.press('n');
  await expect(page.getByTestId('doubt-row').first()).toBeVisible({ timeout: 240_000 });
  await page.getByTestId('review').scrollIntoViewIfNeeded();
  await shoot(page, '22-review');
  await page.getByTestId('viewport-coronal').focus();
  await page.keyboard.press('h');
  await expect(page.getByTestId('authorship-legend').locator('[data-author=hand]')).toBeVisible({ timeout: 120_000 });
  await page.getByTestId('authorship').scrollIntoViewIfNeeded();
  await shoot(page, '23-authorship');
  await page.keyboard.press('F1');
  await expect(page.getByTestId('key-sheet')).toBeVisible();
  await shoot(page, '24-keys');
  await page.keyboard.press('Escape');

  await step(page, 'export');
  await page.getByTestId('objects').scrollIntoViewIfNeeded();
  await shoot(page, '25-export-objects');
  await page.getByTestId('object-kind').selectOption('rtstruct');
  await page.getByTestId('export-object').click();
  await saveAs(page, path.join(workstation.cases, 'head.dcm'));
  await expect(page.getByTestId('object-written')).toBeVisible({ timeout: 120_000 });
  await page.getByTestId('object-written').scrollIntoViewIfNeeded();
  await shoot(page, '26-export-object-written');
});
