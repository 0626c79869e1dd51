import type { SiteView } from '@voxkeep/contract';
import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { HealthMark } from '../shell/health-mark.tsx';

const PLAN = 'docs/recovery-plan.zh-CN.md';
/** Folders as the plan calls them. */
const FOLDERS = '--keys /srv/keys --data /srv/voxkeep-new/data';

/** What to type when a site is lost: one command for each site that could be restored from. */
export function LostSite({ sites }: { sites: readonly SiteView[] }) {
  const { t } = useTranslation();
  return (
    <section className="lost-site" aria-labelledby="lost-site" data-testid="lost-site">
      <h3 id="lost-site">{t('recovery.lost')}</h3>
      <p className="muted">
        {t('recovery.lostLead')} <code>{PLAN}</code>
      </p>
      <dl>
        {sites.map(({ name, reachable }) => (
          <div key={name}>
            <dt>{labelOf('site', name)}</dt>
            <dd>
              {reachable ? (
                <Typography.Text
                  code
                  copyable={{ tooltips: [t('shell.copy'), t('shell.copied')] }}
                >{`voxkeep recover --from ${name} ${FOLDERS}`}</Typography.Text>
              ) : (
                <HealthMark good={false} text={t('recovery.lostAway')} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
