import { auditError } from '../audit-error.ts';
import { check } from '../check.ts';
import type { Found } from '../ports.ts';

type Code = 'DISK_NOT_ENCRYPTED' | 'DISK_UNKNOWN';

/** Whatever disk or bucket the archive writes to is encrypted by its host; what cannot be told is a finding. */
export const disksEncrypted = check<Code>({
  title: { zh: '磁盘加密：主机与各站点', en: 'Disk encryption: hosts and sites' },
  retest: {
    zh: '重新查看每个位置的设备映射或存储桶加密设置。',
    en: 'Device maps and settings of buckets are looked at again.',
  },
  codes: {
    DISK_NOT_ENCRYPTED: {
      severity: 'high',
      wrong: { zh: '所在磁盘未加密', en: 'The disk is not encrypted' },
      fix: {
        zh: '将该位置迁移到 LUKS（dm-crypt）卷；存储桶启用默认加密。',
        en: 'Move it to a LUKS (dm-crypt) volume; give a bucket default encryption.',
      },
    },
    DISK_UNKNOWN: {
      severity: 'medium',
      wrong: { zh: '无法判断所在磁盘是否加密', en: 'Whether the disk is encrypted cannot be told' },
      fix: {
        zh: '改用可判断的卷，或由两人以书面证据接受此项。',
        en: 'Use a volume that can be told, or have two people accept it on written evidence.',
      },
    },
  },
  async run({ disks }) {
    const states = await disks();
    if (states.length === 0) throw auditError('AUDIT_PRECONDITION', 'no place was looked at');
    const findings = states.flatMap(({ place, encrypted, how }): Found<Code>[] => {
      if (encrypted === 'yes') return [];
      const code = encrypted === 'no' ? 'DISK_NOT_ENCRYPTED' : 'DISK_UNKNOWN';
      return [{ code, subject: { kind: 'disk', id: place }, detail: { how } }];
    });
    return { looked: states.length, findings };
  },
});
