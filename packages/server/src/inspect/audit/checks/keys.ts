import { check, DAY_MS } from '../check.ts';
import type { Found } from '../ports.ts';

const YEAR_DAYS = 366;

/** No key is in use, or held, for longer than its epoch and a year. */
export const keysAge = check<'EPOCH_OLD' | 'QUARANTINE_KEY_OLD'>({
  title: { zh: '密钥：周期未超龄', en: 'Keys: no epoch too old' },
  retest: { zh: '重新读取密钥库中的全部周期。', en: 'Every epoch in the key store is read again.' },
  codes: {
    EPOCH_OLD: {
      severity: 'medium',
      wrong: {
        zh: '内容密钥周期结束一年后仍未销毁',
        en: 'A content epoch is still held a year after its end',
      },
      fix: {
        zh: '轮换并销毁旧周期（voxkeep keys rotate --finish）。',
        en: 'Rotate and destroy it (voxkeep keys rotate --finish).',
      },
    },
    QUARANTINE_KEY_OLD: {
      severity: 'high',
      wrong: {
        zh: '已无对象需要的隔离区日密钥仍未销毁',
        en: 'A day’s key of the quarantine is held that nothing needs',
      },
      fix: {
        zh: '销毁闲置的隔离区密钥（voxkeep keys rotate --quarantine）。',
        en: 'Destroy idle keys of the quarantine (voxkeep keys rotate --quarantine).',
      },
    },
  },
  async run({ keys, db, asOf }) {
    const epochs = await keys.epochs();
    const oldest = await db
      .selectFrom('sealed_object')
      .select(({ fn }) => fn.min('created_at').as('at'))
      .where('pool', '=', 'quarantine')
      .where('destroyed_at', 'is', null)
      .executeTakeFirst();
    // A day's upkeep may be to come, and the day itself.
    const needed = Math.min(oldest?.at?.getTime() ?? asOf.getTime(), asOf.getTime()) - 3 * DAY_MS;
    const findings = epochs.flatMap(
      ({ pool, epoch }): Found<'EPOCH_OLD' | 'QUARANTINE_KEY_OLD'>[] => {
        const subject = { kind: 'epoch' as const, id: `${pool}-${epoch}` };
        if (pool === 'quarantine') {
          const isIdle = Date.parse(`${epoch}T23:59:59.999Z`) < needed;
          return isIdle ? [{ code: 'QUARANTINE_KEY_OLD', subject }] : [];
        }
        const ended = Date.UTC(Number(epoch.slice(0, 4)) + 1, 0, 1);
        return asOf.getTime() - ended > YEAR_DAYS * DAY_MS ? [{ code: 'EPOCH_OLD', subject }] : [];
      },
    );
    return { looked: epochs.length, findings };
  },
});

type Escrow = 'ESCROW_MISSING' | 'SHARES_UNCONFIRMED' | 'BUNDLE_BEHIND' | 'RESHARE_DUE';
const DUTIES: Record<string, Escrow> = {
  escrow_missing: 'ESCROW_MISSING',
  shares_unconfirmed: 'SHARES_UNCONFIRMED',
  bundle_behind: 'BUNDLE_BEHIND',
  reshare: 'RESHARE_DUE',
};

/** Officers hold shares by which the keys come back, and the bundle that they open is at the sites. */
export const keysEscrow = check<Escrow>({
  title: { zh: '密钥托管：份额与托管包', en: 'Key escrow: shares and bundle' },
  retest: {
    zh: '重新读取托管份额与各站点的托管包。',
    en: 'Shares and the bundles at the sites are read again.',
  },
  codes: {
    ESCROW_MISSING: {
      severity: 'high',
      wrong: {
        zh: '没有密钥托管，密钥库丢失即全部丢失',
        en: 'There is no escrow: with the key folder everything would be lost',
      },
      fix: {
        zh: '举行份额仪式（voxkeep keys escrow）。',
        en: 'Hold the ceremony (voxkeep keys escrow).',
      },
    },
    SHARES_UNCONFIRMED: {
      severity: 'medium',
      wrong: { zh: '确认持有份额的人数不足', en: 'Too few officers have confirmed their shares' },
      fix: {
        zh: '请份额持有人确认（voxkeep keys confirm）。',
        en: 'Have the holders confirm theirs (voxkeep keys confirm).',
      },
    },
    BUNDLE_BEHIND: {
      severity: 'high',
      wrong: { zh: '站点上的托管包过旧或缺失', en: 'The bundle at a site is old or missing' },
      fix: {
        zh: '恢复站点连通，托管包会自动更新。',
        en: 'Bring the site back; the bundle follows.',
      },
    },
    RESHARE_DUE: {
      severity: 'medium',
      wrong: {
        zh: '销毁旧周期后未重新分发份额',
        en: 'No new shares were given out since an epoch was destroyed',
      },
      fix: {
        zh: '重新举行份额仪式（voxkeep keys escrow）。',
        en: 'Hold the ceremony again (voxkeep keys escrow).',
      },
    },
  },
  async run({ keys }) {
    const { due } = await keys.view();
    const subject = { kind: 'key' as const, id: 'escrow' };
    const codes = due.flatMap((duty) => DUTIES[duty] ?? []);
    return { looked: 1, findings: codes.map((code) => ({ code, subject })) };
  },
});

type Apart = 'KEYS_INSIDE' | 'KEYS_READABLE' | 'KEYS_SAME_DEVICE';

/** Whoever takes a disk of data away has no keys to it. */
export const keysApart = check<Apart>({
  title: { zh: '密钥与数据分离', en: 'Keys apart from data' },
  retest: {
    zh: '重新查看密钥库的位置、设备与权限。',
    en: 'Place, device and rights of the key folder are looked at again.',
  },
  codes: {
    KEYS_INSIDE: {
      severity: 'critical',
      wrong: {
        zh: '密钥库位于数据或站点目录之内',
        en: 'The key folder lies within the data or a site',
      },
      fix: { zh: '将密钥库移出（--keys）。', en: 'Move the key folder out (--keys).' },
    },
    KEYS_READABLE: {
      severity: 'high',
      wrong: {
        zh: '其他用户可读写密钥库中的文件',
        en: 'Others may read or change a file of the key folder',
      },
      fix: {
        zh: 'chmod -R go= 密钥库；评估是否需要轮换。',
        en: 'chmod -R go= the folder; consider a rotation.',
      },
    },
    KEYS_SAME_DEVICE: {
      severity: 'medium',
      wrong: { zh: '密钥与数据在同一设备上', en: 'Keys and data are on one device' },
      fix: {
        zh: '把密钥库放到独立的加密卷或密钥服务。',
        en: 'Put the key folder on an encrypted volume of its own, or use a key service.',
      },
    },
  },
  async run({ keys }) {
    const { inside, sharesDeviceWith, readable } = await keys.place();
    const folder = { kind: 'key' as const, id: 'folder' };
    const findings: Found<Apart>[] = [
      ...(inside ? [{ code: 'KEYS_INSIDE' as const, subject: folder }] : []),
      ...readable.map((name) => ({
        ...{ code: 'KEYS_READABLE' as const, subject: folder },
        detail: { file: name },
      })),
      ...sharesDeviceWith.map((id) => ({
        ...{ code: 'KEYS_SAME_DEVICE' as const, subject: { kind: 'disk' as const, id } },
      })),
    ];
    return { looked: 1, findings };
  },
});
