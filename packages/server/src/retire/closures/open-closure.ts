import type { ClosureDeps, ToldClosure } from './ports.ts';

/** What was told of a closed account. */
export function openClosure(
  { texts }: Pick<ClosureDeps, 'texts'>,
  row: { id: string; sealed: Buffer },
): ToldClosure {
  return JSON.parse(texts.open(row.id, row.sealed).toString()) as ToldClosure;
}
