import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../../contract/errors.ts';
import { type Answer, Cancelled } from './messages.ts';
import type { TaskContext, TaskName } from './protocol.ts';

type AnyTask = (input: never, context: TaskContext) => Promise<unknown>;

/** Loaded when asked for: a threshold need not wait for the codecs. */
const tasks: Record<TaskName, () => Promise<AnyTask>> = {
  scan: async () => (await import('./tasks/scan.ts')).scan,
  import: async () => (await import('./tasks/import.ts')).importSeries,
  check: async () => (await import('./tasks/check.ts')).check,
  decode: async () => (await import('./tasks/decode.ts')).decode,
  segment: async () => (await import('./tasks/segment.ts')).segment,
  preprocess: async () => (await import('./tasks/preprocess.ts')).preprocess,
  preprocessPreview: async () => (await import('./tasks/preprocess-preview.ts')).preprocessPreview,
  carry: async () => (await import('./tasks/carry.ts')).carry,
  networkInput: async () => (await import('./tasks/network-input.ts')).networkInput,
  networkResult: async () => (await import('./tasks/network-result.ts')).networkResult,
  adjust: async () => (await import('./tasks/network-result.ts')).adjust,
  integrated: async () => (await import('./tasks/network-result.ts')).integrated,
  clean: async () => (await import('./tasks/clean.ts')).clean,
  contours: async () => (await import('./tasks/contours.ts')).contours,
  effect: async () => (await import('./tasks/effect.ts')).effect,
  authorship: async () => (await import('./tasks/authorship.ts')).authorship,
  measureMarkup: async () => (await import('./tasks/measure-markup.ts')).measureMarkups,
  doubts: async () => (await import('./tasks/doubts.ts')).doubts,
  islands: async () => (await import('./tasks/islands.ts')).islands,
  materialise: async () => (await import('./tasks/materialise.ts')).materialise,
  mesh: async () => (await import('./tasks/mesh.ts')).mesh,
  preview: async () => (await import('./tasks/preview.ts')).preview,
  readLabelmap: async () => (await import('./tasks/read-labelmap.ts')).readLabelmap,
  writeObject: async () => (await import('./tasks/write-object.ts')).writeObject,
  readObject: async () => (await import('./tasks/read-object.ts')).readObject,
  maskChange: async () => (await import('./tasks/mask-change.ts')).maskChange,
  writeNifti: async () => (await import('./tasks/write-nifti.ts')).writeNiftiFile,
  writeMesh: async () => (await import('./tasks/write-mesh.ts')).writeMesh,
  checkMesh: async () => (await import('./tasks/check-mesh.ts')).checkMesh,
  repairMesh: async () => (await import('./tasks/repair-mesh.ts')).repairMesh,
  meshMap: async () => (await import('./tasks/mesh-map.ts')).meshMap,
  compareMeshes: async () => (await import('./tasks/compare-meshes.ts')).compareMeshes,
  patches: async () => (await import('./tasks/patches.ts')).patches,
  evaluate: async () => (await import('./tasks/evaluate.ts')).evaluate,
  readModel: async () => (await import('./tasks/read-model.ts')).readModel,
  measureTruth: async () => (await import('./tasks/measure-truth.ts')).measureTruth,
  checkNewFolder: async () => (await import('./tasks/write-experiment.ts')).checkNewFolder,
  writeExperiment: async () => (await import('./tasks/write-experiment.ts')).writeExperiment,
  phantom: async () => (await import('./tasks/phantom.ts')).phantom,
};

const { task, input, flag } = workerData as { task: TaskName; input: never; flag: Int32Array };
const send = (answer: Answer) => parentPort?.postMessage(answer);

let lastProgress = 0;
const context: TaskContext = {
  progress(fraction, note) {
    Atomics.add(flag, 2, 1);
    // Ten a second are enough for a bar; a loop may call this a million times.
    const now = performance.now();
    if (now - lastProgress < 100 && fraction < 1) return;
    lastProgress = now;
    send({ kind: 'progress', id: 0, fraction, note });
  },
  throwIfCancelled() {
    // A sign of life: who is silent for too long hangs.
    Atomics.add(flag, 2, 1);
    if (Atomics.load(flag, 0)) throw new Cancelled();
  },
};

try {
  // Tests of the host plant faults here; nothing else sets this variable.
  if (process.env.LAMINA_TEST_FAULT === `die:${task}`) process.kill(process.pid, 'SIGKILL');
  if (process.env.LAMINA_TEST_FAULT === `hang:${task}`) for (;;) Atomics.load(flag, 0);
  const run = await tasks[task]();
  // Until here nothing has been written, and a task that is cancelled is ended by force; from here on it cleans up itself.
  Atomics.store(flag, 1, 1);
  context.throwIfCancelled();
  send({ kind: 'done', id: 0, result: await run(input, context) });
} catch (error) {
  if (error instanceof Cancelled) send({ kind: 'cancelled', id: 0 });
  else if (error instanceof Refusal)
    send({ kind: 'refused', id: 0, code: error.code, message: error.message, reasons: error.reasons, report: error.report });
  else if (error instanceof RangeError && /array buffer allocation|invalid (typed )?array length/i.test(error.message))
    send({
      kind: 'refused',
      id: 0,
      code: 'OUT_OF_MEMORY',
      message: 'There is not enough memory for a volume of this size. Close other programs or take a smaller region.',
      reasons: [],
      report: undefined,
    });
  else send({ kind: 'failed', id: 0, message: String((error as Error)?.message ?? error), stack: String((error as Error)?.stack ?? '') });
}
