import { Box } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { SeriesSummary } from '../../../contract/volume.ts';

/** The scan's grey thumbnail, drawn as it is; where there is none, a plain box. */
export function Thumbnail({ of, label }: { of: SeriesSummary['thumbnail'] | undefined; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !of) return;
    const grey = Uint8Array.from(atob(of.grey), (c) => c.charCodeAt(0));
    const picture = context.createImageData(of.width, of.height);
    for (let n = 0; n < of.width * of.height; n++) {
      const v = grey[n] ?? 0;
      picture.data.set([v, v, v, 255], n * 4);
    }
    context.putImageData(picture, 0, 0);
  }, [of]);
  if (!of)
    return (
      <span className="thumb">
        <Box size={16} strokeWidth={1.5} aria-hidden="true" />
      </span>
    );
  return <canvas className="thumb" ref={canvas} width={of.width} height={of.height} role="img" aria-label={label} />;
}
