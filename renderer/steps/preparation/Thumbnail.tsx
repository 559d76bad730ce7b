import { Box } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { SeriesSummary } from '../../../contract/volume.ts';

/** The scan's grey thumbnail, drawn as it is; where there is none, a plain box. */
export function Thumbnail({ of, label }: { of: SeriesSummary['thumbnail'] | undefined; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !of) return;
    const grey = atob(of.grey);
    const picture = context.createImageData(of.width, of.height);
    const { data: pixels } = picture;
    for (let n = 0, at = 0; n < of.width * of.height; n++, at += 4) {
      const v = n < grey.length ? grey.charCodeAt(n) : 0;
      pixels[at] = pixels[at + 1] = pixels[at + 2] = v;
      pixels[at + 3] = 255;
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
