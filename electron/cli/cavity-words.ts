import type { Segment } from '../../contract/case.ts';
import { type CavityReport, cavityReport } from '../../contract/cavity.ts';

/** Both sides' figures of a segment that the orbit cavity made; null for any other. */
export function cavityOf(segment: Segment): CavityReport | null {
  const kept = segment.technique.findLast((t) => t.parameters.cavity)?.parameters.cavity;
  return kept === undefined ? null : cavityReport.parse(kept);
}

/** The report with millilitres beside the cubic millimetres. */
export function inMl(report: CavityReport) {
  const side = (one: CavityReport['left']) => one && { ...one, volumeMl: one.volumeMm3 / 1000 };
  return { left: side(report.left), right: side(report.right) };
}

export function cavityLine({ left, right }: CavityReport): string {
  const ml = (one: NonNullable<CavityReport['left']>) =>
    `${(one.volumeMm3 / 1000).toFixed(2)} ml, wall seen ${Math.round(100 * one.wallSeen)} %`;
  const sides = [left && `left ${ml(left)}`, right && `right ${ml(right)}`].filter((text) => text !== null);
  const difference = left && right ? `; left minus right ${((left.volumeMm3 - right.volumeMm3) / 1000).toFixed(2)} ml` : '';
  return `orbit cavity: ${sides.join('; ')}${difference} (checked on synthetic heads only)`;
}
