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

function run(order: Extract<Order, { kind: 'run' }>): void {
  const flag = new Int32Array(new SharedArrayBuffer(8));
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
