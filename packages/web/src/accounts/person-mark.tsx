import { TeamOutlined } from '@ant-design/icons';
import type { AccountView } from '@voxkeep/contract';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

/** Whether somebody has further accounts, and which: a second account is no second pair of eyes. */
export function PersonMark({
  account: { role, person, samePersonAs },
  all,
}: {
  account: AccountView;
  all: readonly AccountView[];
}) {
  const { t } = useTranslation();
  if (role === 'service') return null;
  if (samePersonAs === undefined) {
    return (
      <span className={person ? 'muted' : 'person-unknown'}>
        {t(person ? 'accounts.personKnown' : 'accounts.personUnknown')}
      </span>
    );
  }
  const others = all.filter(({ id }) => samePersonAs.includes(id)).map((one) => one.username);
  return (
    <Tooltip title={t('accounts.samePersonAs', { names: others.join('、') })}>
      <span className="person-shared" tabIndex={0} role="note">
        <TeamOutlined aria-hidden="true" /> {t('accounts.samePerson', { count: others.length + 1 })}
      </span>
    </Tooltip>
  );
}
