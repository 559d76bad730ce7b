import { rangePart } from '../../kernels/labels/threshold.ts';

/** Every part that may run in a thread, by the name it goes by between threads. One line each. */
export const crewParts = {
  rangePart,
};
