import type { AcquisitionCheck, KernelList } from '../../../contract/acquisition.ts';

type Kernel = AcquisitionCheck['kernel'];
type Pattern = KernelList['vendors'][number]['kernels'][number];

const plain = (name: string): string => name.toUpperCase().replace(/\s+/g, ' ').trim();

function fits(name: string, pattern: Pattern): boolean {
  if (pattern.names?.some((one) => plain(one) === name)) return true;
  return (
    pattern.prefixes?.some((prefix) => {
      const start = plain(prefix);
      if (!name.startsWith(start)) return false;
      const digits = /^\d{1,4}/.exec(name.slice(start.length))?.[0];
      return digits !== undefined && Number(digits) >= (pattern.from ?? 0) && Number(digits) <= (pattern.to ?? 9999);
    }) ?? false
  );
}

/** The kernel's own name: a strength of iterative reconstruction may follow it as a number (`Br38f 3`). */
const withoutStrength = (name: string): string => name.replace(/( \d+)+$/, '');

/**
 * The class of a vendor's kernel name (7.3.3 2)). Lists are asked in their order, a hospital's before ours; a name that no list of the
 * stated manufacturer holds is 'unknown': it is never guessed from what it sounds like.
 */
export function kernelClassOf(name: string | null, manufacturer: string | null, lists: readonly KernelList[]): Kernel {
  const unknown: Kernel = { name, class: 'unknown', edgeEnhancing: false, source: '' };
  if (name === null || manufacturer === null) return unknown;
  const maker = plain(manufacturer);
  const own = withoutStrength(plain(name));
  for (const list of lists)
    for (const { vendor, manufacturers, kernels } of list.vendors) {
      if (!manufacturers.some((part) => maker.includes(plain(part)))) continue;
      const pattern = kernels.find((one) => fits(own, one));
      if (pattern) return { name, class: pattern.class, edgeEnhancing: pattern.edgeEnhancing, source: `${vendor}: ${name}` };
    }
  return unknown;
}
