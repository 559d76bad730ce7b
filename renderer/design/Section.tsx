import type { ReactNode } from 'react';

/** One part of a side panel with its title and what stands at the end of the title line. */
export function Section({
  title,
  end,
  fill,
  children,
  testid,
}: {
  title: string;
  end?: ReactNode;
  fill?: boolean;
  children: ReactNode;
  testid?: string;
}) {
  return (
    <section className={fill ? 'sec fill' : 'sec'} aria-label={title} data-testid={testid}>
      <header>
        <h2>{title}</h2>
        {end}
      </header>
      {children}
    </section>
  );
}
