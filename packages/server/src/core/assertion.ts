/** A WebAuthn assertion, binary members in base64url (WebAuthn Level 3, 5.1.5). */
export interface Assertion {
  id: string;
  rawId: string;
  type: 'public-key';
  response: {
    clientDataJSON: string;
    authenticatorData: string;
    signature: string;
    userHandle?: string | undefined;
  };
  clientExtensionResults: Record<string, unknown>;
}
