import { RotateCcw } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Command } from '../commands.ts';
import { fixedCommands } from '../key-map.ts';
import { patternOf, shownPattern } from '../key-patterns.ts';
import { chooseKey, type KeyBinding, ownKeyAgain } from '../keys.ts';
import { testids } from '../testids.ts';

interface Trouble {
  words: string;
  /** What swapping would do, and the press that it is for; null: it cannot be. */
  swap: { words: string; pattern: string } | null;
}

/**
 * One command with its key. Enter or a click waits for a press; one that is taken is named with its holder and swapped only when asked;
 * Esc leaves all as it is.
 */
export function KeyRow({
  command,
  binding,
  chosen,
  title,
  capturing,
  onCapture,
}: {
  command: Command;
  binding: KeyBinding;
  /** A person has chosen it. */
  chosen: boolean;
  title: (id: string) => string;
  capturing: boolean;
  onCapture: (on: boolean) => void;
}) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const swapButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!capturing) setTrouble(null);
  }, [capturing]);
  useEffect(() => {
    if (trouble?.swap) swapButton.current?.focus();
  }, [trouble]);
  const done = () => {
    onCapture(false);
    button.current?.focus();
  };
  const told = (outcome: ReturnType<typeof chooseKey>, pattern: string): void => {
    if ('choices' in outcome) {
      done();
      return;
    }
    const { refused, holder } = outcome;
    if (holder === null || fixedCommands.includes(holder)) setTrouble({ words: refused, swap: null });
    else {
      const had = binding.shown ? `${title(holder)} gets ${binding.shown}` : `${title(holder)} then has no key`;
      setTrouble({ words: `${shownPattern(pattern)} is ${title(holder)}.`, swap: { words: had, pattern } });
    }
  };
  const press = (event: KeyboardEvent): void => {
    if (!capturing) return;
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      done();
      return;
    }
    // The buttons beside the trouble are pressed as buttons are; any other key is another try.
    if (event.nativeEvent.isComposing || (event.target !== button.current && ['Enter', ' ', 'Tab'].includes(event.key))) return;
    const pattern = patternOf(event.nativeEvent);
    if (pattern === null) return;
    event.preventDefault();
    told(chooseKey(command.id, pattern), pattern);
  };
  const fixed = fixedCommands.includes(command.id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the press is that of the button inside
    <div className={capturing ? 'keyrow at' : 'keyrow'} data-testid={testids.keyRow(command.id)} onKeyDown={press}>
      <span className="grow clip" title={command.title}>
        {command.title}
      </span>
      {chosen && !capturing && (
        <button
          type="button"
          className="tb small"
          aria-label={`Give ${command.title} its own key again`}
          title="Reset this"
          data-testid={testids.keyReset}
          onClick={() => {
            const outcome = ownKeyAgain(command.id);
            if ('refused' in outcome) {
              onCapture(true);
              setTrouble({ words: `${outcome.refused} ${outcome.holder ? `${title(outcome.holder)} has it.` : ''}`, swap: null });
            }
          }}
        >
          <RotateCcw size={13} strokeWidth={1.5} aria-hidden="true" />
        </button>
      )}
      <button
        ref={button}
        type="button"
        className={chosen ? 'keycap own' : 'keycap'}
        aria-disabled={fixed || undefined}
        title={fixed ? 'Esc always drops the tool' : 'Press Enter, then the new key'}
        aria-label={`Key of ${command.title}: ${binding.shown || 'none'}${capturing ? '. Press the new key, Esc to leave it' : ''}`}
        onClick={() => !fixed && onCapture(!capturing)}
      >
        {capturing ? 'Press a key' : binding.shown || '—'}
      </button>
      {trouble && (
        <div className="trouble" role="alert">
          <span className="grow">{trouble.words}</span>
          {trouble.swap && (
            <button
              ref={swapButton}
              type="button"
              className="btn"
              data-testid={testids.keySwap}
              title={trouble.swap.words}
              onClick={() => trouble.swap && told(chooseKey(command.id, trouble.swap.pattern, true), trouble.swap.pattern)}
            >
              {binding.shown ? 'Swap the two' : 'Take it'}
            </button>
          )}
          <button type="button" className="btn ghost" onClick={done}>
            Leave it
          </button>
          {trouble.swap && <span className="cap">{trouble.swap.words}</span>}
        </div>
      )}
    </div>
  );
}
