import { afterEach, expect, test, vi } from 'vitest';
import { typedElsewhere } from './typed-elsewhere.ts';

class Box {
  readonly within: string;
  constructor(within: string) {
    this.within = within;
  }
  closest(selector: string) {
    return selector.split(', ').some((one) => one.startsWith(this.within)) ? this : null;
  }
}
const press = (within: string, isComposing = false) => ({ target: new Box(within), isComposing }) as unknown as KeyboardEvent;
const page = (dialog: boolean) => {
  vi.stubGlobal('Element', Box);
  vi.stubGlobal('document', { querySelector: () => (dialog ? {} : null) });
};
afterEach(() => vi.unstubAllGlobals());

test('[9.1-types] a key is a drawing tool’s only where no dialog is open and no text field has it', () => {
  page(false);
  expect(typedElsewhere(press('button'))).toBe(false);
  expect(typedElsewhere(press('textarea'))).toBe(true);
  expect(typedElsewhere(press('select'))).toBe(true);
  expect(typedElsewhere(press('button', true))).toBe(true);
  page(true);
  expect(typedElsewhere(press('button'))).toBe(true);
});
