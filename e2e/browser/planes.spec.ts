import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SeriesEntry } from '../../contract/volume.ts';
import { lpsToIndex, type Triple } from '../../kernels/volume/geometry.ts';
import { expect, startWorkstation, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, importFolder, step } from '../steps.ts';

const truth = (): { markers: { name: string; centreLps: Triple; hu: number }[] } =>
  JSON.parse(readFileSync(path.join(smallHead(), '..', 'truth.json'), 'utf8'));

test('[7.2-dicom][7.2-hu] value and point under the pointer are the file’s on every plane, and nothing is mirrored', async ({
  lamina: page,
  workstation,
}) => {
  const report = lamina('import', smallHead(), '--case', path.join(workstation.cases, 'by-script.lamina')) as unknown as {
    series: [SeriesEntry];
  };
  const [series] = report.series;
  const bytes = readFileSync(series.voxels.path);
  const [nx, ny] = series.dimensions;
  const valueAt = (lps: Triple): number => {
    const [i, j, k] = lpsToIndex(series, ...lps).map(Math.round) as Triple;
    return bytes.readInt16LE(2 * (i + nx * (j + ny * k)));
  };

  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'correct');
  for (const { centreLps, hu } of truth().markers) {
    await page.keyboard.press('Control+g');
    await page.getByTestId('palette-input').fill(centreLps.join(', '));
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('palette')).toBeHidden();
    for (const plane of ['axial', 'coronal', 'sagittal']) {
      const at = await page.evaluate(([p, l]) => window.__lamina.worldToCanvas(p, l), [plane, centreLps] as const);
      const box = await page.getByTestId(`viewport-${plane}`).boundingBox();
      if (!box) throw new Error(`no ${plane} view`);
      await page.mouse.move(box.x + at[0], box.y + at[1]);
      await expect.poll(() => page.evaluate(() => window.__lamina.store.getState().cursor?.plane)).toBe(plane);
      const cursor = await page.evaluate(() => window.__lamina.store.getState().cursor);
      if (!cursor) throw new Error('nothing under the pointer');
      // Within a voxel of where the marker was drawn; the value is the file's there, and the marker's within the blur of a small sphere.
      expect(Math.hypot(...cursor.lps.map((v, n) => v - (centreLps[n] as number)))).toBeLessThan(2.6);
      expect(cursor.value).toBe(valueAt(cursor.lps));
      expect(Math.abs((cursor.value as number) - hu)).toBeLessThan(350);
      await expect(page.getByTestId('status-value')).toContainText(String(cursor.value).replace('-', '−'));
    }
  }
  // All markers under one camera: going to a point may move the view.
  const places: Record<string, { lps: Triple; at: [number, number] }[]> = {};
  for (const plane of ['axial', 'coronal', 'sagittal'])
    places[plane] = await page.evaluate(([p, all]) => all.map((lps) => ({ lps, at: window.__lamina.worldToCanvas(p, lps) })), [
      plane,
      truth().markers.map((m) => m.centreLps),
    ] as const);
  // Axial and coronal: the patient's left on the right. Axial: posterior below. Coronal and sagittal: superior above. Sagittal: anterior left.
  const rises: [string, 0 | 1, 0 | 1 | 2, 1 | -1][] = [
    ['axial', 0, 0, 1],
    ['axial', 1, 1, 1],
    ['coronal', 0, 0, 1],
    ['coronal', 1, 2, -1],
    ['sagittal', 0, 1, 1],
    ['sagittal', 1, 2, -1],
  ];
  for (const [plane, screen, axis, sign] of rises)
    for (const a of places[plane] ?? [])
      for (const b of places[plane] ?? []) {
        const along = a.lps[axis] - b.lps[axis];
        if (Math.abs(along) < 5) continue;
        expect(Math.sign(a.at[screen] - b.at[screen]), `${plane}: screen ${screen} along LPS ${axis}`).toBe(Math.sign(along) * sign);
      }
});

test('a window drag, presets and double-click do what their words say', async ({ lamina: page }) => {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await step(page, 'segment');
  const axial = page.getByTestId('viewport-axial');
  await page.getByTestId('window-preset').getByRole('radio', { name: 'Soft tissue' }).click();
  await expect(axial).toContainText('W 400');
  const box = await axial.boundingBox();
  if (!box) throw new Error('no axial view');
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 260, box.y + 200, { steps: 6 });
  await page.mouse.up();
  await expect(axial).not.toContainText('W 400');
  await axial.dblclick({ position: { x: 200, y: 200 } });
  await expect(page.getByTestId('viewport-coronal')).toBeHidden();
  await axial.dblclick({ position: { x: 200, y: 200 } });
  await expect(page.getByTestId('viewport-coronal')).toBeVisible();
});

test('a folder named at the start is offered for import at once', async ({ page }) => {
  const workstation = await startWorkstation({ folder: smallHead() });
  try {
    await page.goto(`${workstation.url}&test`);
    await expect(page.getByTestId('series-row')).toContainText('96 × 96 × 64', { timeout: 120_000 });
  } finally {
    await workstation.stop();
  }
});
