import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, goToFolder, importFolder, journaled, step, threshold } from '../steps.ts';

const truth = () => path.join(path.dirname(smallHead()), 'truth-labels.nii.gz');

async function chooseFile(page: Page, testid: string, file: string): Promise<void> {
  await page.getByTestId(`${testid}-choose`).click();
  await expect(page.getByTestId('folder-dialog')).toBeVisible();
  await expect(page.getByTestId('folder-confirm')).toBeDisabled();
  await goToFolder(page, path.dirname(file));
  await page
    .getByTestId('folder-entry')
    .filter({ hasText: path.basename(file) })
    .click();
  await page.getByTestId('folder-confirm').click();
  await expect(page.getByTestId(testid)).toHaveAttribute('data-path', file);
}

const run = (page: Page) => journaled(page, () => page.getByTestId('evaluate-run').click());
const row = (page: Page, id: string) => page.getByTestId(`figure-row-${id}`);

test('[11.2-metrics][11.3-procedure] the window measures what the command line measures, and says what the figures are of', async ({
  lamina: page,
  workstation,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 200);
  await step(page, 'evaluate');
  await expect(page.getByTestId('evaluate-run')).toBeDisabled();
  await chooseFile(page, 'evaluate-truth', truth());
  await run(page);
  await expect(page.getByTestId('evaluation-shown')).toHaveAttribute('data-state', 'ok');
  await expect(page.getByTestId('evaluation-region')).toContainText('The whole grid');
  await expect(page.getByTestId('evaluation-validity')).toContainText('Synthetic figures');

  const dir = path.join(workstation.cases, 'by-script.lamina');
  lamina('import', smallHead(), '--case', dir);
  const out = path.join(workstation.cases, 'bone.nii.gz');
  lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=200', '--out', out);
  const figures = lamina('evaluate', '--truth', truth(), '--result', out) as unknown as {
    sensitivity: number;
    dsc: number;
    hd95Mm: number;
    thinWallRecall: number;
  };
  await expect(row(page, 'sensitivity')).toContainText(`${(100 * figures.sensitivity).toFixed(2)} %`);
  await expect(row(page, 'dsc')).toContainText(`${(100 * figures.dsc).toFixed(2)} %`);
  await expect(row(page, 'hd95Mm')).toContainText(`${figures.hd95Mm.toFixed(3)} mm`);
  await expect(page.getByTestId('figure-Thin walls found')).toContainText((100 * figures.thinWallRecall).toFixed(1));
  await expect(page.getByTestId('step-evaluate')).toHaveAccessibleName(/measured against a truth/);
});

test('[11.3-observers][11.2-metrics] another segment as the truth, a region of interest, and figures of a mask that has changed', async ({
  lamina: page,
  workstation,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 300);
  await threshold(page, 200);
  const dir = path.join(workstation.cases, 'region.lamina');
  const region = path.join(workstation.cases, 'region.nii.gz');
  lamina('import', smallHead(), '--case', dir);
  lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=1000', '--out', region);
  await step(page, 'evaluate');
  await page.getByTestId('evaluate-against').locator('input[value=segment]').check();
  await run(page);
  // What is 300 HU is 200 HU too: nothing of the truth is missed.
  await expect(row(page, 'sensitivity')).toContainText('100.00 %');
  await chooseFile(page, 'evaluate-roi', region);
  await run(page);
  await expect(page.getByTestId('evaluation-region')).toContainText('region.nii.gz');
  await expect(row(page, 'dsc')).toContainText('100.00 %');
  await expect(page.getByTestId('evaluation')).toHaveCount(2);
  await page.getByTestId('evaluation').nth(1).click();
  await expect(page.getByTestId('evaluation-region')).toContainText('The whole grid');

  await page.getByTestId('step-clean').click();
  await page.getByTestId('keep-largest').click();
  await journaled(page, () => page.getByTestId('apply-clean').click());
  await page.getByTestId('step-evaluate').click();
  await expect(page.getByText('has changed since it was measured')).toBeVisible();
});
