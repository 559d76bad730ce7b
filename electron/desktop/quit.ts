export interface QuitDoors {
  runningJobs: () => number;
  /** Asks the person; true to stop the jobs and quit. */
  ask: (jobs: number) => Promise<boolean>;
  /** Stops jobs between tiles, flushes journals, releases locks. */
  close: () => Promise<void>;
  exit: (code: number) => void;
  onMistake: (error: unknown) => void;
  /** Closing may hang on a dead network drive; what the service acknowledged is on the disk already. */
  patienceMs?: number;
}

/**
 * The one way out. `request` is for a person (asks while a job runs), `force` for a shutdown of the machine (asks nobody). Both may be
 * called any number of times; the first decision wins.
 */
export const quitSequence = ({ runningJobs, ask, close, exit, onMistake, patienceMs = 10_000 }: QuitDoors) => {
  let asking = false;
  let leaving: Promise<void> | null = null;
  const leave = async (code: number): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    try {
      await Promise.race([close(), tooLong]);
    } catch (error) {
      onMistake(error);
    } finally {
      clearTimeout(timer);
      exit(code);
    }
  };
  const force = (code = 0): Promise<void> => {
    leaving ??= leave(code);
    return leaving;
  };
  /** Resolves with false when the person chose to stay. */
  const request = async (): Promise<boolean> => {
    if (asking) return false;
    asking = true;
    try {
      const jobs = leaving ? 0 : runningJobs();
      if (jobs > 0 && !(await ask(jobs))) return false;
    } finally {
      asking = false;
    }
    await force();
    return true;
  };
  return { request, force };
};
