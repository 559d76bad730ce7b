import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { type LoadedVolume, useViewer } from '../../stores/viewer.ts';
import { goTo, resetViews, ViewerGrid } from '../index.ts';
import '../../design/tokens.css';

/** Opens `volume.json` (a geometry) and `volume.raw` (int16) of the folder HARNESS_VOLUME, with a mask of HU >= 226. */
async function open(): Promise<void> {
  const described = await fetch('/volume.json');
  if (!described.ok) return;
  const geometry = (await described.json()) as LoadedVolume['geometry'];
  const values = new Int16Array(await (await fetch('/volume.raw')).arrayBuffer());
  const mask = Uint8Array.from(values, (hu) => (hu >= 226 ? 1 : 0));
  useViewer.getState().set({
    volume: { seriesInstanceUid: 'harness', geometry, values, units: 'HU' },
    layers: [{ segmentId: 'bone', name: 'Bone', colour: 'var(--seg-1)', values: mask, visible: true, opacity: 0.3 }],
    activeSegment: 'bone',
  });
}

Object.assign(window, { harness: { goTo, resetViews } });
document.body.style.cssText = 'margin:0;height:100vh;display:flex;background:var(--bg-1)';
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ViewerGrid threeD={<div style={{ padding: 10 }}>3D</div>} />
  </StrictMode>,
);
document.getElementById('root')!.style.cssText = 'flex:1;display:flex;min-width:0';
void open();
