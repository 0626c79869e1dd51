import { type Ref, useImperativeHandle, useRef } from 'react';
import { lineRange } from './rule-problems.ts';

/** As in compliance.css. */
const LINE_PX = 20;
const LINES_ABOVE = 4;

export interface LinedTextHandle {
  /** Marks a line, counted from 1, and brings it into sight. */
  showLine: (line: number) => void;
}

interface LinedTextParts {
  ref: Ref<LinedTextHandle>;
  label: string;
  text: string;
  readOnly: boolean;
  /** Lines with something wrong. */
  marked: readonly number[];
  onChange: (text: string) => void;
  /** Ctrl+Enter. */
  onDone: () => void;
}

/** A text with the numbers of its lines beside it. No line breaks by itself, so that numbers stay true. */
export function LinedText({
  ref,
  label,
  text,
  readOnly,
  marked,
  onChange,
  onDone,
}: LinedTextParts) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    showLine(line) {
      const { start, end } = lineRange(text, line);
      area.current?.focus();
      area.current?.setSelectionRange(start, end);
      if (area.current !== null) area.current.scrollTop = (line - 1 - LINES_ABOVE) * LINE_PX;
    },
  }));
  const wrong = new Set(marked);
  const numbers = Array.from({ length: text.split('\n').length }, (_, at) => at + 1);
  return (
    <div className="lined">
      <div className="lined-numbers num" aria-hidden="true" ref={gutter}>
        {numbers.map((line) => (
          <span key={line} data-wrong={wrong.has(line)}>
            {wrong.has(line) ? '▸' : ''}
            {line}
          </span>
        ))}
      </div>
      <textarea
        ref={area}
        className="lined-text"
        aria-label={label}
        aria-invalid={marked.length > 0}
        wrap="off"
        spellCheck={false}
        readOnly={readOnly}
        value={text}
        data-testid="rules-text"
        onChange={({ target }) => onChange(target.value)}
        onScroll={({ currentTarget }) => {
          if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onDone();
        }}
      />
    </div>
  );
}
