/** Tables of what the sites were like; see migrations/000016_site_history.sql. */
export interface SiteTables {
  site_sample: {
    site: string;
    at: Date;
    reachable: boolean;
    behind: number;
    behind_s: number;
    lag_p50_ms: number | null;
    lag_p99_ms: number | null;
    used_bytes: string | number;
    free_bytes: string | number | null;
    faults: number;
  };
  site_use: { site: string; pool: string; bytes: string | number; copies: string | number };
  site_use_change: { site: string; pool: string; bytes: string | number; copies: string | number };
  site_alarm: { site: string; code: string; since: Date; seen_at: Date; told_at: Date | null };
  site_verified: { site: string; oldest_at: Date | null; counted_at: Date };
}
