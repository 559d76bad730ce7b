import { describe, expect, test } from 'vitest';
import type { ForkChild } from '../child.ts';
import { createInference } from './client.ts';
import type { InferenceOrder } from './orders.ts';

/** A process that is deep in a run: it hears nothing, and ends only when it is killed. */
function deaf(pid: () => number | undefined = () => undefined) {
  const heard: string[] = [];
  const fork: ForkChild = () => {
    let exit = (_: number | null, _signal?: string | null) => {};
    heard.push('start');
    return {
      get pid() {
        return pid();
      },
      postMessage: (message) => heard.push((message as InferenceOrder).kind),
      onMessage: () => {},
      onExit: (listener) => {
        exit = listener;
      },
      kill: () => {
        heard.push('kill');
        exit(null, 'SIGKILL');
      },
    };
  };
  return { heard, fork };
}
const attempt = {
  model: { path: 'm.onnx', sha256: '', inputName: 'hu', external: false },
  provider: 'cpu',
  shape: [1, 1, 1, 1, 1],
  outputs: null,
};

describe("the host's side of the inference process", () => {
  test('[12-process] a cancelled order is not waited for: the process that computes on is ended, then the cancel is answered', async () => {
    const { heard, fork } = deaf();
    const inference = createInference(fork, () => {});
    const controller = new AbortController();
    const work = inference.order('attempt', attempt, { signal: controller.signal });
    // The order goes out in its turn.
    await Promise.resolve();
    controller.abort();
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(heard).toEqual(['start', 'run', 'cancel', 'kill']);
    inference.close();
  });

  test('[12-process] an order that is late is ended and refused in the words of its caller', async () => {
    const { heard, fork } = deaf();
    const inference = createInference(fork, () => {});
    await expect(inference.order('attempt', attempt, { limitMs: 1, late: 'too late' })).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      message: 'too late',
    });
    expect(heard).toEqual(['start', 'run', 'kill']);
    inference.close();
  });

  test.skipIf(process.platform !== 'linux')(
    '[12-package] a process that holds more than it may is ended, also where its id comes late',
    async () => {
      let asked = 0;
      const { heard, fork } = deaf(() => (++asked > 2 ? process.pid : undefined));
      const inference = createInference(fork, () => {});
      // This process holds more than a mebibyte.
      await expect(inference.order('attempt', attempt, { limitBytes: 2 ** 20 })).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
      expect(heard).toEqual(['start', 'run', 'kill']);
      inference.close();
    },
  );

  test.skipIf(process.platform !== 'linux')(
    '[12-package] a trial does not answer for what earlier runs have left in the process: it gets one of its own',
    async () => {
      const heard: string[] = [];
      const fork: ForkChild = () => {
        heard.push('start');
        let tell = (_: unknown) => {};
        return {
          // It holds what this process holds.
          pid: process.pid,
          postMessage: (message) => {
            heard.push('run');
            queueMicrotask(() => tell({ kind: 'done', id: (message as { id: number }).id, result: { milliseconds: 1 } }));
          },
          onMessage: (listener) => {
            tell = listener;
          },
          onExit: () => {},
          kill: () => heard.push('kill'),
        };
      };
      const inference = createInference(fork, () => {});
      const held = process.memoryUsage().rss;
      await inference.order('attempt', attempt);
      await inference.order('attempt', attempt, { limitBytes: 100 * held });
      expect(heard).toEqual(['start', 'run', 'run']);
      await inference.order('attempt', attempt, { limitBytes: 3 * held });
      expect(heard).toEqual(['start', 'run', 'run', 'kill', 'start', 'run']);
      inference.close();
    },
  );
});
