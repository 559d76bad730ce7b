import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, startWorkstation, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, counts, goToFolder, importFolder, journaled, saveAs, step, stroke, threshold } from '../steps.ts';

test('[M-threshold][I-technique][7.2-hu] a threshold in the window marks the voxels that the command line marks', async ({
  lamina: page,
  workstation,
}) => {
  await importFolder(page, smallHead());
  await expect(page.getByTestId('series-row').first()).toContainText('96 × 96 × 64');
  await acceptImport(page);
  await threshold(page, 200);
  const dir = path.join(workstation.cases, 'by-script.lamina');
  lamina('import', smallHead(), '--case', dir);
  const { voxels } = lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=200');
  await expect.poll(() => counts(page)).toEqual([voxels]);
  await expect(page.getByTestId('technique')).toContainText('200');
});

test('[M-hysteresis] hysteresis in the window marks the voxels that the command line marks', async ({ lamina: page, workstation }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  await page.getByTestId('method-hysteresis').click();
  for (const [field, value] of [
    ['seed-hu', 400],
    ['low-hu', 150],
  ] as const) {
    await page.getByTestId(field).fill(String(value));
    await page.getByTestId(field).press('Enter');
  }
  await page.getByTestId('apply-segment').click();
  await expect(page.getByTestId('segment-row')).toHaveCount(1, { timeout: 120_000 });
  const dir = path.join(workstation.cases, 'by-script.lamina');
  lamina('import', smallHead(), '--case', dir);
  const { voxels } = lamina('segment', '--case', dir, '--method', 'hysteresis', '--set', 'seedHu=400', 'lowHu=150');
  await expect.poll(() => counts(page)).toEqual([voxels]);
});

test('[9.1-types] brush and eraser on all three planes, undone and done again by name', async ({ lamina: page }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  const after = [await threshold(page, 200)];
  await step(page, 'correct');
  const voxels = () => after.at(-1)?.[0] ?? Number.NaN;
  for (const plane of ['axial', 'coronal', 'sagittal']) {
    await page.getByTestId('tool-brush').click();
    const [drawn] = await journaled(page, () => stroke(page, plane, [0.45, 0.55], [0.55, 0.6]));
    await expect(page.getByTestId('undo')).toContainText(/brush/i);
    expect(drawn).toBeGreaterThan(voxels());
    after.push([drawn as number]);
  }
  await page.getByTestId('tool-eraser').click();
  const [erased] = await journaled(page, () => stroke(page, 'axial', [0.45, 0.55], [0.55, 0.6]));
  await expect(page.getByTestId('undo')).toContainText(/eras/i);
  expect(erased).toBeLessThan(voxels());
  for (const expected of [...after].reverse()) expect(await journaled(page, () => page.keyboard.press('Control+z'))).toEqual(expected);
  for (const expected of after.slice(1)) expect(await journaled(page, () => page.keyboard.press('Control+y'))).toEqual(expected);
});

test('[9.1-types] Ctrl+Z while the mouse is down takes back what was drawn so far, and the rest of the drag draws nothing', async ({
  lamina: page,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  const start = await threshold(page, 200);
  await step(page, 'correct');
  await page.getByTestId('tool-brush').click();
  const drawn = await journaled(page, () => stroke(page, 'axial', [0.45, 0.55], [0.55, 0.6]));
  await page.getByTestId('tool-eraser').click();
  const box = await page.getByTestId('viewport-axial').boundingBox();
  if (!box) throw new Error('no axial view');
  await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.55);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.575, { steps: 5 });
  await expect.poll(async () => (await counts(page))[0]).toBeLessThan(drawn[0] as number);
  // The eraser's part and its undo.
  expect(await journaled(page, () => page.keyboard.press('Control+z'), 2)).toEqual(drawn);
  await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.6, { steps: 5 });
  await page.mouse.up();
  expect(await journaled(page, () => page.keyboard.press('Control+z'))).toEqual(start);
});

