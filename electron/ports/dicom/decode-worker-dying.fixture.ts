import { parentPort } from 'node:worker_threads';
import { type HelperOrder, seatTaken } from './decode-seat.ts';

/** A helper that takes a slice and ends before it is written, as one whose memory ran out does. */
parentPort?.on('message', ({ work, seat }: HelperOrder) => {
  Atomics.store(seat, 0, seatTaken);
  Atomics.add(work.control, 0, 1);
  process.exit(1);
});
