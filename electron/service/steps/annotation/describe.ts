import type { CaseState } from '../../../../contract/case.ts';
import type { DescribeRequest, SegmentDetails } from '../../../../contract/labels.ts';
import { describeAct, renameAct } from '../../cases/acts.ts';
import { chooseSegment } from '../../choose.ts';
import { labelOf } from '../../label-of.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/**
 * 9.1: name, colour, number, lock, review state and label of a segment, as one act that undo takes back; what stays as it was is no part
 * of it. Throws Refusal NOT_FOUND for a segment or a label that there is none of, CASE_EXISTS for a number that another has.
 */
export async function describeSegment(ports: Ports, session: Session, id: string, change: DescribeRequest): Promise<CaseState> {
  const label = change.label === undefined ? undefined : await labelOf(ports, change.label);
  return session.exclusive(async () => {
    const segment = chooseSegment(session.state(), id);
    const wanted = { ...change, ...(label === undefined ? {} : { label }) } as Partial<SegmentDetails>;
    const to = Object.fromEntries(
      Object.entries(wanted).filter(([key, value]) => JSON.stringify(segment[key as keyof SegmentDetails]) !== JSON.stringify(value)),
    ) as Partial<SegmentDetails>;
    if (to.name !== undefined && Object.keys(to).length === 1)
      await session.append(renameAct({ segment: segment.id, from: segment.name, to: to.name }));
    else if (Object.keys(to).length > 0) await session.append(describeAct({ segment: segment.id, segmentName: segment.name, to }));
    return session.state();
  });
}
