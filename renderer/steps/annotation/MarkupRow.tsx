import { Check, Pencil, Trash2, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { closedKinds, type Markup, markupNames } from '../../../contract/markups.ts';
import { icon } from '../../frame/step-names.tsx';
import { showSeries, useCase } from '../../stores/case.ts';
import { changeMarkup, fillWith, removeMarkup } from '../../stores/markup-acts.ts';
import { keptMeasures, measureWords } from '../../stores/markup-measures.ts';
import { useMarkups } from '../../stores/markups.ts';
import { tellProblem } from '../../stores/notices.ts';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { goTo } from '../../viewports/index.ts';
import { markupKindSigns } from './markup-kinds.ts';

const small = { ...icon, size: 14 } as const;

function Rename({ markup, done }: { markup: Markup; done: () => void }) {
  const [name, setName] = useState(markup.name);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const wanted = name.trim();
    if (wanted && wanted !== markup.name) void changeMarkup(markup, { name: wanted });
    done();
  };
  return (
    <form className="row" style={{ gridColumn: '2 / 4', gap: 2 }} onSubmit={submit} onKeyDown={(e) => e.key === 'Escape' && done()}>
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

/** Brings the views to the middle of a markup, on the slice that it lies on. */
export function lookAt({ id, kind, pointsLps, series }: Markup): void {
  useMarkups.getState().set({ selected: id, shown: true });
  const middle = pointsLps.reduce<Point>((sum, p) => sum.map((v, n) => v + p[n]! / pointsLps.length) as Point, [0, 0, 0]);
  const at = kind.includes('pointer') ? pointsLps[0]! : middle;
  if (useCase.getState().series === series) goTo(at);
  else
    showSeries(series)
      .then(() => goTo(at))
      .catch((cause) => tellProblem('Loading the series', cause));
}

/** Broken between figures, never between a figure and its unit. */
function Figures({ words }: { words: string[] }) {
  return (
    <span className="cap">
      {words.map((word, n) => (
        <span key={word}>
          {n > 0 && ' · '}
          <span style={{ whiteSpace: 'nowrap' }}>{word}</span>
        </span>
      ))}
    </span>
  );
}

/** What is open of the selected one: all its figures, its text, and what can be made of it. */
function More({ markup, words }: { markup: Markup; words: string[] }) {
  const segment = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment));
  const refusal = useViewer((s) => s.editRefusal);
  const readOnly = useCase((s) => s.state?.readOnly ?? true);
  const closed = closedKinds.includes(markup.kind);
  const [text, setText] = useState(markup.text);
  const keep = () => {
    if (text.trim() !== markup.text && (text.trim() !== '' || !markup.kind.startsWith('text')))
      void changeMarkup(markup, { text: text.trim() });
  };
  return (
    <div className="markmore" data-testid={testids.markupMore}>
      {/* The first figure stands in the row already. */}
      {words.length > 1 && <Figures words={words} />}
      {!readOnly && (
        <textarea
          className="text"
          aria-label={`Text of ${markup.name}`}
          placeholder="Remark"
          rows={1}
          maxLength={2000}
          value={text}
          onChange={(e) => setText(e.target.value)}
          onBlur={keep}
        />
      )}
      {closed && segment && !readOnly && (
        <div className="row">
          {(['add', 'erase'] as const).map((operation) => (
            <button
              key={operation}
              type="button"
              className="btn"
              disabled={refusal !== null}
              title={refusal ?? (operation === 'add' ? 'Fills it on the slice that it lies on' : 'Takes away what lies in it on its slice')}
              data-testid={testids.markupFill(operation)}
              onClick={() => void fillWith(markup.id, segment.segmentId, operation)}
            >
              <span className="clip">{operation === 'add' ? `Fill ${segment.name}` : `Erase ${segment.name}`}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** One annotation: its sign, name and first figure; the selected one with all of them. */
export function MarkupRow({ markup }: { markup: Markup }) {
  const selected = useMarkups((s) => s.selected === markup.id);
  const volume = useViewer((s) => s.volume);
  const readOnly = useCase((s) => s.state?.readOnly ?? true);
  const [renaming, setRenaming] = useState(false);
  const { icon: Sign } = markupKindSigns[markup.kind];
  const here = volume?.seriesInstanceUid === markup.series;
  const words = here ? measureWords(keptMeasures(markup, volume), true) : [];
  return (
    <>
      <div className={selected ? 'markrow on' : 'markrow'} data-testid={testids.markupRow} data-markup={markup.id}>
        <Sign {...icon} aria-label={markupNames[markup.kind]} />
        {renaming ? (
          <Rename markup={markup} done={() => setRenaming(false)} />
        ) : (
          <>
            <button
              type="button"
              className="nm"
              aria-pressed={selected}
              title={here ? 'Go to it' : 'On another series. Click to show it.'}
              onClick={() => lookAt(markup)}
            >
              <b className="clip">{markup.name}</b>
              <small className="clip">{here ? markup.text : 'show its series'}</small>
            </button>
            <span className="row" style={{ gap: 0 }}>
              <span className="v">{words[0]}</span>
              {!readOnly && (
                <span className="acts">
                  <button
                    type="button"
                    className="tb small"
                    aria-label={`Rename ${markup.name}`}
                    title="Rename"
                    onClick={() => setRenaming(true)}
                  >
                    <Pencil {...small} />
                  </button>
                  <button
                    type="button"
                    className="tb small"
                    aria-label={`Remove ${markup.name}`}
                    title="Remove (undo brings it back)"
                    data-testid={testids.markupRemove}
                    onClick={() => void removeMarkup(markup.id)}
                  >
                    <Trash2 {...small} />
                  </button>
                </span>
              )}
            </span>
          </>
        )}
      </div>
      {selected && !renaming && <More key={markup.text} markup={markup} words={words} />}
    </>
  );
}
