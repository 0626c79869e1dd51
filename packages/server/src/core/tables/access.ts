/** Tables of the access room; see migrations/000004_access.sql. */
export interface AccessTables {
  auth_user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    createdAt: Date;
    updatedAt: Date;
    username: string | null;
    displayUsername: string | null;
    twoFactorEnabled: boolean | null;
  };
  auth_session: { id: string; userId: string; token: string; createdAt: Date };
  auth_account: {
    id: string;
    accountId: string;
    userId: string;
    providerId: string;
    password: string | null;
    createdAt: Date;
    updatedAt: Date;
  };
  auth_two_factor: { id: string; userId: string };
  staff: {
    actor_id: string;
    username: string;
    display_name: string;
    role: string;
    agent_id: string | null;
    team_id: string | null;
    created_at: Date;
    locked_at: Date | null;
  };
  sign_in_attempt: { key: Buffer; attempts: number; since: Date };
  api_key: {
    id: string;
    name: string;
    prefix: string;
    account_id: string | null;
    key_sha256: Buffer;
    created_by: string;
    created_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
  };
  setup_token: { token_sha256: Buffer; created_at: Date; used_at: Date | null };
  record_case: {
    record_id: string;
    actor_id: string | null;
    team_id: string | null;
    assigned_by: string;
    assigned_at: Date;
  };
  review_lease: { record_id: string; actor_id: string; until: Date };
}
