import type { JobContext } from '../../jobs.ts';
import type { OpenCases, Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { importIntoCase } from './import.ts';

/** Seed of the head that every installation shows; any other number makes another head. */
export const demoSeed = 1;

/**
 * The demo case: a synthetic head that says so in its description. It is made once, by whichever asks first (the launch or the user);
 * a second asker waits for the same work.
 */
export function createDemo(ports: Ports, open: OpenCases) {
  const folder = ports.files.join(ports.files.casesFolder(), 'DEMO-HEAD.lamina');
  let making: Promise<void> | null = null;

  async function make(context: JobContext): Promise<void> {
    if (await ports.files.exists(folder)) return;
    const into = await ports.files.temporary();
    try {
      await ports.compute.run(
        'phantom',
        { seed: demoSeed, into, size: 'full' },
        { onProgress: (fraction, note) => context.progress(fraction * 0.8, note || 'Drawing the synthetic head'), signal: context.signal },
      );
      const { session } = await importIntoCase(
        ports,
        open,
        { paths: [ports.files.join(into, 'dicom')], folder, seriesInstanceUid: null, allow: [] },
        { signal: context.signal, progress: (fraction, note) => context.progress(0.8 + fraction * 0.2, note) },
      );
      await open.close(session.id);
    } finally {
      await ports.files.remove(into);
    }
  }

  function prepare(context: JobContext): Promise<void> {
    making ??= make(context).finally(() => {
      making = null;
    });
    return making;
  }
  return {
    prepare,
    /** Waits for the head where somebody else is making it; a cancel then ends the waiting, not the making. */
    async open(context: JobContext): Promise<Session> {
      context.progress(0, 'Drawing the synthetic head');
      await Promise.race([
        prepare(context),
        new Promise<never>((_, reject) =>
          context.signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')), { once: true }),
        ),
      ]);
      return open.open(folder);
    },
  };
}
