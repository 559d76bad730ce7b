import { useEffect, useState } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { count, ml } from '../../design/numbers.ts';
import { countDifference, type Difference } from '../../stores/differences.ts';
import { type MaskLayer, useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { ComparePicture } from './ComparePicture.tsx';

export const onlyColours: [string, string] = ['var(--extra)', 'var(--missed)'];

/** Voxels that only one of two segments has, in the region of a network where one of them has it; counted again when one changes. */
function useDifference(one: MaskLayer, other: MaskLayer): Difference | null {
  const volume = useViewer((s) => s.volume);
  const revision = useViewer((s) => s.revision);
  const [found, setFound] = useState<Difference | null>(null);
  const box = one.networkBox ?? other.networkBox ?? null;
  const [first, second] = [one.values, other.values];
  useEffect(() => {
    setFound(null);
    if (!volume || first.length !== second.length || revision < 0) return;
    const { dimensions } = volume.geometry;
    let wanted = true;
    const within = box ?? { offsetIjk: [0, 0, 0], dimensions };
    void countDifference(first, second, dimensions, within, () => wanted).then((d) => wanted && setFound(d));
    return () => {
      wanted = false;
    };
  }, [volume, first, second, box, revision]);
  return found;
}

interface DifferenceTileProps {
  segments: Segment[];
  pair: [Segment, Segment];
  layers: [MaskLayer, MaskLayer];
  picture: Uint32Array<ArrayBuffer>;
  width: number;
  height: number;
  onPair: (first: string, second: string) => void;
}

/** Where two chosen segments disagree: on the slice in two colours, and counted. */
export function DifferenceTile({ segments, pair, layers, picture, width, height, onPair }: DifferenceTileProps) {
  const volume = useViewer((s) => s.volume);
  const found = useDifference(...layers);
  const each = volume ? voxelVolumeMm3(volume.geometry) : 0;
  const inRegion = layers.some((l) => l.networkBox);
  const rows = [
    { label: 'First of the two', chosen: pair[0], only: found?.onlyOne, colour: onlyColours[0] },
    { label: 'Second of the two', chosen: pair[1], only: found?.onlyOther, colour: onlyColours[1] },
  ];
  return (
    <div className="tile" data-testid={testids.compareDifference}>
      <ComparePicture picture={picture} width={width} height={height} label="Where the two disagree" />
      <span className="words" title={inRegion ? 'Volumes within the region of the network' : 'Volumes over the whole image'}>
        {rows.map((row, n) => (
          <span className="row" key={row.label}>
            <i className="chip-plain" style={{ background: row.colour }} />
            <span className="cap">only</span>
            <select
              className="pick small grow"
              aria-label={row.label}
              value={row.chosen.id}
              onChange={(e) => (n === 0 ? onPair(e.target.value, pair[1].id) : onPair(pair[0].id, e.target.value))}
            >
              {segments.map((s) => (
                <option key={s.id} value={s.id}>
                  {s.name}
                </option>
              ))}
            </select>
            <span className="cap num r" title={row.only === undefined ? undefined : `${count(row.only)} voxels`}>
              {row.only === undefined ? '…' : `${ml(row.only * each)} ml`}
            </span>
          </span>
        ))}
      </span>
    </div>
  );
}
