export { addressOf, setAddress } from './address.ts';
export { countDeliveries } from './count-deliveries.ts';
export { createNotices } from './create-notices.ts';
export { type DeliverDeps, deliver } from './deliver.ts';
export { forgetNotices } from './forget-notices.ts';
export { countUnread, listNotices } from './list-notices.ts';
export { markRead } from './mark-read.ts';
export { wasTold } from './was-told.ts';
