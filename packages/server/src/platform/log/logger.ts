import pino from 'pino';

/** What a log line may hold. Anything else is dropped: a log is not the ledger and never content. */
const ALLOWED = [
  ...['event', 'requestId', 'method', 'route', 'status', 'ms', 'code', 'recordId', 'state', 'step'],
  ...['site', 'count', 'bytes', 'port', 'task', 'attempt', 'actorId', 'kind', 'reason', 'version'],
] as const;
export type LogFields = Partial<Record<(typeof ALLOWED)[number], string | number | boolean>>;

export interface EventLog {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** JSON lines on `destination` with allow-listed fields. */
export function createLog(level: string, destination: NodeJS.WritableStream): EventLog {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const kept = (fields: LogFields = {}) =>
    Object.fromEntries(
      ALLOWED.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
    );
  return {
    info: (event, fields) => logger.info({ event, ...kept(fields) }),
    warn: (event, fields) => logger.warn({ event, ...kept(fields) }),
    error: (event, fields) => logger.error({ event, ...kept(fields) }),
  };
}
