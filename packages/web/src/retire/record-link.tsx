import { Link } from '@tanstack/react-router';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';

/** A record by the end of its id; it opens for whoever may view records. */
export function RecordLink({ id }: { id: string }) {
  const opens = mayDo(useSession(), 'view');
  const short = `…${id.slice(-8)}`;
  if (!opens) {
    return (
      <span className="num" title={id}>
        {short}
      </span>
    );
  }
  return (
    <Link to="/records/$id" params={{ id }} className="num" title={id}>
      {short}
    </Link>
  );
}
