import type { ReactNode } from 'react';
import { type Judgement, StatusIcon } from '../../design/Status.tsx';
import { testids } from '../../testids.ts';

/** The verdict in one sentence, with what was counted. */
export function Verdict({
  of,
  title,
  children,
  counts,
}: {
  of: Judgement;
  title: string;
  children: ReactNode;
  counts?: { of: Judgement; n: number }[];
}) {
  return (
    <div className="verdict" data-testid={testids.verdict} data-verdict={of}>
      <div className={`verdict-icon ${of}`}>
        <StatusIcon of={of} size={20} silent />
      </div>
      <div className="grow">
        <h1>{title}</h1>
        <div>{children}</div>
      </div>
      <div className="counts num">
        {counts
          ?.filter((c) => c.n > 0)
          .map((c) => (
            <span key={c.of}>
              <StatusIcon of={c.of} />
              {c.n}
            </span>
          ))}
      </div>
    </div>
  );
}
