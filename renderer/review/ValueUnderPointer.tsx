import { type RefObject, useEffect, useState } from 'react';
import { fixed } from '../design/numbers.ts';
import { testids } from '../testids.ts';
import { type MeshColours, valueAt } from './colour-scale.ts';
import type { PreparedMesh } from './prepare.ts';
import type { ReviewScene } from './scene.ts';

/** The pointer rests: a ray through millions of triangles takes longer than a frame. */
const restMs = 60;

function words({ kind, limitMm }: MeshColours, mm: number): string {
  if (Number.isNaN(mm)) return 'no value here';
  if (kind === 'deviation') return `${mm > 0 ? '+' : ''}${fixed(mm, 2)} mm ${mm >= 0 ? 'outside' : 'inside'}`;
  return `${fixed(mm, 2)} mm${limitMm !== null && mm < limitMm ? `, under the printer's ${limitMm}` : ''}`;
}

/** The value on the model where the pointer rests; nothing while a button is held, so that turning is not slowed. */
export function ValueUnderPointer({
  root,
  scene,
  colours,
  prepared,
}: {
  root: RefObject<HTMLElement | null>;
  scene: RefObject<ReviewScene | null>;
  colours: MeshColours;
  prepared: PreparedMesh;
}) {
  const [shown, setShown] = useState<{ x: number; y: number; mm: number } | null>(null);
  useEffect(() => {
    const frame = root.current;
    const canvas = frame?.querySelector('canvas');
    if (!frame || !canvas) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setShown(null);
    };
    const onMove = (event: PointerEvent) => {
      hide();
      if (event.buttons !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
      const box = frame.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      timer = setTimeout(() => {
        const hit = scene.current?.pick(x, y);
        if (!hit) return;
        const { mesh, shaded } = prepared;
        setShown({ x, y, mm: valueAt(shaded.positions, mesh.triangles, colours.values, hit.triangle, hit.pointLps) });
      }, restMs);
    };
    canvas.addEventListener('pointermove', onMove);
    canvas.addEventListener('pointerdown', hide);
    canvas.addEventListener('pointerleave', hide);
    canvas.addEventListener('wheel', hide, { passive: true });
    // The model moves under the pointer.
    frame.addEventListener('keydown', hide, true);
    globalThis.addEventListener('resize', hide);
    return () => {
      clearTimeout(timer);
      canvas.removeEventListener('pointermove', onMove);
      canvas.removeEventListener('pointerdown', hide);
      canvas.removeEventListener('pointerleave', hide);
      canvas.removeEventListener('wheel', hide);
      frame.removeEventListener('keydown', hide, true);
      globalThis.removeEventListener('resize', hide);
    };
  }, [root, scene, colours, prepared]);
  if (!shown) return null;
  const right = shown.x > (root.current?.clientWidth ?? 0) - 200;
  return (
    <span
      className="value-pop"
      role="status"
      data-testid={testids.colourValue}
      data-mm={shown.mm}
      style={{ left: shown.x + (right ? -14 : 14), top: shown.y - 34, transform: right ? 'translateX(-100%)' : undefined }}
    >
      {words(colours, shown.mm)}
    </span>
  );
}
