import { type AcquisitionProfile, acquisitionProfile, type Criterion } from '../../../contract/acquisition.ts';

export type LimitKey = 'min' | 'max' | 'below';

/** The parameters in the words of Table A.1, with the unit of their limits; null: a word, not a number. */
export const parameterNames: Record<Criterion['parameter'], { name: string; unit: string | null }> = {
  region: { name: 'Region', unit: null },
  position: { name: 'Position', unit: null },
  matrix: { name: 'Matrix', unit: 'pixels' },
  tubeVoltage: { name: 'Tube voltage', unit: 'kV' },
  tubeCurrent: { name: 'Tube current', unit: 'mA' },
  scanSliceThickness: { name: 'Scan slice thickness', unit: 'mm' },
  rotationTime: { name: 'Rotation time', unit: 's' },
  fieldOfView: { name: 'Field of view', unit: 'mm' },
  sliceThickness: { name: 'Slice thickness', unit: 'mm' },
  sliceSpacing: { name: 'Slice spacing', unit: 'mm' },
  kernel: { name: 'Kernel', unit: null },
  format: { name: 'Format', unit: null },
  fieldStrength: { name: 'Field strength', unit: 'T' },
  acquisitionType: { name: 'Acquisition', unit: null },
  pixelSpacing: { name: 'Pixel spacing', unit: 'mm' },
};

/** Largest limit that a field takes; none of the parameters comes near it. */
export const limitMost = 100_000;

/** Limits in words: '80 to 120 kV', 'at least 512 pixels', 'below 1.25 mm'; no limits: 'everything'. */
export function limitWords(limits: Criterion['meets'], unit: string | null): string {
  if (!limits) return 'everything';
  const { min, max, below } = limits;
  const parts = [
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : max !== undefined
          ? `at most ${max}`
          : '',
    below !== undefined ? `below ${below}` : '',
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}${unit ? ` ${unit}` : ''}` : 'everything';
}

/** A profile with one criterion changed. */
export function withCriterion(draft: AcquisitionProfile, at: number, change: Partial<Criterion>): AcquisitionProfile {
  return { ...draft, criteria: draft.criteria.map((c, n) => (n === at ? { ...c, ...change } : c)) };
}

/** A profile with one limit of one criterion set, or taken out with null; limits that are all taken out are left out themselves. */
export function withLimit(
  draft: AcquisitionProfile,
  at: number,
  which: 'meets' | 'usable',
  key: LimitKey,
  value: number | null,
): AcquisitionProfile {
  const old = draft.criteria[at];
  if (!old) throw new RangeError(`the profile has no criterion ${at}`);
  const { [key]: _gone, ...rest } = old[which] ?? {};
  const limits = value === null ? rest : { ...rest, [key]: value };
  const { [which]: _old, ...others } = old;
  const next: Criterion = Object.keys(limits).length > 0 ? { ...others, [which]: limits } : others;
  return { ...draft, criteria: draft.criteria.map((c, n) => (n === at ? next : c)) };
}

/** An id of letters, digits and hyphens made of a name, and not one of those taken. */
export function idOf(name: string, taken: readonly string[]): string {
  const plain =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 34) || 'profile';
  let id = plain;
  for (let n = 2; taken.includes(id); n++) id = `${plain}-${n}`;
  return id;
}

/** A copy to edit under a name and id of its own. */
export function copyOf(profile: AcquisitionProfile, taken: readonly string[]): AcquisitionProfile {
  const name = `${profile.name.slice(0, 35)} copy`;
  return { ...structuredClone(profile), id: idOf(name, taken), name };
}

/** Why a draft cannot be saved, in one sentence; null: it can. */
export function draftFault(draft: AcquisitionProfile): string | null {
  for (const c of draft.criteria) {
    const { name } = parameterNames[c.parameter];
    for (const [which, words] of [
      ['meets', 'asked'],
      ['usable', 'usable'],
    ] as const) {
      const l = c[which];
      const top = Math.min(l?.max ?? Number.POSITIVE_INFINITY, l?.below ?? Number.POSITIVE_INFINITY);
      if (l?.min !== undefined && l.min > top) return `${name}: the lowest ${words} value is above the highest.`;
    }
    if (c.usable && !c.meets) return `${name}: what is usable is set, but not what is asked.`;
  }
  const parsed = acquisitionProfile.safeParse(draft);
  if (parsed.success) return null;
  const issue = parsed.error.issues[0];
  return `${issue?.path.join(' ') || 'The profile'}: ${issue?.message ?? 'is not valid'}.`;
}
