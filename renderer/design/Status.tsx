import { CircleCheck, CircleDashed, Info, OctagonX, TriangleAlert } from 'lucide-react';

export type Judgement = 'ok' | 'warn' | 'bad' | 'unknown' | 'info';
const shapes = { ok: CircleCheck, warn: TriangleAlert, bad: OctagonX, unknown: CircleDashed, info: Info };
const words = { ok: 'good', warn: 'warning', bad: 'refused', unknown: 'unknown', info: 'notice' };
const classes = { ok: 's-ok', warn: 's-warn', bad: 's-bad', unknown: 's-unk', info: 's-info' };

/** The shape of a judgement: colour is never alone. */
export function StatusIcon({ of, size = 16, silent = false }: { of: Judgement; size?: number; silent?: boolean }) {
  const Shape = shapes[of];
  return (
    <Shape
      className={`i ${classes[of]}`}
      size={size}
      strokeWidth={1.5}
      role="img"
      aria-label={silent ? undefined : words[of]}
      aria-hidden={silent || undefined}
    />
  );
}
