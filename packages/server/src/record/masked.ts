/** 138****2641; shorter numbers keep their last four, and what is too short keeps nothing. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '').replace(/^(?:0086|86)(?=1\d{10}$)/, '');
  if (digits.length >= 11) return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
  return digits.length >= 7 ? `****${digits.slice(-4)}` : '****';
}

/** The last four of an account, or stars. */
export function maskAccount(account: string): string {
  return account.length >= 8 ? `****${account.slice(-4)}` : '****';
}

/** 王小明 → 王**; other names keep their first letter. */
export function maskName(name: string): string {
  const letters = [...name];
  return `${letters[0] ?? ''}${'*'.repeat(Math.max(1, Math.min(letters.length - 1, 3)))}`;
}
