import { Refusal } from '../../../contract/errors.ts';
import type { ProviderTry } from '../../../contract/model.ts';
import { plainReason, providerTitle } from './plain-reason.ts';

/** A rung as it is kept here: `note` may carry the runtime's own words, `plain` is for tooltips and journals. */
export interface Rung extends ProviderTry {
  plain: string;
}

/** Best first, the CPU always last. The runtime drops some names in silence and throws on others, so one provider is asked at a time. */
const byPlatform: Partial<Record<string, string[]>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
};

/** One step of the 8-bit probabilities that a case keeps: a provider that is nearer to the CPU than this answers the same. */
export const providerTolerance = 1 / 255;

/**
 * The rungs of a platform as they stand before any was tried. `pinned` (LAMINA_PROVIDER) leaves that one and the CPU below it.
 * @throws Refusal NOT_FOUND where the platform has no provider of that name
 */
export function ladderOf(platform: string, pinned: string | null): Rung[] {
  const names = byPlatform[platform] ?? ['cpu'];
  if (pinned !== null && !names.includes(pinned))
    throw new Refusal('NOT_FOUND', `LAMINA_PROVIDER names ${pinned}; this platform has ${names.join(', ')}.`);
  return names.map((provider) => {
    const left = pinned === null || provider === pinned || provider === 'cpu';
    const note = left ? '' : `left out: LAMINA_PROVIDER is ${pinned}`;
    return {
      provider,
      state: 'not tried',
      note,
      plain: note,
      milliseconds: null,
      largestDifference: null,
    };
  });
}

const percent = (difference: number) => `${(100 * difference).toPrecision(2)} %`;

/** A provider that is so much slower than the CPU is no gain: graphics that a processor draws, over remote desktop say. */
const tooSlow = (milliseconds: number, cpuMilliseconds: number) => milliseconds > 2 * cpuMilliseconds + 50;

/**
 * Goes down the ladder until a rung answers what the CPU answered, and not far slower; rungs that were tried before, or left out, are passed over. What each
 * did is written on it.
 * @param tryRung runs the known answer on a provider; throws where that does not work
 * @returns the rung that is chosen
 * @throws what the CPU's rung throws, or an AbortError from any rung
 */
export async function climb(
  ladder: Rung[],
  tryRung: (provider: string) => Promise<{ largestDifference: number; milliseconds: number }>,
  cpuMilliseconds: number,
): Promise<Rung> {
  for (const rung of ladder) {
    if (rung.state !== 'not tried' || rung.note !== '') continue;
    try {
      const { largestDifference, milliseconds } = await tryRung(rung.provider);
      rung.milliseconds = milliseconds;
      rung.largestDifference = largestDifference;
      const slow = rung.provider !== 'cpu' && tooSlow(milliseconds, cpuMilliseconds);
      if (largestDifference <= providerTolerance && !slow) {
        rung.state = 'chosen';
        rung.note = rung.provider === 'cpu' ? 'runs everywhere' : `answers as the CPU does (tolerance ${percent(providerTolerance)})`;
        rung.plain = rung.note;
        return rung;
      }
      rung.state = 'refused';
      rung.note = slow
        ? `slower than the CPU: ${Math.round(milliseconds)} ms instead of ${Math.round(cpuMilliseconds)} ms`
        : `answers otherwise than the CPU: by up to ${percent(largestDifference)}, ${percent(providerTolerance)} is allowed`;
      rung.plain = rung.note;
    } catch (error) {
      if (!(error instanceof Refusal) || rung.provider === 'cpu') throw error;
      rung.state = 'refused';
      rung.note = error.message;
      rung.plain = plainReason(rung.provider, error);
    }
  }
  throw new Refusal('INVALID_MODEL_OUTPUT', 'No provider on this machine runs this network as the CPU does. Take another network.');
}

/** Why the chosen rung and none above it: one plain sentence a rung, kept in journals. */
export function reasonFor(ladder: Rung[]): string {
  const above = ladder.slice(
    0,
    ladder.findIndex((r) => r.state === 'chosen'),
  );
  if (!above.length) return 'First choice on this platform.';
  return above.map((r) => `${providerTitle(r.provider)}: ${r.plain}.`).join(' ');
}
