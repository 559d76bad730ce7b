import type { AcquisitionCheck } from '../../../contract/acquisition.ts';
import { Note } from '../../design/Note.tsx';
import { Section } from '../../design/Section.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { testids } from '../../testids.ts';

const classes = { soft: 'soft tissue', standard: 'standard', bone: 'bone', unknown: 'unknown' };

function Kernel({ kernel }: { kernel: AcquisitionCheck['kernel'] }) {
  return (
    <>
      <div className="fact">
        <span>Kernel</span>
        <span className="clip selectable" title={kernel.name ?? undefined}>
          {kernel.name ?? 'not in the header'}
        </span>
      </div>
      {kernel.source && (
        <div className="fact">
          <span>Class from</span>
          <span className="clip" title={kernel.source}>
            {kernel.source}
          </span>
        </div>
      )}
      <div className="fact">
        <span>Edges</span>
        <span>
          {kernel.edgeEnhancing ? (
            <span className="row s-warn">
              <StatusIcon of="warn" size={14} silent />
              enhanced
            </span>
          ) : kernel.class === 'unknown' ? (
            'not known'
          ) : (
            'not enhanced'
          )}
        </span>
      </div>
    </>
  );
}

/** Reconstruction kernel with its class and the list that named it, and the vendor's image enhancement with the header's own text (7.3.2). */
export function KernelFacts({ check }: { check: AcquisitionCheck }) {
  const { kernel, enhancement } = check;
  // MR has no reconstruction kernel: its profiles do not ask for one.
  const asked = kernel.name !== null || check.rows.some((r) => r.parameter === 'kernel');
  return (
    <Section
      title={asked ? 'Kernel and enhancement' : 'Enhancement'}
      testid={testids.kernelFacts}
      end={
        asked && (
          <span className={`tag ${kernel.class === 'unknown' ? 's-unk' : ''}`}>
            {kernel.class === 'unknown' && <StatusIcon of="unknown" size={12} silent />}
            {classes[kernel.class]}
          </span>
        )
      }
    >
      {asked && <Kernel kernel={kernel} />}
      <div className="pad stack" style={{ paddingTop: 4 }}>
        {enhancement.map((e) => (
          <Note key={e} of="warn" title="Image enhancement">
            <span className="selectable">{e}</span>
          </Note>
        ))}
        {enhancement.length === 0 && <span className="cap">The headers name no {asked ? 'other ' : ''}enhancement.</span>}
      </div>
    </Section>
  );
}
