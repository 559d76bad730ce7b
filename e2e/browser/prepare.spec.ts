import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, importFolder } from '../steps.ts';

interface Check {
  profile: { id: string };
  rows: { parameter: string; found: string; judgement: string }[];
  thinnestWall: { mm: number } | null;
}

/** The check as the command line prints it. */
const checked = (...args: string[]) => lamina('check', ...args) as unknown as Check;

const condition = (page: Page, parameter: string) => page.getByTestId(`condition-${parameter}`);

async function expectRows(page: Page, check: Check): Promise<void> {
  await expect(page.getByTestId('conditions')).toHaveAttribute('data-profile', check.profile.id);
  for (const row of check.rows) {
    await expect(condition(page, row.parameter)).toHaveAttribute('data-judgement', row.judgement);
    await expect(condition(page, row.parameter)).toContainText(row.found);
  }
}

/** The small head with a spacing in its headers that the positions belie, and a file beside it that is no image. */
async function headWithWarning(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lamina-e2e-prepare-'));
  await cp(smallHead(), folder, { recursive: true });
  const stated = Buffer.from([0x18, 0x00, 0x88, 0x00, 0x44, 0x53]);
  for (const name of await readdir(folder)) {
    const bytes = await readFile(path.join(folder, name));
    const at = bytes.indexOf(stated);
    if (at < 0) throw new Error(`${name} states no spacing`);
    bytes.write('9', at + 8, 'latin1');
    await writeFile(path.join(folder, name), bytes);
  }
  await writeFile(path.join(folder, 'read me.txt'), 'This is not an image.');
  return folder;
}

test('[7.3-acquisition][7.3-quality][7.3-enhancement] the window judges a series as the command line does, by every profile', async ({
  lamina: page,
}) => {
  await importFolder(page, smallHead());
  const orbit = checked(smallHead());
  await expectRows(page, orbit);
  await expect(page.getByTestId('verdict')).toContainText('Below the conditions for Orbit');
  await expect(page.getByTestId('wall-trust')).toContainText(`${orbit.thinnestWall?.mm.toFixed(1)} mm`);
  await expect(page.getByTestId('quality')).toContainText('Noise in air');
  await expect(page.getByTestId('kernel-facts')).toContainText('STANDARD');
  // What is missed is named, and the import is not refused for it.
  await expect(page.getByTestId('import')).toHaveText('Import');

  await page.getByTestId('profile-switch').locator('input[value=skull]').check();
  await expectRows(page, checked(smallHead(), '--profile', 'skull'));
  await acceptImport(page);
  // The profile chosen by hand holds for the case too.
  await expect(page.getByTestId('conditions')).toHaveAttribute('data-profile', 'skull');
  await expect(page.getByTestId('verdict')).toContainText('Imported');
});

test('[7.2-dicom][7.3-acquisition] warnings are acknowledged once, and every file is told, used or not', async ({ lamina: page }) => {
  const folder = await headWithWarning();
  try {
    await importFolder(page, folder);
    await expect(page.getByTestId('import')).toHaveText('Import with 1 warning');
    await acceptImport(page);
    await expect(page.getByTestId('verdict')).toContainText('Imported with warnings');
    await page.getByTestId('acknowledge').click();
    await expect(page.getByTestId('acknowledge')).toHaveCount(0);
    await expect(page.getByTestId('verdict')).not.toContainText('with warnings');
    await page.getByTestId('report-page').getByRole('radio', { name: 'Geometry and findings' }).check();
    await expect(page.getByTestId('import-report')).toContainText('acknowledged');

    await page.getByTestId('report-page').getByRole('radio', { name: 'Files' }).check();
    await expect(page.getByTestId('files')).toContainText('All 65');
    await page.getByTestId('file-filter').getByRole('radio', { name: 'Left out 1' }).check();
    await expect(page.getByTestId('file-row')).toHaveCount(1);
    await expect(page.getByTestId('file-row')).toContainText('read me.txt');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('[7.3-acquisition] a hospital edits a limit, the judgement follows, and ours comes back', async ({ lamina: page }) => {
  await importFolder(page, smallHead());
  await expect(condition(page, 'sliceSpacing')).toHaveAttribute('data-judgement', 'warning');
  await page.getByTestId('profiles').click();
  await page.getByTestId('profile-edit').click();
  await page.getByTestId('profile-asked-sliceSpacing').fill('below 3 mm on our ward');
  await page.getByTestId('profile-sliceSpacing-meets-below').fill('0');
  await page.getByTestId('profile-sliceSpacing-meets-min').fill('2');
  await expect(page.getByTestId('profile-save')).toBeDisabled();
  await page.getByTestId('profile-sliceSpacing-meets-min').fill('');
  await page.getByTestId('profile-sliceSpacing-meets-below').fill('3');
  // What meets may not be wider than what is usable: the dialog says so.
  await expect(page.getByTestId('profiles-dialog')).toContainText('what is usable is narrower than what meets');
  await expect(page.getByTestId('profile-save')).toBeDisabled();
  await page.getByTestId('profile-sliceSpacing-usable-max').fill('5');
  // Esc does not throw a draft away.
  await page.keyboard.press('Escape');
  await page.getByTestId('profile-save').click();
  await expect(page.getByTestId('profile-remove')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('profiles-dialog')).toHaveCount(0);
  await expect(condition(page, 'sliceSpacing')).toHaveAttribute('data-judgement', 'meets');
  await expect(condition(page, 'sliceSpacing')).toContainText('below 3 mm on our ward');

  await page.getByTestId('profiles').click();
  await page.getByTestId('profile-remove').click();
  await expect(page.getByTestId('profile-remove')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(condition(page, 'sliceSpacing')).toHaveAttribute('data-judgement', 'warning');
});
