import type { CaseState, Segment } from '../../../../contract/case.ts';
import type { Masking } from '../../../../contract/edit-tools.ts';
import type { EffectSettings } from '../../../../contract/effects.ts';
import { Refusal } from '../../../../contract/errors.ts';
import { closedKinds } from '../../../../contract/markups.ts';
import type { EffectRequest } from '../../../../contract/routes.ts';
import type { MaskingFiles } from '../../../processes/protocol.ts';
import { markOf } from '../../cases/acts.ts';
import { chooseSegment } from '../../choose.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** Masking with the segments that it names found. */
export interface Limits {
  inside: Segment | null;
  notOver: Segment[];
  gateHu: [number, number] | null;
}

/** The segments that masking names; null where it limits nothing. Throws Refusal NOT_FOUND, GRID_MISMATCH. */
export function limitsOf(state: CaseState, segment: Segment, { inside, notOver, gateHu }: Masking): Limits | null {
  const find = (name: string): Segment => {
    const found = chooseSegment(state, name);
    if (found.series === segment.series) return found;
    throw new Refusal('GRID_MISMATCH', `${found.name} lies on another series than ${segment.name}, so it cannot mask it.`);
  };
  const kept = notOver === null ? state.segments.filter((one) => one.locked && one.series === segment.series) : notOver.map(find);
  const others = kept.filter((one) => one.id !== segment.id);
  if (inside === null && others.length === 0 && gateHu === null) return null;
  return {
    inside: inside === null ? null : find(inside),
    notOver: others,
    gateHu,
  };
}

export async function maskingFiles(session: Session, { inside, notOver, gateHu }: Limits): Promise<MaskingFiles> {
  return {
    inside: inside && (await session.maskFile(inside)),
    notOver: await Promise.all(notOver.map((one) => session.maskFile(one))),
    gateHu,
  };
}

/** As words tell it: the segments by name. */
export const namedLimits = (limits: Limits | null) =>
  limits && { inside: limits.inside?.name ?? null, notOver: limits.notOver.map((one) => one.name), gateHu: limits.gateHu };

/** As the journal keeps it: the masks as they stood. */
export function keptLimits(limits: Limits | null) {
  const kept = (one: Segment) => ({ segment: one.id, from: markOf(one.mask) });
  return limits && { inside: limits.inside && kept(limits.inside), notOver: limits.notOver.map(kept), gateHu: limits.gateHu };
}

/** The settings with the outlines of the markups that the request names. Throws Refusal NOT_FOUND; EMPTY_SEGMENT where there is no outline. */
export function withMarkups(
  ports: Pick<Ports, 'outlineLps'>,
  state: CaseState,
  segment: Segment,
  { settings, markups }: EffectRequest,
): EffectSettings {
  if (settings.effect !== 'contour') return settings;
  const outlines = markups.map((name) => {
    const found = state.markups.find((one) => one.id === name) ?? state.markups.findLast((one) => one.name === name);
    if (!found)
      throw new Refusal('NOT_FOUND', `There is no markup ${name}. There are: ${state.markups.map((one) => one.name).join(', ') || 'none'}`);
    if (!closedKinds.includes(found.kind)) throw new Refusal('NOT_FOUND', `${found.name} encloses nothing. Choose a closed markup.`);
    if (found.series !== segment.series)
      throw new Refusal('GRID_MISMATCH', `${found.name} was drawn on another series than ${segment.name}.`);
    return ports.outlineLps(found);
  });
  const contoursLps = [...settings.contoursLps, ...outlines];
  if (contoursLps.length === 0)
    throw new Refusal('EMPTY_SEGMENT', 'There is no contour to fill. Name a closed markup, or give contoursLps.');
  return { ...settings, contoursLps };
}
