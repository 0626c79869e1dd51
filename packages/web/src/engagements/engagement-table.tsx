import { Link } from '@tanstack/react-router';
import type { EngagementView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { Mark } from '../compliance/mark.tsx';
import { writeList } from '../i18n/write-list.ts';
import { PartyName } from '../retire/party-name.tsx';
import { ScrollBox } from '../retire/scroll-box.tsx';
import { EngagementMark } from './marks.tsx';

/** A line an engagement: whose, until when, who looks, and what waits for an answer. */
export function EngagementTable({ engagements }: { engagements: readonly EngagementView[] }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-label={t('engagements.list')}>
      <ScrollBox label={t('engagements.list')}>
        <table className="plain engagement-table" data-testid="engagements">
          <thead>
            <tr>
              <th scope="col">{t('engagements.firm')}</th>
              <th scope="col">{t('engagements.stateTitle')}</th>
              <th scope="col">{t('engagements.purpose')}</th>
              <th scope="col">{t('engagements.days')}</th>
              <th scope="col">{t('engagements.auditors')}</th>
              <th scope="col" className="end">
                {t('engagementSample.title')}
              </th>
              <th scope="col">{t('engagementEvidence.open')}</th>
              <th scope="col">{t('engagementFinding.open')}</th>
              <th scope="col">{t('engagements.openedBy')}</th>
            </tr>
          </thead>
          <tbody>
            {engagements.map((engagement) => (
              <EngagementRow key={engagement.id} engagement={engagement} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function EngagementRow({ engagement }: { engagement: EngagementView }) {
  const { t, i18n } = useTranslation();
  const { id, firm, purpose, from, until, auditors, counts, openedBy, may } = engagement;
  const names = auditors.map((one) => one.name ?? `…${one.id.slice(-6)}`);
  return (
    <tr data-testid="engagement">
      <th scope="row" className="engagement-firm">
        <Link to="/compliance/engagements/$id" params={{ id }}>
          {firm}
        </Link>
      </th>
      <td>
        <EngagementMark engagement={engagement} />
        {may.includes('confirm') ? (
          <span className="muted engagement-line">{t('engagements.waitsForYou')}</span>
        ) : null}
      </td>
      <td className="engagement-purpose" title={purpose}>
        {purpose}
      </td>
      <td className="num engagement-days">{t('engagements.span', { from, to: until })}</td>
      <td>
        {names.length === 0 ? (
          <span className="muted">{t('shell.none')}</span>
        ) : (
          writeList(names, i18n.language)
        )}
      </td>
      <td className="end num">{counts.samples}</td>
      <td>
        <Open open={counts.evidenceOpen} late={counts.evidenceOverdue} />
      </td>
      <td>
        <Open open={counts.findingsOpen} late={0} />
      </td>
      <td>
        <PartyName party={openedBy} />
      </td>
    </tr>
  );
}

/** How many wait, and whether any is late. */
function Open({ open, late }: { open: number; late: number }) {
  const { t } = useTranslation();
  if (open === 0) return <span className="muted num">0</span>;
  return (
    <Mark tone={late > 0 ? 'bad' : 'soon'}>
      {late > 0 ? t('engagementEvidence.openLate', { n: open, late }) : open}
    </Mark>
  );
}
