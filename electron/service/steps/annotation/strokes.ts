import type { CaseState } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { StrokeRequest } from '../../../../contract/segmentation.ts';
import { redoAct, strokeAct, undoAct } from '../../cases/acts.ts';
import { nextRedo, nextUndo } from '../../cases/state.ts';
import { chooseSegment, seriesOf } from '../../choose.ts';
import { voxelVolumeOf } from '../../geometry.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { BadRequest } from '../../problems.ts';

/** 9.1: journals one brush stroke as the voxels it changed; it is on disk when this resolves. */
export function addStroke(ports: Ports, session: Session, request: StrokeRequest): Promise<CaseState> {
  return session.exclusive(async () => {
    const state = session.state();
    const segment = chooseSegment(state, request.segment);
    const series = seriesOf(state, segment);
    const [nx, ny, nz] = series.dimensions;
    let voxels: number;
    try {
      voxels = ports.countDelta(request.delta, nx * ny * nz);
    } catch (error) {
      if (error instanceof RangeError) throw new BadRequest(`The stroke does not fit the volume: ${error.message}`);
      throw error;
    }
    if (!voxels) throw new BadRequest('The stroke changes nothing.');
    // What the journal says of masking must be about segments that there are.
    for (const id of [...(request.inside === null ? [] : [request.inside]), ...request.notOver])
      if (!state.segments.some((one) => one.id === id))
        throw new BadRequest(`The stroke names segment ${id}, which this case does not have.`);
    await session.append(
      strokeAct({ ...request, segment: segment.id, segmentName: segment.name, voxels, voxelVolumeMm3: voxelVolumeOf(series) }),
    );
    return session.state();
  });
}

/** Takes the last act back, by name; itself an entry. */
export function undo(session: Session): Promise<CaseState> {
  return session.exclusive(async () => {
    const entry = nextUndo(session.entries());
    if (!entry) throw new Refusal('NOT_FOUND', 'There is nothing to undo.');
    await session.append(undoAct(entry));
    return session.state();
  });
}

export function redo(session: Session): Promise<CaseState> {
  return session.exclusive(async () => {
    const entry = nextRedo(session.entries());
    if (!entry) throw new Refusal('NOT_FOUND', 'There is nothing to redo.');
    await session.append(redoAct(entry));
    return session.state();
  });
}
