import { type CertifiedRecord, type CertifiedRun, verifyCertificate } from '@voxkeep/proof';
import type { Paper, PaperBlock, Press } from '../../../core/paper.ts';

const HOW = { delete: '删除 deleted', anonymise: '匿名化后删除 anonymised' };
const GROUND = {
  erasure: '当事人删除请求 erasure request',
  closure: '账户注销 account closed',
  maximum: '达到最长留存期 maximum reached',
  policy: '留存期满 retention over',
};

/**
 * A certificate on paper, for people: what proves is the file, which the paper names by the entry that commits
 * to it. Rejects with what `verifyCertificate` throws: nothing is printed that does not verify.
 */
export async function certificatePdf(press: Press, text: string, vkey: string): Promise<Buffer> {
  return press(certificatePaper(text, vkey));
}

/** The paper before it is printed. Throws CertificateError. */
export function certificatePaper(text: string, vkey: string): Paper {
  const { statement, certifiedAt, size } = verifyCertificate(text, { vkey });
  const { archiveId, log, run, records, count } = statement;
  return {
    title: '删除证明 Deletion certificate',
    facts: [
      { name: '档案库 Archive', value: archiveId },
      { name: '出具时间 Stated at', value: certifiedAt },
      { name: '账本 Ledger', value: `${log} (${size})` },
      { name: '验证密钥 Verifier key', value: vkey },
      { name: '记录数 Records', value: `${records.length} / ${count}` },
      { name: '处置批次 Run', value: run.id },
      ...approvals(run),
    ],
    blocks: records.flatMap(blocksOf),
    foot: '本页仅供阅读；证明效力以 JSON 文件为准，可离线验证 For reading; the JSON file proves: voxkeep verify certificate',
    madeAt: new Date(certifiedAt),
  };
}

function approvals({ alone, approvals: all = [] }: CertifiedRun): Paper['facts'] {
  if (alone === true)
    return [{ name: '审批 Approval', value: '按规则自动执行 by the rules alone' }];
  return all.map(({ account, role, at, keyId = '' }) => ({
    name: '审批 Approved by',
    value: `${account} (${role}) ${at} ${keyId}`.trim(),
  }));
}

function blocksOf(record: CertifiedRecord): PaperBlock[] {
  const { recordId, facts, sites, received, unreadableAt, lockedUntil, beyondOldCopiesFrom } =
    record;
  const lines = [
    `${HOW[facts.how]} ${facts.disposedAt}`,
    `${GROUND[facts.ground]}: ${facts.rule} ${facts.clause} (${facts.keepUntil})`,
    `全部站点不可读 Unreadable at all sites: ${unreadableAt ?? '尚未 not yet'}`,
    `任何旧副本均不可读 Beyond any old copy: ${beyondOldCopiesFrom ?? '尚未 not yet'}`,
    ...(lockedUntil === undefined
      ? []
      : [`不可读密文锁定至 Unreadable bytes locked until: ${lockedUntil}`]),
  ];
  const purposes = facts.objects.map(({ id, purpose, pool }) => [purpose, pool, id]);
  return [
    { kind: 'heading', text: recordId },
    ...lines.map((text) => ({ kind: 'text' as const, text })),
    tableOf(['对象 Object', '存储池 Pool', '标识 Id'], purposes),
    tableOf(
      ['站点 Site', '密钥信封 Envelopes', '锁定至 Locked until'],
      sites.map(({ site, envelopesGoneAt, pending, lockedUntil: until }) => [
        site,
        pending === undefined ? (envelopesGoneAt ?? '已销毁 gone') : `待销毁 pending: ${pending}`,
        until ?? '',
      ]),
    ),
    ...(received.length === 0
      ? []
      : [
          tableOf(
            ['此前取得副本 Received before', '账号 Account', '时间 At'],
            received.map(({ act, account, role, at }) => [act, `${account} (${role})`, at]),
          ),
        ]),
  ];
}

const tableOf = (names: readonly string[], rows: string[][]): PaperBlock => ({
  kind: 'table',
  columns: names.map((name) => ({ name, share: 1 })),
  rows,
});
