import type { DecodeWork } from './decode-work.ts';

/** What a helper is told. */
export interface HelperOrder {
  work: DecodeWork;
  /** One shared word, `seatTaken` while the helper is at this work. */
  seat: Int32Array;
}
export const seatFree = 0;
export const seatTaken = 1;
