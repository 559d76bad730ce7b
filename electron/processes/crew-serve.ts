import { parentPort } from 'node:worker_threads';
import type { CrewAnswer, CrewParts, CrewRound } from './crew.ts';

/** A thread's side of a crew: takes parts of a round until none is left; one that throws is told and ends the round for everybody. */
export function serveCrew(parts: CrewParts): void {
  const send = (answer: CrewAnswer) => parentPort?.postMessage(answer);
  parentPort?.on('message', ({ round, part, inputs, next }: CrewRound) => {
    for (let index = Atomics.add(next, 0, 1); index < inputs.length; index = Atomics.add(next, 0, 1)) {
      try {
        const work = parts[part];
        if (!work) throw new RangeError(`this thread knows no part ${part}`);
        send({ round, index, output: work(inputs[index]) });
      } catch (error) {
        Atomics.store(next, 0, inputs.length);
        send({ round, index, error: String((error as Error)?.message ?? error) });
      }
    }
  });
}
