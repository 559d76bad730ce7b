import { Check, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Segment } from '../../contract/case.ts';
import { icon } from '../frame/step-names.tsx';
import { rename } from '../stores/acts.ts';

/** The name of a segment as a field in its row. */
export function Rename({ segment, done }: { segment: Segment; done: () => void }) {
  const [name, setName] = useState(segment.name);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const wanted = name.trim();
    if (wanted && wanted !== segment.name) void rename(segment.id, wanted);
    done();
  };
  return (
    <form className="row" style={{ gridColumn: '3 / 5', gap: 2 }} onSubmit={submit} onKeyDown={(e) => e.key === 'Escape' && done()}>
      <input
        className="text"
        // biome-ignore lint/a11y/noAutofocus: the field appears because its button was pressed
        autoFocus
        aria-label="New name"
        maxLength={64}
        value={name}
        onChange={(e) => setName(e.target.value)}
        onFocus={(e) => e.target.select()}
      />
      <button type="submit" className="tb small" aria-label="Rename" disabled={name.trim() === ''}>
        <Check {...icon} />
      </button>
      <button type="button" className="tb small" aria-label="Keep the name" onClick={done}>
        <X {...icon} />
      </button>
    </form>
  );
}
