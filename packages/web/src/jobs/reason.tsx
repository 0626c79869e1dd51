import { codeWords, remedyFor } from '../i18n/label-of.ts';

/** Why a call stopped and what to do about it; the program's own sentence on hover. */
export function Reason({ code, said }: { code: string; said: string | undefined }) {
  const words = codeWords(code);
  const remedy = remedyFor(code);
  return (
    <span className="reason" title={[code, said].filter(Boolean).join(' · ')}>
      <strong>{words ?? code}</strong>
      <span className="muted"> {remedy ?? said}</span>
    </span>
  );
}
