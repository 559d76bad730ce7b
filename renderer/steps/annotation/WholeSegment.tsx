import { runCommand } from '../../commands.ts';
import { Section } from '../../design/Section.tsx';
import { testids } from '../../testids.ts';

const offered = [
  { id: 'grow-from-seeds', name: 'Grow from seeds' },
  { id: 'fill-between-slices', name: 'Fill between slices' },
  { id: 'split', name: 'Split islands' },
  { id: 'islands', name: 'Clean islands' },
  { id: 'margin', name: 'Margin' },
  { id: 'hollow', name: 'Hollow' },
  { id: 'smooth', name: 'Smooth' },
  { id: 'combine', name: 'Combine' },
] as const;

/** Effects that take the segment as a whole stand in Clean; here each is one click away. */
export function WholeSegment() {
  return (
    <Section title="Whole segment" testid={testids.wholeSegment}>
      <div className="whole">
        {offered.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="btn small"
            data-testid={testids.wholeEffect(id)}
            onClick={() => runCommand(`effect.${id}`)}
          >
            {name}
          </button>
        ))}
      </div>
    </Section>
  );
}
