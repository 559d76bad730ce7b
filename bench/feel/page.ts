/// <reference lib="dom" />

/** What the bench notes in the page. Times in ms of performance.now. */
export interface FeelNotes {
  /** Main thread taken by handlers, frames and React since the last pointer event or key; one entry an event. */
  shares: { kind: string; ms: number; handler: number; frame: number; react: number }[];
  /** From a pointer event to the end of the frame that answers it, with the pixels read back. */
  pixels: { ms: number; painted: boolean }[];
  longTasks: number[];
  /** From asking for a stroke to its answer, which comes when it is on disk: as the network saw it, whatever the page was doing. */
  strokes: number[];
  /** Requests of undo, as the network saw them: sent, answer begun, answer whole. */
  undos: { sent: number; began: number; answered: number }[];
  /** Undo by key: asked for, the mask that the planes draw changed, the frame after that done. Null: not so far. */
  undone: { asked: number; shown: number | null; drawn: number | null }[];
}

/**
 * Runs in the page before anything of it: times every handler of a pointer or a key, every frame callback and every turn of React's
 * scheduler. Nothing of the product takes part in the timing. Self-contained, since it is sent as text.
 */
export function instrument(): void {
  const notes: FeelNotes = { shares: [], pixels: [], longTasks: [], strokes: [], undos: [], undone: [] };
  const page = window as unknown as { feelReads: boolean };
  page.feelReads = false;
  (window as unknown as { feel: FeelNotes }).feel = notes;
  let now = { kind: '', ms: 0, handler: 0, frame: 0, react: 0 };
  let depth = 0;
  const timed = <A extends unknown[], R>(into: 'handler' | 'frame' | 'react', call: (...args: A) => R, self: unknown, args: A): R => {
    if (depth > 0) return call.apply(self, args);
    depth++;
    const started = performance.now();
    try {
      return call.apply(self, args);
    } finally {
      depth--;
      const took = performance.now() - started;
      now[into] += took;
      now.ms += took;
    }
  };
  const begin = (kind: string) => {
    if (now.kind !== '') notes.shares.push(now);
    now = { kind, ms: 0, handler: 0, frame: 0, react: 0 };
  };
  (window as unknown as { feelFlush: () => void }).feelFlush = () => begin('');

  const kinds = new Set(['pointerdown', 'pointermove', 'pointerup', 'keydown', 'keyup']);
  const wrapped = new WeakMap<object, EventListener>();
  const add = EventTarget.prototype.addEventListener;
  const remove = EventTarget.prototype.removeEventListener;
  EventTarget.prototype.addEventListener = function (type: string, listener: EventListenerOrEventListenerObject | null, options?: unknown) {
    if (typeof listener !== 'function' || !kinds.has(type)) return add.call(this, type, listener, options as AddEventListenerOptions);
    const call = wrapped.get(listener) ?? ((event: Event) => timed('handler', listener, this, [event]));
    wrapped.set(listener, call);
    return add.call(this, type, call, options as AddEventListenerOptions);
  };
  EventTarget.prototype.removeEventListener = function (
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: unknown,
  ) {
    const call = typeof listener === 'function' && kinds.has(type) ? (wrapped.get(listener) ?? listener) : listener;
    return remove.call(this, type, call, options as EventListenerOptions);
  };
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) => frame((time) => timed('frame', call, window, [time]));
  const port = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  if (port?.set)
    Object.defineProperty(MessagePort.prototype, 'onmessage', {
      ...port,
      set(call) {
        port.set?.call(this, call && ((event: MessageEvent) => timed('react', call, this, [event])));
      },
    });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) notes.longTasks.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });

  performance.setResourceTimingBufferSize(5000);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      if (/\/strokes$/.test(entry.name)) notes.strokes.push(entry.responseStart - entry.requestStart);
      if (/\/undo$/.test(entry.name))
        notes.undos.push({ sent: entry.requestStart, began: entry.responseStart, answered: entry.responseEnd });
    }
  }).observe({ entryTypes: ['resource'] });

  const scratch = document.createElement('canvas');
  scratch.width = 2;
  scratch.height = 1;
  const context = scratch.getContext('2d', { willReadFrequently: true });
  /** Both canvases of a view brought to memory at one place: waits for whatever the graphics still owe. */
  const readBack = (view: Element, x: number, y: number): boolean => {
    const picture = view.querySelector<HTMLCanvasElement>('[data-part="image"] canvas');
    const mask = view.querySelector<HTMLCanvasElement>('canvas[data-part="mask"]');
    if (!picture || !mask || !context) return false;
    const scale = devicePixelRatio;
    context.clearRect(0, 0, 2, 1);
    context.drawImage(picture, x * scale, y * scale, 1, 1, 0, 0, 1, 1);
    if (mask.width > 0) context.drawImage(mask, x * scale, y * scale, 1, 1, 1, 0, 1, 1);
    return (context.getImageData(0, 0, 2, 1).data[7] ?? 0) > 0;
  };
  for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'keydown'])
    add.call(
      window,
      kind,
      (event) => {
        begin(kind);
        const view = (event.target as Element | null)?.closest?.('.vp[data-plane="axial"]');
        if (kind !== 'pointermove' || !view || !page.feelReads) return;
        const started = performance.now();
        const box = view.getBoundingClientRect();
        const { clientX, clientY } = event as PointerEvent;
        frame(() => {
          const after = new MessageChannel();
          add.call(after.port1, 'message', () => {
            const painted = readBack(view, clientX - box.left, clientY - box.top);
            notes.pixels.push({ ms: performance.now() - started, painted });
          });
          after.port1.start();
          after.port2.postMessage(null);
        });
      },
      true,
    );
}
