import type { AcquisitionCheck, AcquisitionProfile, KernelList } from '../../../contract/acquisition.ts';
import type { CheckSubject } from '../protocol.ts';
import { enhancementOf } from './enhancement.ts';
import { foundOf, parameterNames, type Scene, sliceSpacingMm } from './found.ts';
import { judge, worst } from './judge.ts';
import { kernelClassOf } from './kernel-class.ts';
import { judgeQuality, qualityHints, wallNote } from './quality-words.ts';
import { type WallTrust, wallTrust } from './wall-trust.ts';

type Row = AcquisitionCheck['rows'][number];

/** The profile asked for by id, else the first of the series' modality; null where there is none for it. */
export function profileFor(modality: string, id: string | null, profiles: readonly AcquisitionProfile[]): AcquisitionProfile | null {
  if (id !== null) return profiles.find((one) => one.id === id) ?? null;
  return profiles.find((one) => one.modality === modality) ?? null;
}

function rowsOf(profile: AcquisitionProfile, scene: Scene, trust: WallTrust | null): Row[] {
  return profile.criteria.map((criterion) => {
    const found = foundOf(criterion, scene);
    const { parameter, asked, consequence = '' } = criterion;
    let judgement = judge(criterion, found);
    const notes: string[] = [];
    if (parameter === 'kernel' && judgement === 'meets') {
      const beyond = scene.kernel.class === 'bone' && asked.toLowerCase() === 'standard';
      if (beyond) notes.push('Better for thin walls than what is asked, and noisier.');
      // 7.3.2 5): enhancement is to be avoided, so a kernel that lifts edges never just meets.
      if (scene.kernel.edgeEnhancing) {
        judgement = 'warning';
        notes.push('It lifts edges: values beside bone are not those of the tissue.');
      }
    } else if (judgement === 'warning' || judgement === 'unusable') notes.push(found.note ?? '', consequence);
    else notes.push(found.note ?? '');
    if (judgement !== 'meets' && judgement !== 'unknown') notes.push(wallNote(trust, parameter));
    return {
      parameter,
      name: parameterNames[parameter],
      asked,
      found: found.text,
      judgement,
      note: notes.filter((n) => n !== '').join(' '),
    };
  });
}

const gridWords: Record<CheckSubject['grid'], string> = {
  exact: 'Geometry is exact.',
  resampled: 'The slices were put onto an even grid with consent.',
  refused: 'The geometry needs consent or is refused; voxels were not measured.',
};

function sentenceOf(subject: CheckSubject, trust: WallTrust | null): string {
  const geometry = gridWords[subject.grid];
  if (trust) return `${geometry} ${trust.thinnest.text}`;
  return subject.units === 'HU'
    ? `${geometry} The noise hides thin walls.`
    : `${geometry} Values are not HU: which walls can be trusted cannot be reckoned.`;
}

const plural = (names: string[]): string => names.map((name) => name.toLowerCase()).join(', ');

function findingsOf(profile: AcquisitionProfile, check: Omit<AcquisitionCheck, 'findings'>): string[] {
  const out = check.rows
    .filter((row) => row.judgement === 'warning' || row.judgement === 'unusable')
    .map((row) =>
      `${profile.name}: ${row.name.toLowerCase()} ${row.found}, asked ${row.asked}: ${row.judgement === 'warning' ? 'usable with warning' : 'not usable'}. ${row.note}`.trim(),
    );
  const unknown = check.rows.filter((row) => row.judgement === 'unknown').map((row) => row.name);
  if (unknown.length > 0) out.push(`${profile.name}: could not be judged: ${plural(unknown)}.`);
  if (check.thinnestWall)
    out.push(
      `${check.thinnestWall.text} (Blur ${check.thinnestWall.blurMm.toFixed(2)} mm, ${check.thinnestWall.basis === 'measured' ? 'measured at edges' : 'reckoned of kernel and spacing'}.)`,
    );
  out.push(...check.enhancement);
  if (check.quality) out.push(...qualityHints(check.quality));
  return out;
}

/**
 * The check of one series against a profile (7.3, Annex A). Pure. Its verdicts are findings: nothing is refused or warned of by them.
 * @param profile null: there is none for this modality; then no row is judged
 * @param kernels lists of vendors' names, a hospital's own first
 */
export function acquisitionCheck(
  subject: CheckSubject,
  profile: AcquisitionProfile | null,
  profiles: readonly AcquisitionProfile[],
  kernels: readonly KernelList[],
): AcquisitionCheck {
  const { acquisition: facts, quality, geometry, units } = subject;
  const kernel = kernelClassOf(facts?.kernel ?? null, facts?.manufacturer ?? null, kernels);
  const pixelMm = Math.max(geometry.spacingMm[0], geometry.spacingMm[1]);
  const trust =
    units === 'HU' ? wallTrust({ facts, quality, kernelClass: kernel.class, pixelMm, sliceSpacingMm: sliceSpacingMm(subject) }) : null;
  const enhancement = facts ? enhancementOf(facts, kernel) : [];
  const rows = profile ? rowsOf(profile, { subject, facts, kernel }, trust) : [];
  const verdict = worst(rows.map((row) => row.judgement));
  const modality = profile?.modality ?? subject.modality;
  const check: Omit<AcquisitionCheck, 'findings'> = {
    profile: profile
      ? { id: profile.id, name: profile.name, modality, source: profile.source }
      : { id: '', name: '', modality, source: `There are no conditions for ${modality || 'this modality'}.` },
    profiles: profiles.filter((one) => one.modality === modality).map(({ id, name }) => ({ id, name })),
    verdict,
    sentence: profile
      ? sentenceOf(subject, trust)
      : `There are no conditions for ${modality || 'this modality'}. ${sentenceOf(subject, trust)}`,
    rows,
    kernel,
    enhancement,
    thinnestWall: trust?.thinnest ?? null,
    walls: profile?.walls ?? [],
    quality,
    qualityJudgement: judgeQuality(quality),
  };
  return { ...check, findings: profile ? findingsOf(profile, check) : [...enhancement, ...(quality ? qualityHints(quality) : [])] };
}
