/** What a key of a service may be for. A key is good for what it was issued for and nothing else. */
export const API_SCOPES = ['intake', 'status', 'metrics', 'witness', 'scim'] as const;
export type ApiScope = (typeof API_SCOPES)[number];
