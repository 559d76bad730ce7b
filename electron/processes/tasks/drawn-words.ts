import { Refusal } from '../../../contract/errors.ts';
import { NoLoop } from '../../../kernels/labels/loop-mask.ts';

/** What a kernel makes of something drawn. Throws Refusal INVALID_OBJECT where that is no closed loop of one plane. */
export function drawn<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NoLoop)) throw error;
    throw new Refusal('INVALID_OBJECT', `Nothing was changed: ${error.message}. Draw a closed loop on one plane.`);
  }
}
