import type { CaseState } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { EvaluateCaseRequest, EvaluateRequest, Evaluation } from '../../../../contract/evaluation.ts';
import { evaluateAct, markOf } from '../../cases/acts.ts';
import { chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** 11.2 on files alone: nothing is journalled. */
export function evaluateFiles(ports: Ports, request: EvaluateRequest, context: JobContext): Promise<Evaluation> {
  const at = (path: string) => ports.files.absolute(path);
  return ports.compute.run(
    'evaluate',
    {
      truth: { path: at(request.truth) },
      result: { path: at(request.result) },
      roi: request.roi === null ? null : at(request.roi),
      toleranceMm: request.toleranceMm,
    },
    { onProgress: context.progress, signal: context.signal },
  );
}

/** 11.3: a segment against a truth file or another observer's segment; the figures are journalled where the case may be written. */
export async function evaluateSegment(
  ports: Ports,
  session: Session,
  request: EvaluateCaseRequest,
  context: JobContext,
): Promise<Evaluation & { case: CaseState }> {
  const state = session.state();
  const side = async (nameOrId: string | null) => {
    const segment = chooseSegment(state, nameOrId);
    return { segment, mask: await session.maskFile(segment), geometry: seriesOf(state, segment), name: segment.name };
  };
  const result = await side(request.segment);
  const other = 'segment' in request.truth ? await side(request.truth.segment) : null;
  if (other?.segment.id === result.segment.id)
    throw new Refusal('NOT_FOUND', 'A segment agrees with itself. Choose another segment or a file as the truth.');
  const asInput = ({ segment, mask, geometry, name }: typeof result) => {
    const { dimensions, spacingMm, originLps, directionLps } = geometry;
    return { mask, geometry: { dimensions, spacingMm, originLps, directionLps }, name, networkWording: segment.networkWording };
  };
  const figures = await ports.compute.run(
    'evaluate',
    {
      truth: other ? asInput(other) : { path: ports.files.absolute((request.truth as { file: string }).file) },
      result: asInput(result),
      roi: request.roi === null ? null : ports.files.absolute(request.roi),
      toleranceMm: request.toleranceMm,
    },
    { onProgress: context.progress, signal: context.signal },
  );
  if (!session.files.readOnly) {
    const inputs = [result, other].flatMap((one) => (one?.segment.mask.base ? [one.segment.mask.base] : []));
    const act = evaluateAct({
      segment: result.segment.id,
      segmentName: result.segment.name,
      from: markOf(result.segment.mask),
      truthSegment: other?.segment.id ?? null,
      figures,
      inputs,
    });
    await session.exclusive(() => session.append(act));
  }
  return { ...figures, case: session.state() };
}
