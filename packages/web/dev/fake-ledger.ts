export async function ledger(_path: string[], _query: URLSearchParams): Promise<unknown> {
  return undefined;
}
