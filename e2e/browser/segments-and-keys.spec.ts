import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, pictures, test } from '../app.ts';
import { lamina, smallHead } from '../phantom.ts';
import { acceptImport, counts, goToFolder, importFolder, journaled, step, stroke, threshold } from '../steps.ts';

/** The segment's row in the list, and the case as the page has it. */
const row = (page: Page, name: string) => page.getByTestId('segment-row').filter({ hasText: name });
interface Described {
  name: string;
  colour: number;
  number: number;
  locked: boolean;
  review: string;
  label: { key: string; value: number };
}
const segments = (page: Page) => page.evaluate(() => window.__lamina.caseState()?.segments as unknown as Described[]);
const picture = (page: Page, name: string) => page.screenshot({ path: path.join(pictures, `${name}.png`) });

async function opened(page: Page): Promise<void> {
  await importFolder(page, smallHead());
  await acceptImport(page);
  await threshold(page, 200);
  await step(page, 'correct');
}

test('[9.1-values] colour, label, number, review state and lock of a segment by hand, undone by name, there again after a reload', async ({
  lamina: page,
}) => {
  await opened(page);
  const bone = row(page, 'Bone');
  await bone.getByTestId('segment-colour').click();
  await page.getByTestId('segment-swatch-5').click();
  await expect(bone.getByTestId('segment-colour')).toHaveAttribute('data-colour', '5');
  await expect(page.getByTestId('undo')).toContainText('Bone: colour 5');

  await bone.hover();
  await bone.getByTestId('segment-open').click();
  await page.getByTestId('segment-label').fill('mand');
  await expect(page.getByTestId('segment-label-option')).not.toHaveCount(0);
  await picture(page, 'segment-label-1280');
  await page.getByTestId('segment-label').press('Enter');
  await expect(page.getByTestId('undo')).toContainText('label Mandible');
  await page.getByTestId('segment-number').fill('12');
  await page.getByTestId('segment-number').press('Enter');
  await expect(page.getByTestId('undo')).toContainText('number 12');
  await page.getByTestId('segment-review').selectOption('flagged');
  await expect(page.getByTestId('undo')).toContainText('review flagged');
  await picture(page, 'segment-details-1280');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await picture(page, 'segment-details-1920');
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(await segments(page)).toMatchObject([{ colour: 5, number: 12, review: 'flagged', label: { key: 'mandible', value: 10 } }]);

  await page.reload();
  await page.waitForFunction(() => (window.__lamina?.caseState()?.segments.length ?? 0) > 0);
  expect(await segments(page)).toMatchObject([{ colour: 5, number: 12, review: 'flagged', label: { key: 'mandible' } }]);
  for (const was of ['number 12', 'label Mandible', 'colour 5']) {
    await page.getByTestId('undo').click();
    await expect(page.getByTestId('undo')).toContainText(was);
  }
  expect(await segments(page)).toMatchObject([{ colour: 5, number: 1, review: 'not started', label: { key: 'bone', value: 1 } }]);
});

test('[9.1-values] a locked segment is not drawn on and not removed, says so with the way out, and is drawn on again when unlocked', async ({
  lamina: page,
}) => {
  await opened(page);
  const [before] = await counts(page);
  await page.keyboard.press('l');
  await expect(page.getByTestId('undo')).toContainText('Bone: locked');
  await expect(page.getByTestId('edit-refusal')).toContainText('Bone is locked');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-disabled', 'true');
  await stroke(page, 'axial', [0.45, 0.55], [0.55, 0.6]);
  expect(await counts(page)).toEqual([before]);
  await picture(page, 'segment-locked-1280');
  await row(page, 'Bone').hover();
  await row(page, 'Bone').getByTestId('segment-remove').click({ force: true });
  await expect(page.getByTestId('notice').filter({ hasText: 'Remove Bone' })).toContainText('locked');
  expect(await segments(page)).toHaveLength(1);
  await page.getByTestId('edit-refusal').getByRole('button', { name: 'Unlock Bone' }).click();
  await expect(page.getByTestId('undo')).toContainText('Bone: unlocked');
  await page.getByTestId('tool-brush').click();
  const [drawn] = await journaled(page, () => stroke(page, 'axial', [0.45, 0.55], [0.55, 0.6]));
  expect(drawn).toBeGreaterThan(before as number);
});

test('[9.1-types] a key is changed on the sheet and does its work; one that is taken is named, left alone, and swapped when asked', async ({
  lamina: page,
}) => {
  await opened(page);
  await page.keyboard.press('F1');
  const brush = page.getByTestId('key-row-tool.brush').locator('.keycap');
  await brush.click();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('alert')).toContainText('Tab moves');
  await page.keyboard.press('Escape');
  await expect(brush).toHaveText('1');
  await brush.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('2');
  await expect(page.getByRole('alert')).toContainText('2 is Eraser');
  await picture(page, 'keys-taken-1280');
  await page.getByRole('button', { name: 'Leave it', exact: true }).click();
  await expect(brush).toHaveText('1');
  await brush.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('b');
  await expect(brush).toHaveText('B');
  const center = page.getByTestId('key-row-view.centre').locator('.keycap');
  await center.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('2');
  await page.getByTestId('key-swap').press('Enter');
  await expect(center).toHaveText('2');
  await expect(page.getByTestId('key-row-tool.eraser').locator('.keycap')).toHaveText('—');
  await picture(page, 'keys-1280');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await picture(page, 'keys-1920');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('key-sheet')).toBeHidden();

  await page.keyboard.press('1');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('b');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-label', 'Brush (B)');
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('brush');
  await expect(page.getByRole('option', { name: /^Tools Brush B$/ })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.reload();
  await page.waitForFunction(() => window.__lamina?.ready());
  await page.keyboard.press('b');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('F1');
  await page.getByTestId('key-reset-all').click();
  await expect(brush).toHaveText('1');
  await expect(center).toHaveText('—');
});

