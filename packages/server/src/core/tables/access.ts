/** Tables of the access room; see migrations/000004_access.sql and 000007_sealed_accounts.sql. */
export interface AccessTables {
  staff: {
    actor_id: string;
    username: string;
    display_name: string;
    role: string;
    agent_id: string | null;
    team_id: string | null;
    created_at: Date;
    locked_at: Date | null;
    person_ref: string | null;
    password_hash: string | null;
    totp_secret: Buffer | null;
    provider: string | null;
    subject: string | null;
    /** Of an outside auditor: for which engagement, and from when to when the account opens anything. */
    engagement_id: string | null;
    opens_at: Date | null;
    shuts_at: Date | null;
    version: number;
    seal: Buffer | null;
  };
  staff_session: {
    id: string;
    token_digest: Buffer;
    actor_id: string;
    account_version: number;
    started_at: Date;
    seen_at: Date;
    method: string;
    client: string | null;
    totp_pending: Buffer | null;
    seal: Buffer | null;
  };
  sign_in_attempt: { key: Buffer; attempts: number; since: Date };
  api_key: {
    id: string;
    name: string;
    prefix: string;
    account_id: string | null;
    key_digest: Buffer;
    scopes: string[];
    created_by: string;
    created_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
    version: number;
    seal: Buffer | null;
  };
  setup_token: {
    token_digest: Buffer;
    created_at: Date;
    used_at: Date | null;
    seal: Buffer | null;
  };
}
