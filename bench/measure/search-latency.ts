import type { SearchResult } from '@voxkeep/contract';
import type { TestArchive } from '../prove/test-archive.ts';
import { printTable, quantile } from './table.ts';

const QUERIES: [string, Record<string, string>][] = [
  ['newest 50', {}],
  ['issue type, a week', { issueType: '设备故障', from: '2026-08-10', to: '2026-08-16' }],
  [
    'agent, issue type, a week',
    { issueType: '设备故障', agent: '001', from: '2026-08-10', to: '2026-08-16' },
  ],
  ['tier core, longer than 5 min', { tier: 'core', minDurationS: '300' }],
  ['whole phone number', { phone: '13800012345' }],
  ['last four', { phone: '2345' }],
  ['masked number', { phone: '138****2345' }],
  ['text, frequent', { text: '投诉' }],
  ['text, rare', { text: '电梯困人' }],
  ['text, absent', { text: '紫檀木椅' }],
  ['text, issue type, agent', { text: '卡纸', issueType: '设备故障', agent: '001' }],
  ['text, three months', { text: '账单金额', from: '2026-05-01', to: '2026-07-31' }],
  ['facets and total', { facets: 'true' }],
  ['facets, issue type', { facets: 'true', issueType: '设备故障' }],
];

/** Whole answers over HTTPS: policy, rows, total, opening of the page's fields, ledger entry. */
export async function measureSearch(archive: TestArchive, rounds: number): Promise<void> {
  for (const who of ['qa', 'agent001']) {
    const rows: (string | number)[][] = [];
    for (const [name, filters] of QUERIES) {
      const path = `/records?${new URLSearchParams({ limit: '50', ...filters })}`;
      const times: number[] = [];
      let result: SearchResult | undefined;
      for (let round = 0; round < rounds + 3; round += 1) {
        const started = performance.now();
        result = await archive.json<SearchResult>(who, path);
        if (round >= 3) times.push(performance.now() - started);
      }
      const total = `${result?.totalCapped === true ? '≥ ' : ''}${result?.total}`;
      rows.push([name, total, quantile(times, 0.5), quantile(times, 0.99)]);
    }
    printTable(`search over HTTPS as ${who}, ms`, ['query', 'total', 'p50', 'p99'], rows);
  }
}
