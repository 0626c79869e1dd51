import type { SubjectRequestDetail } from '@voxkeep/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { RecordLink } from './record-link.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** What was asked and decided, with the words that lie sealed. */
export function SubjectFacts({ request }: { request: SubjectRequestDetail }) {
  const { t } = useTranslation();
  const { kind, withMedia, decidedBy, decidedAt, endedAt, extendedAt } = request;
  const at = (when: string | undefined) =>
    when === undefined ? undefined : <Moment key={when} at={when} exact />;
  const facts: [string, ReactNode][] = [
    [t('subjects.phone'), request.phone],
    [t('subjects.account'), request.account],
    [t('subjects.identity'), request.identity],
    [t('subjects.note'), request.note],
    [
      t('subjects.copyParts'),
      kind === 'copy'
        ? t(withMedia === true ? 'subjects.copyMedia' : 'subjects.copyText')
        : undefined,
    ],
    [t('subjects.receivedOn'), request.receivedOn],
    [t('subjects.enteredBy'), <OfficerName key="by" id={request.enteredBy} />],
    [t('subjects.enteredAt'), at(request.enteredAt)],
    [t('subjects.extendedAt'), at(extendedAt)],
    [t('subjects.extensionReason'), request.extensionReason],
    [
      t('subjects.decidedBy'),
      decidedBy === undefined ? undefined : <OfficerName key="decided" id={decidedBy} />,
    ],
    [t('subjects.decidedAt'), at(decidedAt)],
    [t('subjects.decisionReason'), request.decisionReason],
    [t('subjects.withdrawalReason'), request.withdrawalReason],
    [t('subjects.endedAt'), at(endedAt)],
  ];
  return (
    <>
      <h2>{t('subjects.facts')}</h2>
      <dl className="retire-facts" data-testid="subject-facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Corrections request={request} />
    </>
  );
}

/** The archive names accounts of officers by id only. */
function OfficerName({ id }: { id: string }) {
  const { t } = useTranslation();
  const { actor } = useSession();
  return (
    <span title={id}>
      {id === actor.id ? t('subjects.self') : t('subjects.officer', { id: id.slice(-6) })}
    </span>
  );
}

function Corrections({ request: { corrections } }: { request: SubjectRequestDetail }) {
  const { t } = useTranslation();
  if (corrections === undefined) return null;
  return (
    <ScrollBox label={t('subjects.corrections')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('subjects.correctionRecord')}</th>
            <th scope="col">{t('subjects.correctionField')}</th>
            <th scope="col">{t('subjects.before')}</th>
            <th scope="col">{t('subjects.correctionValue')}</th>
          </tr>
        </thead>
        <tbody>
          {corrections.map(({ recordId, field, before, value }) => (
            <tr key={`${recordId} ${field}`}>
              <th scope="row">
                <RecordLink id={recordId} />
              </th>
              <td>{t(`subjects.field.${field}`)}</td>
              <td>{before === undefined ? '–' : worded(field, before)}</td>
              <td>{worded(field, value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

const worded = (field: 'segment' | 'team' | 'issueType', value: string): string =>
  field === 'team' ? value : labelOf(field, value);
