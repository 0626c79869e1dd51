import { describe } from 'vitest';
import { MemorySite } from './memory-site.testing.ts';
import { siteContract } from './site-contract.testing.ts';

describe('a site in memory', () => {
  const site = new MemorySite('hq');
  siteContract(() => site, { lock: true });
});
