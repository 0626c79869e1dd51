export { createNotices } from './create-notices.ts';
export { countUnread, listNotices } from './list-notices.ts';
export { markRead } from './mark-read.ts';
