import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationsPort } from '../ports.ts';

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
  deps: { operations: OperationsPort; metrics: Metrics },
): void {
  const { registry } = deps.metrics;
  const records = new Gauge({
    name: 'voxkeep_records',
    help: 'Records by state',
    labelNames: ['state'],
    registers: [registry],
  });
  const pending = new Gauge({
    name: 'voxkeep_pending_copies',
    help: 'Copies still to be made, by site',
    labelNames: ['site'],
    registers: [registry],
  });
  const ledger = new Gauge({
    name: 'voxkeep_ledger_entries',
    help: 'Entries in the signed ledger',
    registers: [registry],
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const missing = await deps.operations.notReady();
    if (missing === undefined) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', waitingFor: missing });
  });
  app.get('/metrics', async (_request, reply) => {
    const status = await deps.operations.status();
    records.reset();
    for (const { state, count } of status.records) records.set({ state }, count);
    for (const site of status.sites) pending.set({ site: site.name }, site.pendingCopies);
    ledger.set(status.ledger.size);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
