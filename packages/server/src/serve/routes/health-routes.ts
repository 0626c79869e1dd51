import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { may } from '../http/route-rule.ts';
import type { DrillsPort, OperationsPort, SitesPort } from '../ports.ts';
import { drillGauges } from './drill-gauges.ts';
import { siteGauges } from './site-gauges.ts';

/** What is measured while serving, in Prometheus' terms. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    name: 'voxkeep_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [this.registry],
  });
  readonly #steps = new Histogram({
    name: 'voxkeep_step_seconds',
    help: 'Time of a pipeline step, by the state it led to',
    labelNames: ['state'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 30],
    registers: [this.registry],
  });
  readonly #quarantined = new Counter({
    name: 'voxkeep_quarantined_total',
    help: 'Records that stopped for a person to look at',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
  request(event: { method: string; route: string; status: number; ms: number }): void {
    const { method, route, status, ms } = event;
    this.#requests.observe({ method, route, status: String(status) }, ms / 1000);
  }
  step(state: string, ms: number): void {
    this.#steps.observe({ state }, ms / 1000);
    if (state === 'quarantined') this.#quarantined.inc();
  }
}

/** /healthz: the process answers. /readyz: all that a request needs does. /metrics: Prometheus. */
export function healthRoutes(
  app: FastifyInstance,
  deps: {
    operations: OperationsPort;
    sites: Pick<SitesPort, 'view'>;
    drills: Pick<DrillsPort, 'latest'>;
    metrics: Metrics;
  },
): void {
  const { registry } = deps.metrics;
  const records = new Gauge({
    name: 'voxkeep_records',
    help: 'Records by state',
    labelNames: ['state'],
    registers: [registry],
  });
  const tellSites = siteGauges(registry);
  const tellDrills = drillGauges(registry);
  const ledger = new Gauge({
    name: 'voxkeep_ledger_entries',
    help: 'Entries in the signed ledger',
    registers: [registry],
  });
  const toRestore = new Gauge({
    name: 'voxkeep_ledger_entries_to_restore',
    help: 'Old entries of the ledger that still come back from the sites after a recovery',
    registers: [registry],
  });
  const witnessed = new Gauge({
    name: 'voxkeep_ledger_witnessed',
    help: '1 while a quorum of witnesses countersigns the ledger',
    registers: [registry],
  });
  const recent = remembered(() => deps.operations.status(), COUNTED_EVERY_MS);
  const recentSites = remembered(() => deps.sites.view(), COUNTED_EVERY_MS);
  const recentDrills = remembered(() => deps.drills.latest(), COUNTED_EVERY_MS);
  app.get('/healthz', may('public'), async () => ({ status: 'ok' }));
  app.get('/readyz', may('public'), async (_request, reply) => {
    const missing = await deps.operations.notReady();
    if (missing === undefined) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', waitingFor: missing });
  });
  app.get('/metrics', may('public'), async (_request, reply) => {
    const status = await recent();
    records.reset();
    for (const { state, count } of status.records) records.set({ state }, count);
    tellSites((await recentSites()).sites);
    tellDrills(await recentDrills());
    ledger.set(status.ledger.size);
    toRestore.set(status.ledger.toRestore);
    witnessed.set(status.ledger.witnessed ? 1 : 0);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Counting reads whole tables, and anybody who reaches the port may ask. */
const COUNTED_EVERY_MS = 5000;

/** The answer of the last while; those who ask at the same time share one. */
function remembered<T>(ask: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > forMs) {
      const asked = { at: performance.now(), answer: ask() };
      asked.answer.catch(() => {
        if (last === asked) last = undefined;
      });
      last = asked;
    }
    return last.answer;
  };
}
