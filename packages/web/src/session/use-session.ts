import type { SessionView } from '@voxkeep/contract';
import { createContext, useContext } from 'react';

export const SessionContext = createContext<SessionView | undefined>(undefined);

/** The signed-in person; only below `SignedIn`. */
export function useSession(): SessionView {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession outside SignedIn');
  return session;
}
