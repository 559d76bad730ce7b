import type { SegmentSettings } from '../../../contract/segmentation.ts';
import { Section } from '../../design/Section.tsx';
import { methodNames } from '../../segments/method-names.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';

type Method = SegmentSettings['method'];
const order: Method[] = ['threshold', 'hysteresis', 'unet', 'multi-unet', 'default'];

/** The five techniques with the standard's letters; networks are off, with their reason, where the series has no HU of CT. */
export function MethodChoice({ value, refusal, onChange }: { value: Method; refusal: string | null; onChange: (method: Method) => void }) {
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
          const off = refusal !== null && method !== 'threshold' && method !== 'hysteresis';
          return (
            <label
              key={method}
              className={[method === value ? 'on' : '', off ? 'off' : ''].join(' ')}
              title={off ? refusal : undefined}
              data-testid={testids.method(method)}
            >
              <input type="radio" name="method" checked={method === value} disabled={off} onChange={() => onChange(method)} />
              <span className="t">{name}</span>
              <span
                className="cap letter"
                title={letter === 'ours' ? 'Not a method of the standard' : `Method ${letter} of ISO/IEC 3532-2 D.4`}
              >
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
