import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { planeAxes } from '../camera/plane-axes.ts';
import type { Stage } from '../stage.ts';
import { attachKeysHome } from './keys-home.ts';

class Box {
  readonly is: string;
  constructor(is: string) {
    this.is = is;
  }
  closest(selector: string) {
    return this.is === selector || (this.is === 'input' && selector.startsWith('input')) ? this : null;
  }
}
const body = new Box('body');
const tool = new Box('[role=toolbar] button[aria-pressed]');
let page: { body: Box; activeElement: Box; querySelector: () => null };
let focused = 0;
let stop = () => {};
const shown = () => useViewer.getState().crosshairLps[2];
const fire = (type: string, target: Box, more: object) => {
  const event = Object.assign(new Event(type, { cancelable: true }), more);
  Object.defineProperty(event, 'target', { value: target });
  window.dispatchEvent(event);
  return event.defaultPrevented;
};

beforeEach(() => {
  focused = 0;
  page = { body, activeElement: body, querySelector: () => null };
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', page);
  vi.stubGlobal('Element', Box);
  useViewer.setState({ crosshairLps: [0, 0, 20] as Point });
  const pane = {
    axes: planeAxes.axial,
    stack: { firstMm: 0, stepMm: 2, count: 50 },
    get sliceIndex() {
      return shown() / 2;
    },
    root: { focus: () => focused++ },
  };
  stop = attachKeysHome({ active: 'axial', volume: {}, panes: { axial: pane } } as unknown as Stage);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

test('[9.1-types] arrows and Page keys move the view that was worked in last while nothing has the focus, and no text field', () => {
  expect(fire('keydown', body, { key: 'ArrowUp' })).toBe(true);
  expect(shown()).toBe(22);
  fire('keydown', body, { key: 'PageDown' });
  expect(shown()).toBe(2);
  fire('keydown', body, { key: 'PageDown' });
  expect(shown()).toBe(0);
  fire('keydown', body, { key: 'End' });
  expect(shown()).toBe(98);
  expect(fire('keydown', body, { key: 'ArrowDown', altKey: true })).toBe(false);
  expect(fire('keydown', body, { key: 'x' })).toBe(false);
  expect(fire('keydown', new Box('input'), { key: 'ArrowDown' })).toBe(false);
  expect(shown()).toBe(98);
});

test('[9.1-types] a tool clicked with the mouse gives the keys back to the view; one pressed by a key keeps the focus', () => {
  page.activeElement = tool;
  fire('click', tool, { detail: 0 });
  expect(focused).toBe(0);
  fire('click', tool, { detail: 1 });
  expect(focused).toBe(1);
  fire('click', new Box('button'), { detail: 1 });
  page.activeElement = new Box('input');
  fire('click', tool, { detail: 1 });
  expect(focused).toBe(1);
});
