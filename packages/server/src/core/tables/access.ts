import type { Generated } from 'kysely';

/** Tables of the access room; see migrations/000004_access.sql. */
export interface AccessTables {
  auth_user: { id: string; username: string | null; twoFactorEnabled: boolean | null };
  auth_session: { id: string; userId: string; token: string; createdAt: Date };
  auth_account: { id: string; userId: string; providerId: string; password: string | null };
  staff: {
    actor_id: string;
    username: string;
    display_name: string;
    role: string;
    agent_id: string | null;
    team_id: string | null;
    created_at: Date;
    locked_at: Date | null;
    failed_attempts: Generated<number>;
    locked_until: Date | null;
  };
  api_key: {
    id: string;
    name: string;
    key_sha256: Buffer;
    created_by: string;
    created_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
  };
  setup_token: { token_sha256: Buffer; created_at: Date; used_at: Date | null };
}
