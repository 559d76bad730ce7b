import { availableParallelism } from 'node:os';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { InferenceAnswer, InferenceOrder } from './inference/orders.ts';
import { serveInference } from './inference/serve.ts';
import type { OpenSession } from './inference/session.ts';

/**
 * The inference process, and the one importer of the runtime. A run blocks its thread, and a worker that is ended in a run takes its whole
 * process along; so this is a process of its own, which the host may kill at any moment.
 */
env.logLevel = 'error';

const open: OpenSession = async (model, bytes, provider) => {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    // The arena doubles its requests: with a tensor of 402 MB it asked for 1.07 GB in one piece, which ends a process of Electron's.
    enableCpuMemArena: false,
    enableMemPattern: false,
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  };
  const session = model.external ? await InferenceSession.create(model.path, options) : await InferenceSession.create(bytes, options);
  return {
    async run(input) {
      const outputs = await session.run({ [model.inputName]: new Tensor('float32', input.values, input.dimensions) });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => {
          if (!(tensor.data instanceof Float32Array)) throw new TypeError(`the output ${name} is ${tensor.type}, not float32`);
          return [name, { values: tensor.data, dimensions: tensor.dims }];
        }),
      );
    },
    release: () => session.release(),
  };
};

// One entry file for both hosts: Electron's utilityProcess has parentPort, a forked Node has process.send.
const parentPort = (
  process as unknown as {
    parentPort?: { on(e: 'message', f: (m: { data: InferenceOrder }) => void): void; postMessage(m: InferenceAnswer): void };
  }
).parentPort;

const receive = serveInference(open, (answer) => {
  if (parentPort) parentPort.postMessage(answer);
  else process.send?.(answer);
});
const on = (order: InferenceOrder) => {
  if (order.kind === 'quit') process.exit(0);
  receive(order);
};
if (parentPort) parentPort.on('message', (event) => on(event.data));
else process.on('message', (order) => on(order as InferenceOrder));
process.on('unhandledRejection', (reason) => {
  throw reason;
});
process.on('disconnect', () => process.exit(0));
