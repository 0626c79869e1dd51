/** What a provider says of a person who has proved to it who they are. */
export interface ProvenIdentity {
  /** Lasting and never given to another: issuer and `sub`, an entry's id, a user id. */
  subject: string;
  /** What the person is called there; no proof of anything. */
  username?: string;
  displayName?: string;
  /** 工号, where the provider knows it. */
  personId?: string;
  /** What roles are mapped from. */
  claims: Readonly<Record<string, readonly string[]>>;
}

interface Provider {
  /** Its name in the configuration and in addresses. */
  id: string;
  label: { zh: string; en: string };
}

/** Proves people on pages of its own, to which the browser is sent and from which it comes back. */
export interface RedirectProvider extends Provider {
  kind: 'redirect';
  /**
   * Where to send the browser. `memory` comes back to `finish` with the same browser, unseen and
   * unchanged. Rejects with PROVIDER_UNREACHABLE.
   */
  begin(callback: string): Promise<{ url: string; memory: Record<string, string> }>;
  /**
   * Who came back to `arrival`, the callback's whole address. Rejects with IDENTITY_REFUSED when
   * that proves nobody, PROVIDER_UNREACHABLE.
   */
  finish(
    callback: string,
    arrival: URL,
    memory: Readonly<Record<string, string>>,
  ): Promise<ProvenIdentity>;
}

/** Proves people by the name and password that they give here. */
export interface PasswordProvider extends Provider {
  kind: 'password';
  /** Undefined for a wrong name or password. Rejects with PROVIDER_UNREACHABLE. */
  prove(username: string, password: string): Promise<ProvenIdentity | undefined>;
}

export type IdentityProvider = RedirectProvider | PasswordProvider;
