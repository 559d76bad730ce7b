import type { Refusal } from '../../../contract/errors.ts';

const titles: Partial<Record<string, string>> = { cuda: 'CUDA', webgpu: 'WebGPU', dml: 'DirectML', coreml: 'CoreML', cpu: 'CPU' };

/** A provider as people write it. */
export const providerTitle = (provider: string): string => titles[provider] ?? provider;

/** What the runtime's own words mean, first match wins. They change with its version: what is not known here is said in general. */
const meanings: [provider: string | null, words: RegExp, meaning: string][] = [
  [null, /did not answer within/, 'it did not answer in time'],
  ['cuda', /no cuda-capable device|driver/i, 'no NVIDIA graphics card or driver was found'],
  ['cuda', /load shared library|libonnxruntime_providers|cannot open shared object/i, 'the runtime finds no CUDA library'],
  [null, /adapter/i, 'no graphics adapter was found'],
  [null, /backend not found|no available backend|not supported|not available|not enabled/i, 'the runtime does not have it'],
];

/** One plain clause for why a provider does not serve, fit for a tooltip and a journal. The runtime's own words stand elsewhere. */
export function plainReason(provider: string, { code, message }: Pick<Refusal, 'code' | 'message'>): string {
  if (code === 'PROCESS_DIED') return 'its process ended';
  if (code === 'OUT_OF_MEMORY') return 'there was not enough memory';
  const known = meanings.find(([of, words]) => (of === null || of === provider) && words.test(message));
  if (known) return known[2];
  return code === 'INVALID_MODEL_OUTPUT' ? 'the network does not run on it' : 'it cannot be started on this machine';
}
