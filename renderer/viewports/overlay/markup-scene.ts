import { segmentColour } from '../../design/segment-colours.ts';
import { useCase } from '../../stores/case.ts';
import { keptMeasures, measuresOf, measureWords } from '../../stores/markup-measures.ts';
import { type DrawnMarkup, useMarkups } from '../../stores/markups.ts';
import { type LoadedVolume, type Point, useViewer } from '../../stores/viewer.ts';

/** One markup as it is to be drawn now. */
export interface MarkupItem extends DrawnMarkup {
  /** Null: the case does not have it yet. */
  id: string | null;
  name: string;
  selected: boolean;
  /** CSS colour of the segment that it speaks of; null: none. */
  colour: string | null;
  /** What it measures, a line each; asked only where it is shown. */
  words: () => string[];
}

/** The markups of the volume on screen: of the case, as the hand holds them, and what is being drawn. Empty while they are hidden. */
export function markupScene(volume: LoadedVolume): MarkupItem[] {
  const { shown, selected, moved, pending, drawn } = useMarkups.getState();
  if (!shown) return [];
  const { state } = useCase.getState();
  const items: MarkupItem[] = [];
  for (const markup of state?.markups ?? []) {
    if (markup.series !== volume.seriesInstanceUid) continue;
    const held = moved?.id === markup.id ? { ...markup, pointsLps: moved.pointsLps } : markup;
    const segment = markup.segment === null ? undefined : state?.segments.find((one) => one.id === markup.segment);
    items.push({
      ...held,
      selected: markup.id === selected,
      colour: segment ? segmentColour(segment.colour) : null,
      words: () => measureWords(held === markup ? keptMeasures(markup, volume) : measuresOf(held, volume)),
    });
  }
  for (const one of drawn ? [...pending, drawn] : pending)
    items.push({ ...one, id: null, name: '', selected: one === drawn, colour: null, words: () => measureWords(measuresOf(one, volume)) });
  return items;
}

/** Calls back whenever what `markupScene` answers may have changed. Returns the function that stops it. */
export function watchMarkups(changed: () => void): () => void {
  const stops = [
    useMarkups.subscribe((now, before) => now !== before && changed()),
    useCase.subscribe((now, before) => now.state?.markups !== before.state?.markups && changed()),
    // Ids count anew in every case.
    useViewer.subscribe((now, before) => {
      if (now.volume === before.volume) return;
      const { selected, drawn, moved, set } = useMarkups.getState();
      if (selected !== null || drawn || moved) set({ selected: null, drawn: null, moved: null });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Points that can be taken hold of; outlines with more of them move as a whole. */
export const handlesOf = ({ kind, pointsLps }: Pick<DrawnMarkup, 'kind' | 'pointsLps'>): readonly Point[] =>
  kind === 'freehand' || pointsLps.length > 64 ? [] : pointsLps;
