import { type RefObject, useEffect, useRef, useState } from 'react';
import { LoopDrawing } from '../drawing/loop-drawing.ts';
import type { Place } from '../drawing/loop-shape.ts';
import { useDrawn } from '../stores/drawn-acts.ts';
import { useNotices } from '../stores/notices.ts';
import type { LoopShape } from '../stores/tool-options.ts';
import { typedElsewhere } from '../typed-elsewhere.ts';
import type { ReviewScene } from './scene.ts';
import type { SeenLoop } from './sight.ts';

/** Who takes lines drawn on the 3D picture. */
export interface LoopWish {
  shape: LoopShape;
  /** Whether a line that is begun like this takes away: it is then drawn dashed. */
  erases: (ctrl: boolean) => boolean;
  /** Why nothing can be drawn now; null: it can. */
  refusal: () => string | null;
  /** Resolves once the line's work is done or looked at: it stays on the picture until then. */
  onLoop: (loop: SeenLoop, ctrl: boolean) => Promise<void>;
}

interface Shown {
  line: Place[];
  corners: Place[];
  closed: boolean;
  erases: boolean;
}

interface LoopLayerProps {
  stage: RefObject<HTMLDivElement | null>;
  scene: RefObject<ReviewScene | null>;
  /** Called with every frame of the scene. */
  drawn: RefObject<() => void>;
  wish: LoopWish;
}

/**
 * Lines over the 3D picture: the left button draws, everything else still moves the view, and so does the left button with Alt or Shift. A
 * line belongs to the view that it was drawn on: where the view turns, it goes.
 */
export function LoopLayer({ stage, scene, drawn, wish }: LoopLayerProps) {
  const asked = useRef(wish);
  asked.current = wish;
  const cancel = useRef(() => {});
  const [shown, setShown] = useState<Shown | null>(null);
  const [waiting, setWaiting] = useState(false);
  const looked = useDrawn((s) => s.looked);

  useEffect(() => {
    if (!waiting && !looked) cancel.current();
  }, [waiting, looked]);

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    let now: { drawing: LoopDrawing; ctrl: boolean; drags: boolean } | null = null;
    let sight: string | null = null;

    const sightNow = () => JSON.stringify(scene.current?.see([[0, 0]]));
    const place = (event: MouseEvent): Place => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const show = () => {
      if (!now) return;
      const { line, corners, closed } = now.drawing;
      setShown({ line: [...line], corners: [...corners], closed, erases: asked.current.erases(now.ctrl) });
    };
    const drop = () => {
      now = null;
      sight = null;
      setShown(null);
    };
    cancel.current = () => {
      if (!now) drop();
    };
    const close = () => {
      if (!now) return;
      const line = now.drawing.finished();
      const seen = line && scene.current?.see(line);
      const { ctrl } = now;
      if (!line || !seen) {
        drop();
        return;
      }
      now = null;
      setShown({ line, corners: [], closed: true, erases: asked.current.erases(ctrl) });
      setWaiting(true);
      void asked.current.onLoop(seen, ctrl).finally(() => setWaiting(false));
    };
    const own = (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
    };

    const onDown = (event: PointerEvent) => {
      if (event.button === 2 && now?.drawing.shape === 'polygon') {
        own(event);
        if (now.drawing.takeBack()) show();
        else drop();
        return;
      }
      if (event.button !== 0 || event.altKey || event.shiftKey) return;
      own(event);
      element.focus({ preventScroll: true });
      const refusal = asked.current.refusal();
      if (refusal !== null && !now) {
        useNotices.getState().tell({ kind: 'notice', title: 'Scissors: not now', text: refusal });
        return;
      }
      if (now?.drawing.shape === 'polygon') {
        if (now.drawing.click(place(event))) close();
        else show();
        return;
      }
      const { shape } = asked.current;
      now = { drawing: new LoopDrawing(shape, place(event)), ctrl: event.ctrlKey, drags: shape !== 'polygon' };
      sight = sightNow();
      if (now.drags) element.setPointerCapture(event.pointerId);
      show();
    };
    const onMove = (event: PointerEvent) => {
      if (!now || (now.drags && event.buttons === 0)) return;
      if (now.drags) event.stopPropagation();
      for (const one of event.getCoalescedEvents()) now.drawing.move(place(one));
      now.drawing.move(place(event));
      show();
    };
    const onUp = (event: PointerEvent) => {
      if (!now?.drags) return;
      own(event);
      close();
    };
    const onDouble = (event: MouseEvent) => {
      if (now?.drawing.shape === 'polygon') close();
      // Quick clicks of a tool are no wish for another view.
      own(event);
    };
    const onKey = (event: KeyboardEvent) => {
      if (!now || typedElsewhere(event)) return;
      if (event.key === 'Escape') drop();
      else if (event.key === 'Enter' && now.drawing.shape === 'polygon') close();
      else return;
      own(event);
    };
    drawn.current = () => {
      if (sight !== null && sight !== sightNow()) drop();
    };

    element.addEventListener('pointerdown', onDown, true);
    element.addEventListener('pointermove', onMove, true);
    element.addEventListener('pointerup', onUp, true);
    element.addEventListener('pointercancel', drop, true);
    element.addEventListener('dblclick', onDouble, true);
    window.addEventListener('keydown', onKey, true);
    return () => {
      drawn.current = () => {};
      cancel.current = () => {};
      element.removeEventListener('pointerdown', onDown, true);
      element.removeEventListener('pointermove', onMove, true);
      element.removeEventListener('pointerup', onUp, true);
      element.removeEventListener('pointercancel', drop, true);
      element.removeEventListener('dblclick', onDouble, true);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [stage, scene, drawn]);

  if (!shown || shown.line.length === 0) return null;
  const { line, corners, closed, erases } = shown;
  const points = line.map(([x, y]) => `${x},${y}`).join(' ');
  const [first, last] = [line[0] as Place, line.at(-1) as Place];
  const Line = closed ? 'polygon' : 'polyline';
  return (
    <svg className="review-loop" aria-hidden="true" data-testid="review-loop">
      <Line className="under" points={points} />
      <Line className={erases ? 'line erases' : 'line'} points={points} />
      {!closed && line.length > 2 && <line className="back" x1={last[0]} y1={last[1]} x2={first[0]} y2={first[1]} />}
      {corners.map(([x, y]) => (
        <rect key={`${x} ${y}`} x={x - 2} y={y - 2} width={4} height={4} />
      ))}
    </svg>
  );
}
