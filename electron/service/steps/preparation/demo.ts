import type { JobContext } from '../../jobs.ts';
import type { OpenCases, Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { importIntoCase } from './import.ts';

/** Seed of the head that every installation shows; any other number makes another head. */
export const demoSeed = 1;

/** Opens the demo case; makes it first where it is not there yet. The head is synthetic and says so in its description. */
export async function openDemo(ports: Ports, open: OpenCases, context: JobContext): Promise<Session> {
  const folder = ports.files.join(ports.files.casesFolder(), 'DEMO-HEAD.lamina');
  if (await ports.files.exists(folder)) return open.open(folder);
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
    return session;
  } finally {
    await ports.files.remove(into);
  }
}
