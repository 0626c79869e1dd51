import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

/** One piece of BER (X.690): its tag, its bytes, and what is inside when it is made of others. */
interface Piece {
  tag: number;
  bytes: Buffer;
  inside: Piece[];
}
type Attributes = Record<string, readonly (string | Buffer)[]>;
export interface LdapEntry {
  dn: string;
  password: string;
  attributes: Attributes;
}
export interface LdapServer {
  url: string;
  /** Names of binds and filters that came, in plain words. */
  heard: string[];
  /** Whether the last bind with a password came without TLS. */
  overheard: boolean;
  /** While set it takes connections and answers nothing. */
  silent: boolean;
  close(): Promise<void>;
}

const SUCCESS = 0;
const INVALID_CREDENTIALS = 49;
const INSUFFICIENT_RIGHTS = 50;
const START_TLS = '1.3.6.1.4.1.1466.20037';

/**
 * A small LDAP server (RFC 4511) that knows simple binds, searches with and, equality and presence, and
 * StartTLS. Only who has bound as `reader` may search.
 */
export async function ldapServer(
  entries: readonly LdapEntry[],
  reader: string,
  tls: { key: string; cert: string; from: 'first byte' | 'StartTLS' },
): Promise<LdapServer> {
  const sockets = new Set<Socket>();
  const state: LdapServer = {
    ...{ url: '', heard: [], overheard: false, silent: false, close: async () => undefined },
  };

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let bound = '';
    let rest = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let whole = lengthOf(rest); whole !== undefined; whole = lengthOf(rest)) {
        const [message] = read(rest.subarray(0, whole));
        rest = rest.subarray(whole);
        if (message !== undefined) answer(message);
      }
    };
    const answer = ({ inside: [id, operation] }: Piece) => {
      if (id === undefined || operation === undefined || state.silent) return;
      const send = (tag: number, ...parts: Buffer[]) =>
        socket.write(write(0x30, write(0x02, id.bytes), write(tag, ...parts)));
      const result = (code: number) => [write(0x0a, Buffer.of(code)), write(0x04), write(0x04)];
      if (operation.tag === 0x60) {
        const [, name, secret] = operation.inside;
        const dn = String(name?.bytes);
        const entry = entries.find((one) => one.dn === dn);
        // RFC 4513, 5.1.2: without a password nobody is proved, and it succeeds all the same.
        const right = secret?.bytes.length === 0 || entry?.password === String(secret?.bytes);
        state.heard.push(`bind ${dn}`);
        state.overheard = !(socket instanceof TLSSocket);
        bound = right ? dn : '';
        send(0x61, ...result(right ? SUCCESS : INVALID_CREDENTIALS));
      } else if (operation.tag === 0x63) {
        const filter = operation.inside[6];
        state.heard.push(`search ${words(filter)}`);
        const found = bound === reader ? entries.filter((one) => fits(filter, one)) : [];
        for (const one of found) send(0x64, write(0x04, Buffer.from(one.dn)), attributesOf(one));
        send(0x65, ...result(bound === reader ? SUCCESS : INSUFFICIENT_RIGHTS));
      } else if (operation.tag === 0x77 && String(operation.inside[0]?.bytes) === START_TLS) {
        send(0x78, ...result(SUCCESS));
        socket.off('data', onData);
        serve(new TLSSocket(socket, { isServer: true, key: tls.key, cert: tls.cert }));
      } else {
        socket.end();
      }
    };
    socket.on('data', onData);
  }

  const { key, cert } = tls;
  const server =
    tls.from === 'first byte' ? createTlsServer({ key, cert }, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scheme = tls.from === 'first byte' ? 'ldaps' : 'ldap';
  state.url = `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
  state.close = () =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return state;
}

const valuesOf = ({ attributes }: LdapEntry, name: string): readonly (string | Buffer)[] =>
  Object.entries(attributes).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1] ?? [];

function fits(filter: Piece | undefined, entry: LdapEntry): boolean {
  if (filter?.tag === 0xa0) return filter.inside.every((one) => fits(one, entry));
  if (filter?.tag === 0x87) return valuesOf(entry, String(filter.bytes)).length > 0;
  const [name, value] = filter?.inside ?? [];
  return (
    filter?.tag === 0xa3 &&
    valuesOf(entry, String(name?.bytes)).some(
      (one) => String(one).toLowerCase() === String(value?.bytes).toLowerCase(),
    )
  );
}

function words(filter: Piece | undefined): string {
  if (filter?.tag === 0xa0) return `(&${filter.inside.map(words).join('')})`;
  if (filter?.tag === 0xa3) return `(${filter.inside.map(({ bytes }) => bytes).join('=')})`;
  return '(?)';
}

const attributesOf = ({ attributes }: LdapEntry): Buffer =>
  write(
    0x30,
    ...Object.entries(attributes).map(([name, values]) =>
      write(
        0x30,
        write(0x04, Buffer.from(name)),
        write(0x31, ...values.map((value) => write(0x04, Buffer.from(value)))),
      ),
    ),
  );

function write(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.of(tag, 0x84), length, body]);
}

/** Of the first piece with its head; undefined while it is not all there. */
function lengthOf(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] ?? 0;
  if (short < 128) return bytes.length >= 2 + short ? 2 + short : undefined;
  const more = short & 0x7f;
  if (bytes.length < 2 + more) return undefined;
  const all = 2 + more + bytes.readUIntBE(2, more);
  return bytes.length >= all ? all : undefined;
}

function read(bytes: Buffer): Piece[] {
  const pieces: Piece[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const all = lengthOf(rest);
    if (all === undefined) break;
    const short = rest[1] ?? 0;
    const body = rest.subarray(short < 128 ? 2 : 2 + (short & 0x7f), all);
    const tag = rest[0] ?? 0;
    pieces.push({ tag, bytes: body, inside: (tag & 0x20) === 0 ? [] : read(body) });
    rest = rest.subarray(all);
  }
  return pieces;
}
