import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, pictures, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, counts, importFolder, journaled, step } from '../steps.ts';

test('[M-cavity] the orbit cavity of both sides as two numbers, those of the command line; undone and done again', async ({
  lamina: page,
  workstation,
}) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  await page.getByTestId('method-cavity').click();
  await journaled(page, () => page.getByTestId('apply-segment').click());
  const volume = async (side: string): Promise<number> => Number(await page.getByTestId(`cavity-${side}`).getAttribute('data-mm3')) / 1000;
  await expect(page.getByTestId('cavity-left')).toBeVisible();
  const [left, right] = [await volume('left'), await volume('right')];
  for (const ml of [left, right]) {
    expect(ml).toBeGreaterThan(22);
    expect(ml).toBeLessThan(33);
  }
  await expect(page.getByTestId('cavity-difference')).toContainText((left - right).toFixed(2));
  const [voxels] = await counts(page);
  mkdirSync(pictures, { recursive: true });
  await page.getByTestId('cavity-difference').scrollIntoViewIfNeeded();
  await page.screenshot({ path: path.join(pictures, 'cavity.png') });

  const dir = path.join(workstation.cases, 'by-script.lamina');
  lamina('import', smallHead(), '--case', dir);
  const made = lamina('segment', '--case', dir, '--method', 'cavity') as {
    voxels: number;
    cavity: Record<'left' | 'right', { volumeMl: number }>;
  };
  expect(made.voxels).toBe(voxels);
  expect(made.cavity.left.volumeMl).toBe(left);
  expect(made.cavity.right.volumeMl).toBe(right);

  await journaled(page, () => page.getByTestId('undo').click());
  await expect(page.getByTestId('cavity-left')).toBeHidden();
  await journaled(page, () => page.getByTestId('redo').click());
  expect(await counts(page)).toEqual([voxels]);
  // A method by range keeps its own panel.
  await page.getByTestId('method-threshold').click();
  await expect(page.getByTestId('low-hu')).toBeVisible();
});
