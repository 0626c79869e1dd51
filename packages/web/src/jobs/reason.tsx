import { codeWords, remedyFor } from '../i18n/label-of.ts';
import { fieldName, wrongWords } from '../shell/problem-words.ts';

/** Why a call stopped and what to do about it; the program's own sentence on hover. */
export function Reason({ code, said }: { code: string; said: string | undefined }) {
  const words = codeWords(code);
  const remedy = remedyFor(code);
  const [, field, wrong] = /^([a-z]+\/[\w/]+): (.+)$/i.exec(said ?? '') ?? [];
  return (
    <span className="reason" title={[code, said].filter(Boolean).join(' · ')}>
      <strong>{words ?? code}</strong>
      {field === undefined || wrong === undefined ? null : (
        <span>
          {' '}
          {fieldName(field)} · {wrongWords(wrong)}
        </span>
      )}
      <span className="muted"> {remedy ?? said}</span>
    </span>
  );
}
