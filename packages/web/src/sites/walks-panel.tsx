import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ScrubKind, ScrubView, SitesView, SiteView } from '@voxkeep/contract';
import { App, Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { sitesQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { writeBytes } from '../i18n/moments.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { problemSentence } from '../shell/problem-words.ts';

const KINDS = ['light', 'deep'] as const;

/** The last walks over the copies of each site; operators begin one here. */
export function WalksPanel({ sites }: { sites: readonly SiteView[] }) {
  const { t } = useTranslation();
  const may = mayOpen(useSession(), 'walkSites');
  return (
    <section className="card walks" aria-labelledby="site-walks" data-testid="site-walks">
      <h2 id="site-walks">{t('sites.walks')}</h2>
      <p className="muted">
        {t('sites.walksLead')} {may ? null : t('sites.mayNot')}
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('sites.site')}</th>
            <th scope="col">{t('sites.walkStarted')}</th>
            <th scope="col">{t('sites.walkEnded')}</th>
            <th scope="col" className="end">
              {t('sites.walkChecked')}
            </th>
            <th scope="col" className="end">
              {t('sites.walkFaults')}
            </th>
            <th scope="col" className="end">
              {t('sites.walkRepaired')}
            </th>
            {may ? <th scope="col">{t('sites.walkAction')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {sites.flatMap((site) =>
            KINDS.map((kind) => (
              <tr key={site.name + kind} data-testid={`walk-${site.name}-${kind}`}>
                <th scope="row">
                  {labelOf('site', site.name)} · {t(`sites.walkKind.${kind}`)}
                </th>
                <Walk site={site} walk={site.scrubs.find((one) => one.kind === kind)} />
                {may ? (
                  <td>
                    <Begin site={site} kind={kind} />
                  </td>
                ) : null}
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}

function Walk({ site, walk }: { site: SiteView; walk: ScrubView | undefined }) {
  const { t } = useTranslation();
  if (walk === undefined) {
    return (
      <td colSpan={5} className="muted">
        {t('sites.walkNever')}
      </td>
    );
  }
  const { startedAt, endedAt, checked, faults, repaired } = walk;
  const percent = Math.min(99, Math.floor((checked / Math.max(1, site.copies)) * 100));
  const lost = faults > repaired;
  return (
    <>
      <td>
        <Moment at={startedAt} />
      </td>
      <td>
        {endedAt === undefined ? (
          <span className="walk-open">
            {t('sites.walkOpen')}
            <Progress
              percent={percent}
              size="small"
              aria-label={`${t('sites.walkOpen')} ${percent}%`}
            />
          </span>
        ) : (
          <Moment at={endedAt} />
        )}
      </td>
      <td className="end num">{checked.toLocaleString('en')}</td>
      <td className={`end num${faults > 0 ? ' held' : ''}`}>{faults.toLocaleString('en')}</td>
      <td className={`end num${lost ? ' state-bad' : ''}`}>{repaired.toLocaleString('en')}</td>
    </>
  );
}

function Begin({ site, kind }: { site: SiteView; kind: ScrubKind }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const begin = useMutation({
    mutationFn: () =>
      ask<SitesView>(`/sites/${site.name}/scrub`, { method: 'POST', body: { kind } }),
    onSuccess: async (view) => {
      queries.setQueryData(sitesQuery.queryKey, view);
      void message.success(t('sites.begun'));
      await queries.invalidateQueries({ queryKey: sitesQuery.queryKey });
    },
    onError: (error) => void message.error(problemSentence(error)),
  });
  const deep = kind === 'deep';
  const name = labelOf('site', site.name);
  const copies = site.copies.toLocaleString('en');
  const size = writeBytes(site.used.reduce((sum, { bytes }) => sum + bytes, 0));
  const confirm = () =>
    void modal.confirm({
      title: t('sites.beginTitle', { site: name, kind: t(`sites.walkKind.${kind}`) }),
      content: deep
        ? t('sites.beginDeepText', { copies, size })
        : t('sites.beginLightText', { copies }),
      okText: t('sites.begin'),
      cancelText: t('shell.cancel'),
      onOk: () => begin.mutateAsync().catch(() => undefined),
    });
  return (
    <Button
      size="small"
      disabled={!site.reachable}
      loading={begin.isPending}
      onClick={confirm}
      aria-label={t(deep ? 'sites.beginDeepOf' : 'sites.beginLightOf', { site: name })}
      data-testid={`begin-${site.name}-${kind}`}
    >
      {t(deep ? 'sites.beginDeep' : 'sites.beginLight')}
    </Button>
  );
}
