import { type LoadedVolume, useViewer } from '../stores/viewer.ts';
import { dot, planeAxes, planes } from './camera/plane-axes.ts';
import { centreLps, cornersLps, extentMm } from './camera/slices.ts';

/** A crosshair left over from another series, or never set, would put all planes on an end: it starts in the middle. */
export function putCrosshairInside({ geometry }: LoadedVolume): void {
  const { crosshairLps, set } = useViewer.getState();
  const corners = cornersLps(geometry, 0.5);
  const inside = planes.every((plane) => {
    const [low, high] = extentMm(corners, planeAxes[plane].normalLps);
    const mm = dot(crosshairLps, planeAxes[plane].normalLps);
    return mm >= low && mm <= high;
  });
  const untouched = crosshairLps.every((v) => v === 0);
  if (!inside || untouched) set({ crosshairLps: centreLps(geometry) });
}
