import { create } from 'zustand';
import type { Segment } from '../../contract/case.ts';
import { isNetwork } from '../../contract/segmentation.ts';
import { voxelCount } from '../../kernels/volume/geometry.ts';
import { api } from '../api/client.ts';
import { useCase } from './case.ts';
import { countRun, type RunCounts } from './network-counts.ts';
import { tellProblem } from './notices.ts';
import { type Heat, type ProbabilityField, useViewer } from './viewer.ts';

/** What a person moves after a run and has not applied yet. */
export interface Draft {
  probability: number;
  corticalWeight: number;
  overlapHu: [number, number];
}
export type MapChoice = 'result' | 'uncertainty' | 'probability';

interface NetworkView {
  /** The segment that everything below belongs to; null: none that a network made is looked at. */
  segment: Segment | null;
  /** Probabilities over the box, in the page: one a model, for Method C cortical before thin. */
  parts: Uint8Array[] | null;
  spread: Uint8Array | null;
  draft: Draft;
  counts: RunCounts | null;
  map: MapChoice;
}

const noDraft: Draft = { probability: 0.5, corticalWeight: 0.5, overlapHu: [200, 300] };
export const useNetworkView = create<NetworkView>()(() => ({
  segment: null,
  parts: null,
  spread: null,
  draft: noDraft,
  counts: null,
  map: 'result',
}));

/** The settings that a segment's mask was read with. */
export function draftOf(segment: Segment): Draft {
  const settings = segment.network?.settings;
  if (!settings || !isNetwork(settings)) return noDraft;
  const { probability } = settings;
  return settings.method === 'multi-unet'
    ? { probability, corticalWeight: settings.corticalWeight, overlapHu: settings.overlapHu }
    : { ...noDraft, probability };
}

export const isMoved = (a: Draft, b: Draft): boolean => JSON.stringify(a) !== JSON.stringify(b);

function fieldOf(segment: Segment, parts: Uint8Array[], draft: Draft): ProbabilityField | null {
  if (!segment.network) return null;
  const { corticalWeight, overlapHu } = draft;
  const { box, settings } = segment.network;
  const airHu = settings.method === 'default' ? settings.airHu : null;
  return { box, parts, integration: parts.length === 2 ? { corticalWeight, overlapHu } : null, airHu };
}

let load = new AbortController();
let loaded = '';

/** Fetches what the run of a segment has left; what is in the page already is kept. */
async function fetchRun(caseId: string, segment: Segment): Promise<void> {
  const { network } = segment;
  if (!network) return;
  const key = [...network.probabilities.map((p) => p.sha256), network.spread].join();
  if (key === loaded) return;
  load.abort();
  load = new AbortController();
  const { signal } = load;
  loaded = key;
  useNetworkView.setState({ parts: null, spread: null, counts: null });
  const length = voxelCount(network.box.dimensions);
  const ordered = [...network.probabilities].sort((a, b) => Number(b.model.endsWith('cortical')) - Number(a.model.endsWith('cortical')));
  try {
    const parts: Uint8Array[] = [];
    for (const { model } of ordered) parts.push(await api.probability(caseId, segment.id, model, length, signal));
    const spread = network.spread === null ? null : await api.spread(caseId, segment.id, length, signal);
    if (loaded === key) useNetworkView.setState({ parts, spread });
  } catch (cause) {
    if (signal.aborted) return;
    loaded = '';
    tellProblem('Reading the probabilities', cause);
  }
}

let counting = 0;
let countTimer: ReturnType<typeof setTimeout> | undefined;
function recount(): void {
  clearTimeout(countTimer);
  const mine = ++counting;
  countTimer = setTimeout(() => {
    const { segment, parts, draft } = useNetworkView.getState();
    const { volume, layers } = useViewer.getState();
    const mask = layers.find((l) => l.segmentId === segment?.id)?.values;
    const field = segment && parts && fieldOf(segment, parts, draft);
    if (!volume || !mask || !field || segment.series !== volume.seriesInstanceUid) return;
    void countRun(volume, field, mask, () => counting === mine).then((counts) => {
      if (counts && counting === mine) useNetworkView.setState({ counts });
    });
  }, 120);
}

/** What the planes draw of it: the moved probability while it differs from the applied one, and the map that was chosen. */
function draw(): void {
  const { segment, parts, spread, draft, map } = useNetworkView.getState();
  const field = segment && parts && fieldOf(segment, parts, draft);
  const { probability } = draft;
  const networkPreview = field && isMoved(draft, draftOf(segment)) ? { segmentId: segment.id, field, probability } : null;
  const kind: Heat['kind'] | null = map === 'result' ? null : map === 'probability' ? 'probability' : spread ? 'spread' : 'near';
  const heat: Heat | null = field && kind ? { kind, field, spread: kind === 'spread' ? spread : null, probability } : null;
  useViewer.getState().set({ networkPreview, heat });
}

/** Looks at a network's segment (null: at none): its bytes come, what was moved is dropped when its mask is another. */
export function lookAt(segment: Segment | null): void {
  const before = useNetworkView.getState().segment;
  const caseId = useCase.getState().state?.id;
  if (!segment || !caseId) {
    load.abort();
    loaded = '';
    counting++;
    useNetworkView.setState({ segment: null, parts: null, spread: null, counts: null });
  } else {
    const applied = draftOf(segment);
    const other = before?.id !== segment.id || isMoved(draftOf(before), applied);
    useNetworkView.setState({ segment, ...(other ? { draft: applied } : {}) });
    void fetchRun(caseId, segment).then(() => {
      draw();
      recount();
    });
  }
  draw();
}

export function moveDraft(change: Partial<Draft>): void {
  const { draft } = useNetworkView.getState();
  useNetworkView.setState({ draft: { ...draft, ...change } });
  draw();
  if (change.corticalWeight !== undefined || change.overlapHu !== undefined) recount();
}

export function resetDraft(): void {
  const { segment } = useNetworkView.getState();
  if (segment) moveDraft(draftOf(segment));
}

export function chooseMap(map: MapChoice): void {
  useNetworkView.setState({ map });
  draw();
}

/** Counts again when voxels of the mask changed. Call while a run is looked at; returns the function that stops it. */
export function watchMask(): () => void {
  return useViewer.subscribe((now, before) => {
    if (now.revision !== before.revision) recount();
  });
}
