import { ball, block, chain, type Distance, dome, mirrorX, rod, type Shape, smoothMin, superellipsoid } from './distance.ts';
import { waves } from './noise-field.ts';
import type { Random } from './random.ts';

/** The brain case: its cavity, how thick the bone around it is, and the bones of the skull base. */
export interface Cranium {
  cavity: Distance;
  /** Thickness of the bone around the cavity in mm. */
  shellMm: Distance;
  solids: Shape[];
  /** Where vessels and nerves leave: bone is absent, soft tissue fills. */
  channels: Shape[];
}

export function makeCranium(random: Random): Cranium {
  const wide = random.between(0.97, 1.03);
  const vault = dome([0, 70, 16], [68 * wide, 76, 57]);
  // The left and the right half are never the same size.
  const lean = random.between(-1.5, 1.5);
  const middle = [
    superellipsoid([35 + lean * 0.4, 50, 1], [25, 28, 21], 2.5),
    mirrorX(superellipsoid([35 - lean * 0.4, 51, 1], [25, 28, 20.5], 2.5)),
  ];
  const posterior = superellipsoid([lean, 107, -6], [55 * wide, 38, 37], 2.5);
  const baseZ = 13 + random.between(-1, 1);
  const ridgeSide: Shape[] = [rod([14, 70, -11], [52, 89, -10], 6.5, 8.5), rod([14, 44, 8], [32, 34, 15], 2.8, 2)];
  const ridges: Shape[] = [
    ...ridgeSide,
    ...ridgeSide.map(mirrorX),
    block([0, 67, 8], [9, 1.9, 5], 1.5),
    superellipsoid([0, 54, -5], [15, 15, 13], 2.5),
    ...chain(
      [
        [0, 62, -6],
        [0, 74, -24],
        [0, 86, -43],
      ],
      7.5,
    ),
  ];
  const cavity: Distance = (x, y, z) => {
    // The floor of the anterior fossa; behind the sella the posterior fossa takes over.
    const floor = baseZ - 0.75 * Math.max(0, y - 44) - z;
    const upper = -smoothMin(-vault(x, y, z), -floor, 10);
    let d = upper;
    if (z < 32) {
      const fossa = middle[x > 0 ? 0 : 1].distance(x, y, z);
      d = smoothMin(d, smoothMin(posterior.distance(x, y, z), fossa, 22), 16);
      // Petrous pyramids, dorsum sellae and clinoids stand up into the cavity.
      if (d < 4 && z < 22) for (const { distance } of ridges) d = -smoothMin(-d, distance(x, y, z), 2.5);
    }
    return d;
  };
  const uneven = waves(random, 45);
  const vaultMm = random.between(5.6, 6.6);
  const shellMm: Distance = (x, y, z) => {
    const high = Math.min(1, Math.max(0, (z - 8) / 20));
    const temporal = Math.min(1, Math.max(0, (Math.abs(x) - 50) / 14)) * Math.min(1, Math.max(0, (40 - z) / 25));
    const front = Math.min(1, Math.max(0, (18 - y) / 20)) * high;
    return (3.2 + (vaultMm - 3.2) * high) * (1 - 0.35 * temporal) + 1.4 * front + 0.5 * uneven(x, y, z);
  };
  const oneSide: Shape[] = [
    // mastoid, occipital condyle, articular tubercle
    superellipsoid([55, 91, -27], [10.5, 13, 18]),
    superellipsoid([18, 97, -45], [6.5, 11, 6.5]),
    superellipsoid([50, 61, -18], [11, 8, 4]),
    // pterygoid plates
    block([13, 47, -36], [1.1, 6, 13], 1),
    rod([16, 44, -26], [20, 52, -46], 1.5, 1.2),
  ];
  const channelSide: Shape[] = [
    rod([13.5, 38, 3.5], [8, 56, 6], 2.5),
    rod([16, 37, -3], [24, 31, 6], 1.6, 1.2),
    rod([8, 62, -8], [26, 70, -18], 2.6),
    rod([27, -12, -26], [26.5, 6, -22], 1.6),
  ];
  const central: Shape[] = [
    superellipsoid([0, 54, -4], [18, 16, 13], 2.5),
    // external occipital protuberance
    ball([0, 146, -8], 5),
  ];
  return {
    cavity,
    shellMm,
    solids: [...ridges, ...central, ...oneSide, ...oneSide.map(mirrorX)],
    channels: [rod([0, 105, -34], [0, 107, -64], 15.5), ...channelSide, ...channelSide.map(mirrorX)],
  };
}
