/** Vendors' names of reconstruction that is iterative or learned: smoother noise, and edges that depend on contrast. */
const reconstruction =
  /\b(ASIR(-?V)?|MBIR|VEO|DLIR|TRUE ?FIDELITY|SAFIRE|ADMIRE|IRIS|IDOSE\d?|IMR|PRECISE IMAGE|AIDR(3D)?|FIRST|AICE|PIQE|INTELLI ?IP|IPV|CLEARVIEW|KARL|ITERATIVE|DEEP LEARNING)\b/i;
const filters = /\b(EDGE ENHANC\w*|ENHANCEMENT|SHARPEN\w*|SMOOTHING|DENOIS\w*|NOISE REDUCTION|UNSHARP|POST ?FILTER)\b/i;
const metalReduction = /\b(O-?MAR|I?MAR|SMART ?MAR|SEMAR|METAL ARTI\w+)\b/i;

/**
 * What a header text says of the making of images beside plain reconstruction (7.3.2 5)); null: nothing, and then it is nobody's
 * business and is not kept.
 */
export function processingSaid(text: string): 'reconstruction' | 'metal' | 'filter' | null {
  if (reconstruction.test(text)) return 'reconstruction';
  if (metalReduction.test(text)) return 'metal';
  return filters.test(text) ? 'filter' : null;
}

/** How a series says that its slices name more than one kernel; the names follow. */
export const kernelsDiffer = 'ConvolutionKernel differs between slices:';
