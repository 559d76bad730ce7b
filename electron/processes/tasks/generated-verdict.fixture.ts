import type { Rendered, Truth } from './generated-bytes.fixture.ts';
import { fieldCheck, geometryFaults, type Imported, placeCheck, placeWords } from './generated-places.fixture.ts';
import { dueWarnings, mustBeAccepted, neededReasons, type Stack, stacksOf, truthfulReasons } from './generated-stacks.fixture.ts';

/** What an import answered about one series of its input. */
export interface Answer {
  volumes: Imported[];
  /** Codes for which (a part of) the series was kept out. */
  refused: string[];
  /** Codes of all warnings of the import. */
  warnings: string[];
  /** It was the only series: every warning is about it. */
  alone: boolean;
}
export interface Verdict {
  /** Accepted, and a voxel has a wrong place or value, or a part is missing, and nothing says so. */
  silent: string[];
  /** An even, straight series was kept out. */
  falseRefusal: string[];
  /** A code that is not true, or one that is missing. */
  misnamed: string[];
  worstMm: number;
  compared: number;
}

const structural = new Set(['GANTRY_TILT', 'VARIABLE_SPACING', 'MISSING_SLICES', 'INCONSISTENT_SLICES', 'AMBIGUOUS_DUPLICATE_POSITIONS']);

function empty(): Verdict {
  return { silent: [], falseRefusal: [], misnamed: [], worstMm: 0, compared: 0 };
}

/** Images that are in no volume although no warning tells of it. */
function lost(rendered: Rendered, stacks: Stack[], used: Set<Truth>): number {
  const { scene } = rendered;
  const there = (t: Truth) => [...used].some((u) => u.position.join() === t.position.join() && u.real.every((v, n) => v === t.real[n]));
  return stacks
    .flatMap(({ truths }) => truths)
    .filter((t) => !there(t))
    .filter(() => !scene.faults.some(({ kind }) => kind === 'wobble')).length;
}

/** Judges an import without consent. */
export function judge(rendered: Rendered, answer: Answer): Verdict {
  const { scene, truths } = rendered;
  const out = empty();
  const stacks = stacksOf(truths);
  const regular = mustBeAccepted(scene, stacks);
  const legit = truthfulReasons(scene, stacks);
  const used = new Set<Truth>();
  const straightened = scene.decimals.cosine <= 4;
  for (const volume of answer.volumes) {
    if (volume.entry.resampled) out.silent.push('resampled without consent');
    // Which acquisition it is stands nowhere: it must fit one of them.
    const checks = stacks.map((stack) => ({
      stack,
      ...placeCheck(volume, truths.filter(({ picture }) => picture.phase === stack.phase && !picture.localizer), straightened), // biome-ignore format: one line
    }));
    const best = checks.reduce((a, b) =>
      b.wrong.length < a.wrong.length || (b.wrong.length === a.wrong.length && b.worstMm < a.worstMm) ? b : a,
    );
    // Cosines that differ a little from slice to slice may be evened out where it is said.
    const evened = scene.faults.some(({ kind }) => kind === 'wobble') && answer.warnings.includes('INVALID_GEOMETRY_NORMALISED');
    const near = evened && best.worstMm < 1;
    out.silent.push(...best.wrong.filter((text) => !near || !text.startsWith(placeWords)));
    if (!near) out.worstMm = Math.max(out.worstMm, best.worstMm);
    for (const t of best.used) used.add(t);
    if (regular && scene.drawnRegular && scene.decimals.position >= 4) out.silent.push(...geometryFaults(volume.entry, best.stack));
  }
  const untrue = answer.refused.filter((code) => !legit.has(code));
  const byPosition = answer.refused.filter((code) => structural.has(code));
  if (answer.volumes.length === 0 && answer.refused.length === 0) out.misnamed.push('neither accepted nor refused');
  if (regular && (answer.volumes.length === 0 || byPosition.length > 0)) out.falseRefusal.push(answer.refused.join(' '));
  else if (untrue.length > 0) out.misnamed.push(`refused for ${untrue}, which is not so`);
  if (answer.volumes.length === 0) {
    for (const group of neededReasons(scene, stacks))
      if (!group.some((code) => answer.refused.includes(code)))
        out.misnamed.push(`refused for ${answer.refused}, not ${group.join(' or ')}`);
    return out;
  }
  const missing = byPosition.length > 0 ? 0 : lost(rendered, stacks, used);
  if (missing > 0) out.silent.push(`${missing} images are in no volume`);
  if (answer.alone) {
    const { due, allowed } = dueWarnings(scene, stacks);
    if (byPosition.length === 0) for (const code of due) if (!answer.warnings.includes(code)) out.misnamed.push(`accepted without ${code}`);
    for (const code of answer.warnings)
      if (!allowed.has(code) && !answer.refused.includes(code)) out.misnamed.push(`accepted with ${code}, which is not so`);
  }
  return out;
}

/** Judges an import with consent to all that it was refused for. */
export function judgeConsented(rendered: Rendered, reasons: string[], answer: Answer): Verdict {
  const out = empty();
  const stacks = stacksOf(rendered.truths);
  if (answer.volumes.length === 0) return { ...out, misnamed: [`refused for ${answer.refused} although ${reasons} were allowed`] };
  for (const code of reasons) if (!answer.warnings.includes(code)) out.misnamed.push(`resampled without the warning ${code}`);
  if (answer.volumes.length !== stacks.length) out.silent.push(`${answer.volumes.length} volumes of ${stacks.length}`);
  for (const volume of answer.volumes) {
    const checks = stacks.map((stack) => fieldCheck(volume, rendered, stack));
    const best = checks.reduce((a, b) =>
      b.wrong.length < a.wrong.length || (b.wrong.length === a.wrong.length && b.worstMm < a.worstMm) ? b : a,
    );
    out.silent.push(...best.wrong);
    out.compared += best.compared;
    out.worstMm = Math.max(out.worstMm, best.worstMm);
  }
  return out;
}
