import { ArchiveError } from '../../core/errors.ts';
import type { DeliveryErrorCode } from '../../notices/ports.ts';

/** Without what the other side said: its text could hold an address. */
export const deliveryFailure = (code: DeliveryErrorCode) =>
  new ArchiveError<DeliveryErrorCode>(code, `a notice did not go out: ${code}`, {
    retry: code === 'ADDRESS_REFUSED' ? 'never' : 'later',
  });

const NOT_TRUSTED = /certificate|self.signed|SSL|TLS|altnames/i;

/** What Node says of a connection that did not come about, in this archive's words. */
export function connectionFailure(error: Error & { code?: string | undefined }) {
  if (NOT_TRUSTED.test(`${error.code} ${error.message}`)) {
    return deliveryFailure('RECEIVER_NOT_TRUSTED');
  }
  const slow = error.code === 'ETIMEDOUT';
  return deliveryFailure(slow ? 'RECEIVER_TOO_SLOW' : 'RECEIVER_UNREACHABLE');
}
