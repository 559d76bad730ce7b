import { describe, expect, test, vi } from 'vitest';
import { quitSequence } from './quit.ts';

const doors = ({ jobs = 0, stop = true, close = () => Promise.resolve() } = {}) => ({
  runningJobs: () => jobs,
  ask: vi.fn(async () => stop),
  close: vi.fn(close),
  exit: vi.fn(),
  onMistake: vi.fn(),
  patienceMs: 20,
});

describe('quitting', () => {
  test('without a job nobody is asked, and everything is closed before the end', async () => {
    const given = doors();
    expect(await quitSequence(given).request()).toBe(true);
    expect(given.ask).not.toHaveBeenCalled();
    expect(given.close.mock.invocationCallOrder[0]).toBeLessThan(given.exit.mock.invocationCallOrder[0] as number);
  });
  test('a running job asks, and staying closes nothing', async () => {
    const given = doors({ jobs: 2, stop: false });
    const quit = quitSequence(given);
    expect(await quit.request()).toBe(false);
    expect(given.ask).toHaveBeenCalledWith(2);
    expect(given.close).not.toHaveBeenCalled();
    expect(await quit.request()).toBe(false);
    expect(given.ask).toHaveBeenCalledTimes(2);
  });
  test('several wishes to quit ask once and close once', async () => {
    const given = doors({ jobs: 1 });
    const quit = quitSequence(given);
    await Promise.all([quit.request(), quit.request()]);
    await Promise.all([quit.force(), quit.request()]);
    expect(given.ask).toHaveBeenCalledTimes(1);
    expect(given.close).toHaveBeenCalledTimes(1);
    expect(given.exit).toHaveBeenCalledTimes(1);
  });
  test('a shutdown of the machine asks nobody', async () => {
    const given = doors({ jobs: 1 });
    await quitSequence(given).force();
    expect(given.ask).not.toHaveBeenCalled();
    expect(given.exit).toHaveBeenCalledWith(0);
  });
  test('a close that fails or hangs does not keep the program', async () => {
    const failing = doors({ close: () => Promise.reject(new RangeError('x')) });
    await quitSequence(failing).force();
    expect(failing.onMistake).toHaveBeenCalled();
    expect(failing.exit).toHaveBeenCalled();
    const hanging = doors({ close: () => new Promise<void>(() => {}) });
    await quitSequence(hanging).force();
    expect(hanging.exit).toHaveBeenCalled();
  });
});
