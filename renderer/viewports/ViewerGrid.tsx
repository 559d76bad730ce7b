import { type ReactNode, useEffect, useRef } from 'react';
import { type Plane, useViewer } from '../stores/viewer.ts';
import { planes } from './camera/plane-axes.ts';
import { attachKeys } from './input/keys.ts';
import { attachKeysHome } from './input/keys-home.ts';
import { endStrokeWhenRefused } from './input/painting.ts';
import { attachPointer } from './input/pointer.ts';
import { attachSliceBar } from './input/slice-bar.ts';
import { dropWhatIsLeft } from './input/tools/drop-left.ts';
import { attachTurning } from './input/turning.ts';
import { attachWheel } from './input/wheel.ts';
import { PlaneView } from './PlaneView.tsx';
import { Stage, setStage } from './stage.ts';
import { exposeTestHooks } from './test-hooks.ts';
import './viewports.css';

/**
 * Axial, coronal, sagittal and a place for 3D, two by two; one of them alone when it is maximised. Everything comes from the viewer's
 * store. React sees the layout only: slices, pointer and strokes never render a component.
 */
export function ViewerGrid({ threeD }: { threeD: ReactNode }) {
  const grid = useRef<HTMLDivElement>(null);
  const maximised = useViewer((state) => state.maximised);

  useEffect(() => {
    const root = (plane: Plane) => grid.current!.querySelector<HTMLElement>(`[data-plane="${plane}"]`)!;
    const stage = new Stage({ axial: root('axial'), coronal: root('coronal'), sagittal: root('sagittal') });
    setStage(stage);
    exposeTestHooks();
    const endStrokes = endStrokeWhenRefused(stage);
    const stopDropping = dropWhatIsLeft();
    const leaveKeys = attachKeysHome(stage);
    const detach = planes.flatMap((plane) => [
      attachTurning(stage, plane),
      attachPointer(stage, plane),
      attachWheel(stage, plane, () => {}),
      attachKeys(stage, plane),
      attachSliceBar(stage, plane),
    ]);
    return () => {
      endStrokes();
      stopDropping();
      leaveKeys();
      for (const remove of detach) remove();
      setStage(null);
      stage.destroy();
    };
  }, []);

  const toggle3d = () => {
    const { maximised: now, set } = useViewer.getState();
    set({ maximised: now === '3d' ? null : '3d' });
  };

  return (
    <div className="viewer-grid" data-maximised={maximised ?? undefined} ref={grid}>
      <PlaneView plane="axial" />
      <PlaneView plane="coronal" />
      <PlaneView plane="sagittal" />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is on the layout buttons of the tool bar */}
      <div className="vp vp-3d" data-plane="3d" data-testid="viewport-3d" onDoubleClick={toggle3d}>
        {threeD}
      </div>
    </div>
  );
}
