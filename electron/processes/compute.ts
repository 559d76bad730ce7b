import { Worker } from 'node:worker_threads';
import type { Answer, Order } from './messages.ts';

/**
 * The compute process: foreign bytes and kernels. Each task runs in a worker thread of its own, so that a long loop can be told to stop
 * through shared memory, and ended by force when it does not listen. The whole process may die; the host survives and starts another.
 */
interface Port {
  on(listener: (order: Order) => void): void;
  send(answer: Answer): void;
}

// One entry file for both hosts: Electron's utilityProcess has parentPort, a forked Node has process.send.
const parentPort = (
  process as unknown as { parentPort?: { on(e: 'message', f: (m: { data: Order }) => void): void; postMessage(m: Answer): void } }
).parentPort;
const port: Port = parentPort
  ? { on: (listener) => parentPort.on('message', (event) => listener(event.data)), send: (answer) => parentPort.postMessage(answer) }
  : {
      on: (listener) => process.on('message', (order) => listener(order as Order)),
      send: (answer) => process.send?.(answer),
    };

const entry = new URL(import.meta.url.endsWith('.ts') ? './task-worker.ts' : './task-worker.js', import.meta.url);
const running = new Map<number, { worker: Worker; flag: Int32Array; patienceMs: number; giveUp: () => void; forced?: NodeJS.Timeout }>();

/** A cancelled task that has begun has this long to stop by itself, and to remove what it has written. */
const patienceMs = 800;
/** An import writes into a temporary folder alone, and the host removes that whatever becomes of the import. */
const importPatienceMs = 100;

/** Tasks that read foreign bytes: what a decoder makes of them may never end. */
const readers = new Set<string>(['scan', 'import', 'decode', 'check', 'readLabelmap', 'checkMesh', 'repairMesh', 'readModel']);
/** A reader gives a sign of life after each slice; one that is silent for so long hangs. Shorter where a test plants a hang. */
const silenceMs = process.env.LAMINA_TEST_FAULT?.startsWith('hang:') ? 1000 : 60_000;

/** Calls `ended` once nothing has been heard of a task for too long. */
function watchSilence(flag: Int32Array, ended: () => void): NodeJS.Timeout {
  let heard = Atomics.load(flag, 2);
  let since = performance.now();
  return setInterval(() => {
    const now = Atomics.load(flag, 2);
    if (now !== heard) [heard, since] = [now, performance.now()];
    else if (performance.now() - since > silenceMs) ended();
  }, silenceMs / 10);
}

function run(order: Extract<Order, { kind: 'run' }>): void {
  const flag = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(entry, { workerData: { task: order.task, input: order.input, flag }, stderr: false });
  let answered = false;
  const answer = (message: Answer) => {
    if (answered) return;
    if (message.kind !== 'progress') answered = true;
    port.send(message);
  };
  const giveUp = () => {
    // A thread ends only when the disk has done what was asked of it, which may take seconds: nobody waits for an import's.
    if (order.task === 'import' || Atomics.load(flag, 1) === 0) answer({ kind: 'cancelled', id: order.id });
    void worker.terminate();
  };
  const watch = readers.has(order.task)
    ? watchSilence(flag, () => {
        answer({
          kind: 'refused',
          id: order.id,
          code: 'CORRUPT_FILE',
          message: `Reading did not come to an end within ${Math.round(silenceMs / 1000)} s: one of the files is damaged in a way that its decoder does not see. Ask for it to be sent again.`,
          reasons: [],
          report: undefined,
        });
        void worker.terminate();
      })
    : undefined;
  running.set(order.id, { worker, flag, patienceMs: order.task === 'import' ? importPatienceMs : patienceMs, giveUp });
  worker.on('message', (message: Answer) => answer({ ...message, id: order.id }));
  worker.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      answer({
        kind: 'refused',
        id: order.id,
        code: 'OUT_OF_MEMORY',
        message: 'This work needs more memory than this machine gives one process. Close other cases or take a smaller region.',
        reasons: [],
        report: undefined,
      });
    else answer({ kind: 'failed', id: order.id, message: String(error.message ?? error), stack: String(error.stack ?? '') });
  });
  worker.on('exit', () => {
    clearInterval(watch);
    clearTimeout(running.get(order.id)?.forced);
    running.delete(order.id);
    answer(
      Atomics.load(flag, 0)
        ? { kind: 'cancelled', id: order.id }
        : { kind: 'failed', id: order.id, message: 'the worker ended without an answer', stack: '' },
    );
  });
}

port.on((order) => {
  if (order.kind === 'quit') process.exit(0);
  if (order.kind === 'run') return run(order);
  const task = running.get(order.id);
  if (!task) return;
  Atomics.store(task.flag, 0, 1);
  const hasBegun = Atomics.load(task.flag, 1) === 1;
  task.forced = setTimeout(task.giveUp, hasBegun ? task.patienceMs : 0);
});
process.on('unhandledRejection', (reason) => {
  throw reason;
});
process.on('disconnect', () => process.exit(0));
