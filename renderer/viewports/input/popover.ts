import { type Plane, type Point, useViewer } from '../../stores/viewer.ts';
import type { Stage } from '../stage.ts';
import { nearestValue } from '../voxel-at.ts';
import { gateShare } from './gate-share.ts';
import { maskingNow } from './painting.ts';

const gapPx = 16;

export function hounsfield(value: number, units: string): string {
  return `${Math.round(value)}`.replace('-', '−') + (units ? ` ${units}` : '');
}

/** Text that stays is left alone: to write it again would have the browser lay it out again. */
function say(part: HTMLElement, text: string): void {
  if (part.textContent !== text) part.textContent = text;
}

/** Shows under the brush what lies there and what the gate would keep: '−523 HU · 2.4 mm sphere · gate blocks 41 %'. */
export function showBrushPopover(stage: Stage, plane: Plane, x: number, y: number, point: Point): void {
  const { volume } = stage;
  if (!volume) return;
  const pane = stage.panes[plane];
  const { brush } = useViewer.getState();
  const value = nearestValue(volume, point);
  const masks = stage.stroke ?? maskingNow() ?? { inside: null, notOver: [] };
  const blocked = stage.stroke ? stage.stroke.blockedShare : gateShare(volume, brush, point, pane.axes.normalLps, masks);
  say(pane.part('pop-value'), value === null ? 'outside' : hounsfield(value, volume.units));
  const masked = masks.inside !== null || masks.notOver.length > 0;
  const by = brush.gateHu ? (masked ? 'gate and masking block' : 'gate blocks') : masked ? 'masking blocks' : null;
  const share = by !== null && blocked !== null && blocked > 0 ? ` · ${by} ${Math.round(blocked * 100)} %` : '';
  const edge = brush.edgeHu === null ? '' : ` · edge ±${hounsfield(brush.edgeHu, volume.units)}`;
  say(pane.part('pop-brush'), ` · ${brush.diameterMm} mm ${brush.shape}${edge}`);
  say(pane.part('pop-gate'), share);
  pane.part('pop').dataset.kind = 'brush';
  place(stage, plane, x, y, brush.diameterMm / 2 / pane.camera.mmPerPx);
}

/** Says near the pointer why nothing happens. */
export function showReason(stage: Stage, plane: Plane, x: number, y: number, reason: string): void {
  const pane = stage.panes[plane];
  pane.part('pop-value').textContent = '';
  pane.part('pop-brush').textContent = reason;
  pane.part('pop-gate').textContent = '';
  pane.part('pop').dataset.kind = 'reason';
  place(stage, plane, x, y, 8);
}

export function hidePopover(stage: Stage, plane: Plane): void {
  stage.panes[plane].part('pop').hidden = true;
}

const sizes = new WeakMap<HTMLElement, { letters: number; width: number; height: number }>();

/** The popover's size; asked of the browser only when its text got another length, since asking costs a layout. */
function sizeOf(pop: HTMLElement): { width: number; height: number } {
  const letters = pop.textContent.length;
  const held = sizes.get(pop);
  if (held?.letters === letters) return held;
  const size = { letters, width: pop.offsetWidth, height: pop.offsetHeight };
  sizes.set(pop, size);
  return size;
}

/** Under the ring, above it where there is no room, never over the brush and never cut off. */
function place(stage: Stage, plane: Plane, x: number, y: number, radiusPx: number): void {
  const pane = stage.panes[plane];
  const pop = pane.part('pop');
  if (pop.hidden) pop.hidden = false;
  const { width, height } = sizeOf(pop);
  const { widthPx, heightPx } = pane.camera;
  const below = y + radiusPx + gapPx;
  const top = below + height + 8 <= heightPx ? below : Math.max(8, y - radiusPx - gapPx - height);
  const left = Math.min(widthPx - width - 24, Math.max(8, x - width / 2));
  pop.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
