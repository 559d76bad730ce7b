import { parentPort } from 'node:worker_threads';
import { type HelperOrder, seatFree, seatTaken } from './decode-seat.ts';
import { decodeSlices } from './decode-work.ts';

/** A thread that helps to decode: it takes slices beside the thread that ordered it, as long as there are any. */
parentPort?.on('message', ({ work, seat }: HelperOrder) => {
  Atomics.store(seat, 0, seatTaken);
  try {
    decodeSlices(work, () => {});
  } finally {
    Atomics.store(seat, 0, seatFree);
  }
});
