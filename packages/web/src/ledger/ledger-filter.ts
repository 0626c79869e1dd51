/** The conditions as they stand in the address. Days are the archive's, both included. */
export interface LedgerFilter {
  actor?: string;
  record?: string;
  action?: string;
  outcome?: 'ok' | 'refused' | 'failed';
  from?: string;
  to?: string;
}

export const OUTCOMES = ['ok', 'refused', 'failed'] as const;

const FORMS: Record<keyof LedgerFilter, RegExp> = {
  actor: /^[\x21-\x7e]{1,256}$/,
  record: /^[\x21-\x7e]{1,256}$/,
  action: /^[a-z_]{1,40}\.[a-z_]{0,40}$/,
  outcome: /^(?:ok|refused|failed)$/,
  from: /^\d{4}-\d\d-\d\d$/,
  to: /^\d{4}-\d\d-\d\d$/,
};

/** Keeps what the archive understands; of the rest nothing is asked. */
export function readLedgerFilter(search: Record<string, unknown>): LedgerFilter {
  const kept = Object.entries(FORMS).flatMap(([name, form]) => {
    const value = search[name];
    const text = typeof value === 'string' ? value.trim() : '';
    return form.test(text) ? [[name, text] as const] : [];
  });
  return Object.fromEntries(kept) as LedgerFilter;
}

/** Whether what was typed for a condition can be asked for; nothing typed can. */
export function isAskable(name: keyof LedgerFilter, value: string | undefined): boolean {
  return value === undefined || value.trim() === '' || FORMS[name].test(value.trim());
}
