import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { RowStreams } from '../../journal/ports.ts';

/** PostgreSQL's COPY, text format, with back-pressure both ways. */
export const copyRows: RowStreams = {
  copyOut: (client, select) => client.query(copyTo(`copy (${select}) to stdout`)),
  async copyIn(client, into, rows, where) {
    const only = where === undefined ? '' : ` where ${where}`;
    const stream = client.query(copyFrom(`copy ${into} from stdin${only}`));
    await pipeline(Readable.from(rows), stream);
    return stream.rowCount;
  },
};
