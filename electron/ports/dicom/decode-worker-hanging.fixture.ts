import { parentPort } from 'node:worker_threads';
import { type HelperOrder, seatTaken } from './decode-seat.ts';

/** A helper that takes a slice and never ends it, as a decoder does that a damaged codestream has caught. */
parentPort?.on('message', ({ work, seat }: HelperOrder) => {
  Atomics.store(seat, 0, seatTaken);
  Atomics.add(work.control, 0, 1);
  for (;;) Atomics.load(seat, 0);
});
