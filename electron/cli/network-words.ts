import type { Segment } from '../../contract/case.ts';
import type { Outcome } from './verb.ts';

type Told = Pick<Segment, 'name' | 'networkWording'>;

/**
 * 12, risk: what must be said wherever a network's mask, or a figure of one, is told: a line that names the segments, and `networkWording` in
 * the JSON (null: no network had its say). Every verb whose result stands on segments goes through here.
 */
export function withNetworkWording<J extends object>(
  { json, text, ...rest }: Outcome & { json: J },
  segments: readonly Told[],
): Outcome & { json: J & { networkWording: string | null } } {
  const wordings = [...new Set(segments.flatMap((one) => one.networkWording ?? []))];
  const lines = wordings.map((wording) => {
    const names = segments.flatMap((one) => (one.networkWording === wording ? [one.name] : []));
    return `network (${[...new Set(names)].join(', ')}): ${wording}`;
  });
  return { ...rest, json: { ...json, networkWording: wordings.join('; ') || null }, text: [text, ...lines].filter(Boolean).join('\n') };
}
