import type { AcquisitionCheck, AcquisitionFacts } from '../../../contract/acquisition.ts';
import { kernelsDiffer, processingSaid } from '../../ports/dicom/processing-words.ts';

const derivedTypes = ['MIP', 'MINIP', 'MPR', 'REFORMATTED', 'AVERAGE', 'PROJECTION IMAGE', 'RESAMPLED', 'VRT', 'SSD', 'CSA'];

/**
 * Flags of 7.3.2 5) in sentences, each with the header's own words: enhancing kernels and filters, iterative and learned reconstruction,
 * metal artefact reduction, images that were derived of others, loss of compression.
 */
export function enhancementOf(facts: AcquisitionFacts, kernel: AcquisitionCheck['kernel']): string[] {
  const out: string[] = [];
  if (kernel.edgeEnhancing)
    out.push(`The kernel ${kernel.name} lifts edges: values beside them are not those of the tissue (ConvolutionKernel: ${kernel.name}).`);
  for (const said of facts.processing) {
    const kind = processingSaid(said);
    if (said.startsWith(kernelsDiffer)) out.push(`The slices were not all reconstructed alike:${said.slice(kernelsDiffer.length)}.`);
    else if (kind === 'reconstruction')
      out.push(`Iterative or learned reconstruction: how sharp an edge is depends on its contrast (${said}).`);
    else if (kind === 'metal') out.push(`Metal artefact reduction: bone beside metal may be made up (${said}).`);
    else if (kind === 'filter') out.push(`Image enhancement by the scanner (${said}).`);
  }
  const strength = /^(\S+) (\d)$/.exec(facts.kernel ?? '');
  if (strength && /SIEMENS/i.test(facts.manufacturer ?? ''))
    out.push(`Iterative reconstruction of strength ${strength[2]} (ConvolutionKernel: ${facts.kernel}).`);
  const types = facts.imageType.map((part) => part.toUpperCase());
  const derived = derivedTypes.filter((type) => types.includes(type) || (type.includes(' ') && types.join(' ').includes(type)));
  if (derived.length > 0)
    out.push(`Made of other images, walls already averaged (ImageType: ${facts.imageType.join(' ')}). Take the original series.`);
  else if (types[0] === 'DERIVED')
    out.push(`Marked as derived: what was done to it is not known (ImageType: ${facts.imageType.join(' ')}).`);
  if (facts.lossy) out.push('Compressed with loss: fine structures and values may be changed (LossyImageCompression: 01).');
  return out;
}