test('a workstation that is killed loses nothing that was done, and says what it found', async ({ page }) => {
  const cases = path.join(await mkdtemp(path.join(tmpdir(), 'lamina-killed-')), 'cases');
  const first = await startWorkstation({ cases });
  await page.goto(`${first.url}&test`);
  await importFolder(page, smallHead());
  await acceptImport(page);
  const [before] = await threshold(page, 200);
  await step(page, 'correct');
  await page.getByTestId('tool-brush').click();
  const [voxels] = await journaled(page, () => stroke(page, 'coronal', [0.4, 0.5], [0.6, 0.5]));
  await expect(page.getByTestId('undo')).toContainText(/brush/i);
  await first.kill();

  const second = await startWorkstation({ cases });
  try {
    await page.goto(`${second.url}&test`);
    // The other home has no list of recent cases: the case is opened by its folder, as from a backup.
    await page.getByTestId('open-folder').click();
    await goToFolder(page, cases);
    await page.getByTestId('folder-entry').filter({ hasText: '.lamina' }).first().click();
    await page.getByTestId('folder-confirm').click();
    await expect(page.getByTestId('case-name')).toBeVisible();
    await step(page, 'correct');
    await expect.poll(() => counts(page)).toEqual([voxels]);
    expect(await journaled(page, () => page.keyboard.press('Control+z'))).toEqual([before]);
  } finally {
    await second.stop();
  }
});

test('a case that is open elsewhere is read-only and says who has it', async ({ lamina: page, workstation, browser }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  const second = await startWorkstation({ cases: workstation.cases });
  try {
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${second.url}&test`);
    await other.getByTestId('open-folder').click();
    await goToFolder(other, workstation.cases);
    await other.getByTestId('folder-entry').filter({ hasText: '.lamina' }).first().click();
    await other.getByTestId('folder-confirm').click();
    await expect(other.getByTestId('case-name')).toBeVisible();
    await expect(other.locator('body')).toContainText(/read-only/i);
    await other.close();
  } finally {
    await second.stop();
  }
});

test('[13-ccl][P-surface][P-export][I-verify] clean, model, sign and export; the file is what was checked', async ({
  lamina: page,
  workstation,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 200);
  await step(page, 'clean');
  await page.getByTestId('keep-largest').click();
  await journaled(page, () => page.getByTestId('apply-clean').click());
  await expect(page.getByTestId('undo')).toContainText(/keep largest/i);
  await step(page, 'model');
  await page.getByTestId('make-model').click();
  await expect(page.getByTestId('deviation')).toBeVisible({ timeout: 300_000 });
  await step(page, 'export');

  // Unsigned: the first press asks, the second writes and the report says so.
  const unsigned = path.join(workstation.cases, 'unsigned.stl');
  await page.getByTestId('export-stl').click();
  await page.getByTestId('export-unsigned').click();
  await saveAs(page, unsigned);
  await expect(page.getByTestId('exported')).toBeVisible({ timeout: 120_000 });
  expect(JSON.parse(await readFile(unsigned.replace('.stl', '.report.json'), 'utf8')).statement).toMatch(/UNSIGNED/);

  await page.getByTestId('reviewer').fill('R. Reviewer');
  await page.getByTestId('sign').click();
  await expect(page.getByTestId('signed')).toContainText('R. Reviewer');
  const signed = path.join(workstation.cases, 'signed.stl');
  await page.getByTestId('export-choose').click();
  await saveAs(page, signed);
  await page.getByTestId('export-stl').click();
  await expect(page.getByTestId('exported')).toContainText('Written, signed', { timeout: 120_000 });
  const report = JSON.parse(await readFile(signed.replace('.stl', '.report.json'), 'utf8'));
  expect(report.statement).toContain('R. Reviewer');
  // Nothing keeps it from being printed; that this coarse head has walls thinner than a printer's is said, as it was in the window.
  expect(lamina('check-mesh', signed)).toMatchObject({
    outcome: 'accept_with_warning',
    reasons: [],
    warnings: expect.arrayContaining([expect.objectContaining({ code: 'MESH_WALL_TOO_THIN' })]),
    triangles: report.mesh.triangles,
    openEdges: 0,
  });
});

test('[7.2-dicom] a folder without images is refused by its code, in words', async ({ lamina: page, workstation }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lamina-refused-'));
  await writeFile(path.join(folder, 'letter.txt'), 'Dear colleague');
  await page.getByTestId('open-folder').click();
  await goToFolder(page, folder);
  await page.getByTestId('folder-confirm').click();
  await expect(page.locator('body')).toContainText(/NO_READABLE_IMAGES|NOT_DICOM/);
  expect(existsSync(path.join(workstation.cases, 'CT-0001.lamina'))).toBe(false);
});
