import type { AcquisitionCheck, AcquisitionProfile, KernelList } from '../../../contract/acquisition.ts';
import type { CheckSubject } from '../protocol.ts';
import { enhancementOf } from './enhancement.ts';
import { foundOf, parameterNames, type Scene, sliceSpacingMm } from './found.ts';
import { judge, worst } from './judge.ts';
import { kernelClassOf } from './kernel-class.ts';
import { judgeQuality, qualityHints, wallNote } from './quality-words.ts';
import { derivedWallTrust, type WallTrust, wallTrust } from './wall-trust.ts';

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
    if (parameter === 'region' && scene.subject.derived?.steps.includes('region'))
      notes.push('Of the scan; this series was cropped since.');
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

/** Of a volume file the grid alone is known: what the slices were, tilt and gaps among them, was lost when it was written. */
function geometryWords({ grid, acquisition }: CheckSubject): string {
  if (grid === 'resampled') return 'The slices were put onto an even grid with consent.';
  if (grid === 'refused') return 'The geometry needs consent or is refused; voxels were not measured.';
  if (acquisition === null) return 'Geometry as it was read.';
  return acquisition.format === 'DICOM' ? 'Geometry is exact.' : 'Geometry as the file states it.';
}

function sentenceOf(subject: CheckSubject, trust: WallTrust | string): string {
  const { derived, grid } = subject;
  if (derived) {
    const even = grid === 'resampled' ? ', whose slices were put onto an even grid with consent' : '';
    const scan = `Preprocessed (${derived.steps.join(', ')}): the conditions are those of the scan${even};`;
    return typeof trust === 'string'
      ? `${scan} which walls this series can be trusted to show is not known: ${trust}.`
      : `${scan} the thinnest wall is that of its own voxels. ${trust.thinnest.text}`;
  }
  const geometry = geometryWords(subject);
  return typeof trust === 'string' ? `${geometry} ${trust}` : `${geometry} ${trust.thinnest.text}`;
}

const plural = (names: string[]): string => names.map((name) => name.toLowerCase()).join(', ');

function findingsOf(profile: AcquisitionProfile, check: Omit<AcquisitionCheck, 'findings'>, derived: boolean): string[] {
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
  else if (derived) out.push(check.sentence);
  out.push(...check.enhancement);
  if (check.quality) out.push(...qualityHints(check.quality));
  return out;
}

/** The wall to trust, or why nothing can be said of it. */
function trustOf(subject: CheckSubject, kernelClass: AcquisitionCheck['kernel']['class']): WallTrust | string {
  const { acquisition: facts, quality, geometry, units, derived } = subject;
  const pixelMm = Math.max(geometry.spacingMm[0], geometry.spacingMm[1]);
  const scan = { facts, quality, kernelClass, pixelMm, sliceSpacingMm: sliceSpacingMm(subject) };
  if (derived) return derivedWallTrust(scan, derived);
  if (units !== 'HU') return 'Values are not HU: which walls can be trusted cannot be reckoned.';
  return wallTrust(scan) ?? 'The noise hides thin walls.';
}

/**
 * The check of one series against a profile (7.3, Annex A); of a preprocessed one the rows are those of the scan. Pure. Its
 * verdicts are findings: nothing is refused or warned of by them.
 * @param profile null: there is none for this modality; then no row is judged
 * @param kernels lists of vendors' names, a hospital's own first
 */
export function acquisitionCheck(
  subject: CheckSubject,
  profile: AcquisitionProfile | null,
  profiles: readonly AcquisitionProfile[],
  kernels: readonly KernelList[],
): AcquisitionCheck {
  const { acquisition: facts, derived } = subject;
  const quality = derived ? derived.quality : subject.quality;
  const kernel = kernelClassOf(facts?.kernel ?? null, facts?.manufacturer ?? null, kernels);
  const answer = trustOf(subject, kernel.class);
  const trust = typeof answer === 'string' ? null : answer;
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
      ? sentenceOf(subject, answer)
      : `There are no conditions for ${modality || 'this modality'}. ${sentenceOf(subject, answer)}`,
    rows,
    kernel,
    enhancement,
    thinnestWall: trust?.thinnest ?? null,
    walls: profile?.walls ?? [],
    quality,
    qualityJudgement: judgeQuality(quality),
  };
  return {
    ...check,
    findings: profile ? findingsOf(profile, check, derived !== null) : [...enhancement, ...(quality ? qualityHints(quality) : [])],
  };
}
