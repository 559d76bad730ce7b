import type { Ref } from 'react';
import { Quaternion, Vector3 } from 'three';

const arms = [
  { letter: 'L', direction: [1, 0, 0], colour: 'var(--plane-axial)' },
  { letter: 'A', direction: [0, -1, 0], colour: 'var(--plane-coronal)' },
  { letter: 'S', direction: [0, 0, 1], colour: 'var(--plane-sagittal)' },
] as const;
const reach = 26;

/** The three patient axes in the corner, turned with the camera by `turnTripod` without a render of React. */
export function Tripod({ ref }: { ref: Ref<SVGSVGElement> }) {
  return (
    <svg ref={ref} className="review-tripod" viewBox="-40 -40 80 80" aria-hidden="true">
      {arms.map(({ letter, colour }) => (
        <g key={letter}>
          <line stroke={colour} strokeWidth="2" strokeLinecap="round" />
          <text textAnchor="middle" dominantBaseline="central">
            {letter}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Draws the axes as the camera with rotation `turn` sees them; what points away from the viewer is dimmer. */
export function turnTripod(svg: SVGSVGElement, turn: Quaternion): void {
  const back = new Quaternion().copy(turn).invert();
  arms.forEach(({ direction }, index) => {
    const group = svg.children[index] as SVGGElement;
    const seen = new Vector3(...direction).applyQuaternion(back);
    const [line, text] = [group.children[0] as SVGLineElement, group.children[1] as SVGTextElement];
    line.setAttribute('x2', String(seen.x * reach));
    line.setAttribute('y2', String(-seen.y * reach));
    text.setAttribute('x', String(seen.x * (reach + 9)));
    text.setAttribute('y', String(-seen.y * (reach + 9)));
    group.style.opacity = String(seen.z < -0.2 ? 0.45 : 1);
    // a letter on top of the origin says nothing
    text.style.opacity = String(Math.min(1, Math.hypot(seen.x, seen.y) * 3 - 0.5));
  });
}
