import type { ReactNode } from 'react';

interface Shown {
  label: string;
  value: number;
  /** A sign beside the number, so that what is wrong differs by shape. */
  mark?: ReactNode;
  tone?: 'good' | 'bad' | 'held';
  /** Whether what is behind the number is what the page shows. */
  pressed: boolean;
  onOpen: () => void;
  testId: string;
}

/** A number, and a way to what is behind it. */
export function OpenCount({ label, value, mark, tone, pressed, onOpen, testId }: Shown) {
  return (
    <button
      type="button"
      className="open-count"
      aria-pressed={pressed}
      onClick={onOpen}
      data-testid={testId}
    >
      <span className={`open-count-value num${tone === undefined ? '' : ` state-${tone}`}`}>
        {mark}
        {value.toLocaleString('en')}
      </span>
      <span className="open-count-label">{label}</span>
    </button>
  );
}
