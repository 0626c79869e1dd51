import { KeyOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { GrantField } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { fieldsFor, fieldsOf } from './grant-fields.ts';

interface Ask {
  recordId: string;
  /** Refused actions that it should open; without any, whatever may be asked for. */
  actions?: string[];
  small?: boolean;
}

/** "申请调取" where a page refuses, for those whom a grant could help. */
export function AskLink({ recordId, actions, small = false }: Ask) {
  const { t } = useTranslation();
  const session = useSession();
  const { role } = session.actor;
  const field: readonly GrantField[] = actions === undefined ? [] : fieldsFor(role, actions);
  const useless = actions === undefined ? fieldsOf(role).length === 0 : field.length === 0;
  if (!mayOpen(session, 'mine') || useless) return null;
  return (
    <Link
      to="/access/ask"
      search={{ record: [recordId], ...(field.length === 0 ? {} : { field: [...field] }) }}
      className={small ? 'ask-link ask-link-small' : 'ask-link'}
      data-testid="ask-access"
    >
      <KeyOutlined aria-hidden="true" /> {t('access.ask')}
    </Link>
  );
}
