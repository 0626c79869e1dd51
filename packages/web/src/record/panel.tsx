import { type ReactNode, useId } from 'react';

/** A titled card of the record page. */
export function Panel({
  title,
  testId,
  children,
}: {
  title: string;
  testId?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="card panel" aria-labelledby={id} data-testid={testId}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
