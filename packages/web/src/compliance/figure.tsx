import { Link } from '@tanstack/react-router';
import { Mark, type Tone } from './mark.tsx';

interface FigureParts {
  name: string;
  /** Absent while it is read. */
  value: number | undefined;
  /** How it stands where it is not 0. */
  tone: Tone;
  /** Where what it counts is listed. */
  to: string;
  hint?: string;
  testId: string;
}

/** A number that opens what is behind it; a 0 is calm whatever it counts. */
export function Figure({ name, value, tone, to, hint, testId }: FigureParts) {
  const stands = value === undefined || value === 0 ? 'plain' : tone;
  return (
    <Link to={to} className="figure" title={hint} data-testid={testId} data-tone={stands}>
      <span className="figure-name">
        {stands === 'plain' ? name : <Mark tone={stands}>{name}</Mark>}
      </span>
      <strong className="figure-value num">
        {value === undefined ? '–' : value.toLocaleString('en')}
      </strong>
    </Link>
  );
}
