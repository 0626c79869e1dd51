import type { ReactNode } from 'react';
import './field.css';

/** A filter with its name above; the control inside carries the name for screen readers. */
export function Field({ label, wide = false, bad = false, children }: FieldParts) {
  return (
    <div className={`field${wide ? ' field-wide' : ''}${bad ? ' field-bad' : ''}`}>
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}

interface FieldParts {
  label: string;
  wide?: boolean;
  bad?: boolean;
  children: ReactNode;
}
