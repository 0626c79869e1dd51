import { HourglassOutlined } from '@ant-design/icons';
import type { RecordRetention } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeList } from '../i18n/write-list.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { TellAnchor } from './tell-anchor.tsx';

/** Days that were told and that are waited for; officers tell one. */
export function TermAnchors({ term }: { term: RecordRetention }) {
  const { t, i18n } = useTranslation();
  const mayTell = mayOpen(useSession(), 'manageRetention');
  const [telling, setTelling] = useState(false);
  const { anchors, waitsFor } = term;
  const names = waitsFor.map((anchor) => t(`term.anchor.${anchor}`));
  return (
    <div className="term-anchors">
      {names.length === 0 ? null : (
        <p className="term-line state-held" data-testid="term-waits">
          <HourglassOutlined aria-hidden="true" />
          <span>{t('term.waitsFor', { list: writeList(names, i18n.language) })}</span>
        </p>
      )}
      {anchors.length === 0 ? (
        <p className="muted">{t('term.anchorsNone')}</p>
      ) : (
        <>
          <p className="muted">{t('term.anchors')}</p>
          <ul className="bullets">
            {anchors.map(({ anchor, day, toldAt, toldBy }) => (
              <li key={anchor} title={toldBy} data-testid="term-anchor">
                {t(`term.anchor.${anchor}`)} <span className="num">{day}</span>{' '}
                <span className="muted">
                  <Moment at={toldAt} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {mayTell ? (
        <Button
          size="small"
          className="panel-action"
          onClick={() => setTelling(true)}
          data-testid="tell-anchor"
        >
          {t('term.tell')}
        </Button>
      ) : (
        <p className="muted">{t('term.mayNotTell')}</p>
      )}
      {telling ? <TellAnchor term={term} onClose={() => setTelling(false)} /> : null}
    </div>
  );
}
