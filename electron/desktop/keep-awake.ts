import type { PowerSaveBlocker } from 'electron';

/**
 * Keeps the machine from sleeping while a job runs. The host counts jobs and tells nobody, so it is asked every two seconds; a sleep timer
 * is minutes long. Returns a function that ends both the asking and a block that is still held.
 */
export const keepAwake = (blocker: PowerSaveBlocker, runningJobs: () => number, everyMs = 2000): (() => void) => {
  let held: number | null = null;
  const release = (): void => {
    if (held !== null) blocker.stop(held);
    held = null;
  };
  const timer = setInterval(() => {
    if (runningJobs() > 0) held ??= blocker.start('prevent-app-suspension');
    else release();
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    release();
  };
};
