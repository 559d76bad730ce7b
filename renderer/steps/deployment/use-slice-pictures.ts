import { useEffect, useMemo, useRef, useState } from 'react';
import { regionOf } from '../../stores/network-region.ts';
import { type MaskLayer, type Plane, type Point, useViewer } from '../../stores/viewer.ts';
import { colourOf, difference, greys, outline, type SliceView, sliceGrid, sliceThrough } from '../../viewports/index.ts';

export type Field = 'region' | 'crosshair' | 'whole';
const crosshairMm = 60;

/** Device pixels of one picture, following its place. */
export function usePictureSize(): [React.RefObject<HTMLDivElement | null>, { width: number; height: number }] {
  const place = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 200, height: 132 });
  useEffect(() => {
    const measure = () => {
      const canvas = place.current?.querySelector('canvas');
      const ratio = window.devicePixelRatio || 1;
      if (!canvas?.clientWidth) return;
      const now = { width: Math.round(canvas.clientWidth * ratio), height: Math.round(canvas.clientHeight * ratio) };
      setSize((old) => (old.width === now.width && old.height === now.height ? old : now));
    };
    const observer = new ResizeObserver(measure);
    if (place.current) observer.observe(place.current);
    measure();
    return () => observer.disconnect();
  });
  return [place, size];
}

const acrossOf: Record<Plane, [number, number]> = { axial: [0, 1], coronal: [0, 2], sagittal: [1, 2] };

/** A field that holds a box of LPS mm in a picture of these proportions, on the slice through a point. */
function fieldRound(bounds: readonly number[], plane: Plane, onSlice: Point, size: { width: number; height: number }): SliceView {
  const across = acrossOf[plane];
  const spans = across.map((a) => bounds[a + 3]! - bounds[a]!) as [number, number];
  const centreLps = [...onSlice] as Point;
  for (const a of across) centreLps[a] = (bounds[a]! + bounds[a + 3]!) / 2;
  return { plane, centreLps, widthMm: Math.max(spans[0], (spans[1] * size.width) / size.height), ...size };
}

/** The slice of the crosshair: its number, and the field of the small pictures on it. */
export function useSliceView(plane: Plane, field: Field, size: { width: number; height: number }) {
  const volume = useViewer((s) => s.volume);
  const crosshair = useViewer((s) => s.crosshairLps);
  const box = useViewer(
    // The active segment's region; a threshold has none, and is compared in that of the network beside it.
    (s) =>
      (s.layers.find((l) => l.segmentId === s.activeSegment && l.networkBox) ?? s.layers.find((l) => l.networkBox))?.networkBox ?? null,
  );
  return useMemo(() => {
    if (!volume) return null;
    const slice = sliceThrough(volume, plane, crosshair);
    const { dimensions } = volume.geometry;
    const whole = regionOf(volume.geometry, { offsetIjk: [0, 0, 0], dimensions }).boundsLps;
    const bounds =
      field === 'region' && box
        ? regionOf(volume.geometry, box).boundsLps
        : field === 'whole'
          ? whole
          : [...crosshair.map((v) => v - crosshairMm / 2), ...crosshair.map((v) => v + crosshairMm / 2)];
    return { slice, view: fieldRound(bounds, plane, slice.pointLps, size) };
  }, [volume, plane, crosshair, field, box, size]);
}

/** The CT of the field with each layer's outline on it, and where two of them differ. Made anew only when something of it changed. */
export function useSlicePictures(view: SliceView | null, pair: [MaskLayer | undefined, MaskLayer | undefined], colours: [string, string]) {
  const volume = useViewer((s) => s.volume);
  const layers = useViewer((s) => s.layers);
  const shownWindow = useViewer((s) => s.window);
  const revision = useViewer((s) => s.revision);
  const base = useMemo(
    () => (volume && view ? { grid: sliceGrid(volume, view), grey: greys(volume, view, shownWindow) } : null),
    [volume, view, shownWindow],
  );
  // Voxels change in place: the revision says so.
  const outlined = useMemo(() => {
    if (!base || revision < 0) return null;
    const classes = new Uint8Array(base.grey.length);
    const line = 1.5 * (window.devicePixelRatio || 1);
    return new Map(
      layers.map((layer) => {
        const picture = base.grey.slice();
        outline(base.grid, layer.values, colourOf(layer.colour), line, classes, picture);
        return [layer.segmentId, picture] as const;
      }),
    );
  }, [base, layers, revision]);
  const [one, other] = pair.map((l) => l?.values);
  const [oneColour, otherColour] = colours;
  const differing = useMemo(() => {
    if (!base || !one || !other || revision < 0) return null;
    const picture = base.grey.slice();
    difference(base.grid, one, other, [colourOf(oneColour), colourOf(otherColour)], picture);
    return picture;
  }, [base, one, other, oneColour, otherColour, revision]);
  return { outlined, differing };
}
