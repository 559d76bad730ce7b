import { Refusal } from '../../../contract/errors.ts';

export const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((v, n) => v === b[n]);

/** The runtime's words, short and without paths of this machine. */
export function shortly(error: unknown): string {
  const text = String((error as Error)?.message ?? error)
    .replace(/(?:[A-Za-z]:)?[\\/](?:[^\s:'"()]+[\\/])+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

const memory = /bad_alloc|failed to allocate|out of memory|not enough memory|array buffer allocation/i;

const wordsFor = {
  INVALID_MODEL: (why: string) => `The runtime does not take this model: ${why}. Export it again, or take another one.`,
  INVALID_MODEL_OUTPUT: (why: string) => `The network did not run: ${why}. Take another network or another region.`,
};

/** Turns the runtime's errors into refusals: memory in words, anything else as a network that does not load or run. */
export async function withRuntimeErrors<T>(
  work: () => Promise<T>,
  otherwise: keyof typeof wordsFor = 'INVALID_MODEL_OUTPUT',
  words: (why: string) => string = wordsFor[otherwise],
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (memory.test(String((error as Error)?.message)))
      throw new Refusal(
        'OUT_OF_MEMORY',
        'There is not enough memory to run this network on this region. Close other programs or take a smaller region.',
      );
    throw new Refusal(otherwise, words(shortly(error)));
  }
}