test('[9.1-types] keys from a file are taken wholly or not at all', async ({ lamina: page }) => {
  await expect(page.getByTestId('start')).toBeVisible();
  await page.keyboard.press('F1');
  const take = (keys: object) =>
    page.getByTestId('key-file').setInputFiles({
      name: 'lamina-keys.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify({ schema: 'lamina-keys/1', keys })),
    });
  await take({ 'tool.brush': ['b'], 'tool.eraser': ['w'] });
  await expect(page.getByRole('alert')).toContainText('W is given to tool.eraser and to segment.next');
  await expect(page.getByTestId('key-row-tool.brush').locator('.keycap')).toHaveText('1');
  await take({ 'tool.brush': ['b'] });
  await expect(page.getByTestId('key-row-tool.brush').locator('.keycap')).toHaveText('B');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('help texts open from the window, by command and from the key sheet, and lead on to one another', async ({ lamina: page }) => {
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await expect(page.getByTestId('help-text')).toContainText('Getting started');
  await picture(page, 'help-1280');
  await page.getByTestId('help-text').getByRole('button', { name: 'threshold' }).click();
  await expect(page.getByTestId('help-text').getByRole('heading', { level: 1 })).toContainText(/threshold/i);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('help')).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('help');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('help')).toBeVisible();
});

test('[9.1-values] what the command line says of a segment is what the window has of it', async ({ lamina: page, workstation }) => {
  const dir = path.join(workstation.cases, 'by-script.lamina');
  lamina('import', smallHead(), '--case', dir);
  lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=200', '--label', 'skull');
  lamina('describe', '--case', dir, '--set', 'name=Cranium', 'colour=3', 'review=in progress', 'locked=true');
  await page.getByTestId('open-folder').click();
  await goToFolder(page, dir);
  await page.getByTestId('folder-confirm').click();
  await expect(row(page, 'Cranium')).toBeVisible();
  await expect(row(page, 'Cranium').getByTestId('segment-state')).toHaveAttribute('data-state', 'in progress');
  expect(await segments(page)).toMatchObject([
    { name: 'Cranium', colour: 3, review: 'in progress', locked: true, label: { key: 'skull', value: 26 } },
  ]);
});

test('[9.1-types] Tab reaches every control of Correct, each with its ring and a name, and comes round again', async ({ lamina: page }) => {
  await opened(page);
  await page.getByTestId('step-correct').focus();
  const stops: string[] = [];
  const faults: string[] = [];
  for (let n = 0; n < 160; n++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const here = document.activeElement as HTMLElement;
      if (here === document.body) return null;
      // A slider's ring is around its thumb, which no script can ask for.
      const slider = here instanceof HTMLInputElement && here.type === 'range';
      const ring = (one: Element | null): boolean =>
        one !== null && getComputedStyle(one).outlineStyle !== 'none' && Number.parseFloat(getComputedStyle(one).outlineWidth) >= 1;
      const label = here.closest('label');
      const name =
        here.getAttribute('aria-label') ?? here.getAttribute('aria-labelledby') ?? (label?.textContent || here.textContent) ?? '';
      const box = here.getBoundingClientRect();
      return {
        id: here.dataset.testid ?? '',
        name: name.trim(),
        ring: slider || ring(here) || ring(label),
        seen: box.width > 0 && box.height > 0,
      };
    });
    if (!at) break;
    stops.push(at.id || at.name);
    if (!at.name) faults.push(`no name: ${at.id}`);
    if (!at.ring) faults.push(`no ring: ${at.id || at.name}`);
    if (!at.seen) faults.push(`not seen: ${at.id || at.name}`);
    if (at.id === 'step-correct') break;
  }
  await picture(page, 'correct-1280');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await picture(page, 'correct-1920');
  expect(faults).toEqual([]);
  const list = ['segment-eye', 'segment-colour', 'segment-lock', 'segment-remove', 'segment-open'];
  const asked = ['tool-navigate', 'tool-brush', 'tool-eraser', 'viewport-axial', ...list, 'brush-size'];
  expect(asked.filter((one) => !stops.includes(one))).toEqual([]);
});

test('the tool bar holds all its tools in every width, and what has no room is in a menu that keys reach', async ({ lamina: page }) => {
  await opened(page);
  await page.getByTestId('viewport-axial').focus();
  await page.keyboard.press('1');
  for (const width of [853, 1024, 1280, 1366, 1500, 1501, 1600, 1680, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    const bar = () =>
      page.getByRole('toolbar', { name: 'Tools' }).evaluate((tools) => {
        const shown = [...tools.children].map((one) => one.getBoundingClientRect()).filter((box) => box.width > 0);
        const covered = shown.slice(1).map((box, n) => shown[n]!.right - box.left);
        return {
          covered: Math.max(...covered) > 0.5,
          cutOff: Math.max(...shown.map((box) => box.right)) > tools.getBoundingClientRect().right,
          rows: new Set(shown.map((box) => Math.round((box.top + box.bottom) / 2))).size,
        };
      });
    await expect.poll(bar, { message: `at ${width} px` }).toEqual({ covered: false, cutOff: false, rows: 1 });
  }

  await page.setViewportSize({ width: 1024, height: 800 });
  await page.getByTestId('view-menu').locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('viewport-coronal')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('view-menu').locator('summary')).toBeFocused();
  await expect(page.getByTestId('view-menu')).not.toHaveAttribute('open');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-pressed', 'true');
});
