import type { SegmentSettings } from '../../../contract/segmentation.ts';
import { Section } from '../../design/Section.tsx';
import { methodNames } from '../../segments/method-names.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';

type Method = SegmentSettings['method'];
const order: Method[] = ['threshold', 'hysteresis', 'region-growing', 'cavity', 'unet', 'multi-unet', 'default'];

/** What any image can be segmented by. */
const free = new Set<Method>(['threshold', 'hysteresis', 'region-growing']);

function letterTitle(letter: string): string {
  if (letter === 'ours') return 'Not a method of the standard';
  return letter.startsWith('Annex') ? `ISO/IEC 3532-2, ${letter}` : `Method ${letter} of ISO/IEC 3532-2 D.4`;
}

interface MethodChoiceProps {
  value: Method;
  /** Why networks, and why the orbit cavity, cannot run; null: they can. */
  refusal: string | null;
  cavityRefusal: string | null;
  onChange: (method: Method) => void;
}

/** The techniques with the standard's letters; those that need HU are off, with their reason, where the series has none. */
export function MethodChoice({ value, refusal, cavityRefusal, onChange }: MethodChoiceProps) {
  return (
    <Section
      title="Method"
      end={
        <button
          type="button"
          className="btn ghost small"
          data-testid={testids.models}
          onClick={() => useWorkspace.getState().set({ models: true })}
        >
          Models
        </button>
      }
    >
      <div className="choices" role="radiogroup" aria-label="Method">
        {order.map((method) => {
          const { name, letter, words } = methodNames[method];
          const why = method === 'cavity' ? cavityRefusal : free.has(method) ? null : refusal;
          const off = why !== null;
          return (
            <label
              key={method}
              className={[method === value ? 'on' : '', off ? 'off' : ''].join(' ')}
              title={why ?? undefined}
              data-testid={testids.method(method)}
            >
              <input type="radio" name="method" checked={method === value} disabled={off} onChange={() => onChange(method)} />
              <span className="t">{name}</span>
              <span className="cap letter" title={letterTitle(letter)}>
                {letter}
              </span>
              <span className="cap">{words}</span>
            </label>
          );
        })}
      </div>
    </Section>
  );
}
