import { z } from 'zod';
import { caseState, type Segment, segment } from '../../contract/case.ts';
import type { AdjustSettings } from '../../contract/segmentation.ts';
import { lpsToIndex } from '../../kernels/volume/geometry.ts';
import { api, type SegmentWish } from '../api/client.ts';
import { methodNames } from '../segments/method-names.ts';
import { act, open } from './acts.ts';
import { adopt, useCase } from './case.ts';
import { runJob } from './jobs.ts';
import { regionOf } from './network-region.ts';
import { changeLayer } from './tools.ts';
import { useViewer } from './viewer.ts';

const made = z.object({ segment, case: caseState });

/** A network works on the region of the orbits: where the planes show another part of the head they go to its middle. */
function showRegion({ network }: Segment): void {
  const { volume, crosshairLps, set } = useViewer.getState();
  if (!network || !volume) return;
  const at = lpsToIndex(volume.geometry, ...crosshairLps);
  const { offsetIjk, dimensions } = network.box;
  const inside = at.every((v, a) => v >= offsetIjk[a]! && v < offsetIjk[a]! + dimensions[a]!);
  if (!inside) set({ crosshairLps: regionOf(volume.geometry, network.box).middleLps });
}

async function runOne(settings: SegmentWish, name: string | null, into: string | null, overwriteHand: boolean): Promise<string> {
  const series = useCase.getState().series;
  const result = made.parse(await runJob(api.segment(open().id, { series, name, settings, into, overwriteHand })));
  useViewer.getState().set({ preview: null, networkPreview: null });
  await adopt(result.case);
  useViewer.getState().set({ activeSegment: result.segment.id });
  showRegion(result.segment);
  return result.segment.id;
}

/** Makes a segment of the series on screen, or runs into one. Answers its id. */
export function makeSegment(
  settings: SegmentWish,
  name: string | null,
  { into = null, overwriteHand = false }: { into?: string | null; overwriteHand?: boolean } = {},
): Promise<string | null> {
  return act(methodNames[settings.method].name, () => runOne(settings, name, into, overwriteHand));
}

/** Why no segment can be made now; null: one can. */
export function newSegmentRefusal({ state, busy }: Pick<ReturnType<typeof useCase.getState>, 'state' | 'busy'>): string | null {
  if (!state) return 'No case is open. Open a folder first.';
  if (state.readOnly) return 'The case is read-only.';
  return busy ? `${busy} is running.` : null;
}

/** 9.1: an empty segment on the series on screen, to draw in. */
export const newSegment = (): Promise<string | null> => makeSegment({ method: 'manual' }, null);

/** The one button: our network on the series on screen, with nothing to set. */
export const segmentOrbit = (): Promise<string | null> => act('Segment orbit', () => runOne({ method: 'default' }, 'Orbit', null, false));

/** Runs methods one after another, each a segment of its own; those before the last are hidden, since the comparison shows them side by side. */
export async function runMethods(wanted: { settings: SegmentWish; name: string }[]): Promise<void> {
  for (const { settings, name } of wanted) {
    const id = await act(methodNames[settings.method].name, () => runOne(settings, name, null, false));
    if (id === null) return;
    for (const layer of useViewer.getState().layers)
      if (layer.segmentId !== id && layer.visible) changeLayer(layer.segmentId, { visible: false });
  }
}

/** Another probability, or another joining of two networks, for a network's segment. Nothing is run again. */
export function adjust(id: string, settings: AdjustSettings): Promise<true | null> {
  return act<true>('Adjust', async () => {
    const result = made.parse(await runJob(api.adjust(open().id, id, settings)));
    await adopt(result.case);
    useViewer.getState().set({ networkPreview: null });
    return true;
  });
}
