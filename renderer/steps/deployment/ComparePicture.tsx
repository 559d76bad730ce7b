import { useEffect, useRef } from 'react';

/** A small picture (packed RGBA) on a canvas of its own. */
export function ComparePicture({
  picture,
  width,
  height,
  label,
}: {
  picture: Uint32Array<ArrayBuffer>;
  width: number;
  height: number;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.putImageData(new ImageData(new Uint8ClampedArray(picture.buffer), width, height), 0, 0);
  }, [picture, width, height]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />;
}
