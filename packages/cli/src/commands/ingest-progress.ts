import { MultiBar, Presets } from 'cli-progress';

/** Of a call that comes through; each is at least as far as the ones before it. */
const STEPS = ['received', 'probed', 'transcribed', 'redacted', 'classified', 'sealed', 'archived'];

/** One bar a step on a terminal: how many of the calls have come at least that far. */
export class IngestProgress {
  readonly #bars: MultiBar | undefined;
  readonly #steps = new Map<string, ReturnType<MultiBar['create']>>();

  constructor(total: number, options: { shown: boolean; wait: boolean }) {
    if (!options.shown) return;
    this.#bars = new MultiBar(
      {
        ...{ format: '{step} {bar} {value}/{total}', hideCursor: true, stream: process.stderr },
        ...{ clearOnComplete: false, barsize: 30 },
      },
      Presets.shades_classic,
    );
    for (const step of options.wait ? STEPS : STEPS.slice(0, 1)) {
      this.#steps.set(step, this.#bars.create(total, 0, { step: step.padEnd(12) }));
    }
  }

  update(states: readonly string[]): void {
    for (const [step, bar] of this.#steps) {
      // A call that was stopped for a person was received, and came nowhere else for good.
      const reached = states.filter((state) =>
        step === 'received' ? true : STEPS.indexOf(state) >= STEPS.indexOf(step),
      );
      bar.update(reached.length);
    }
  }

  stop(): void {
    this.#bars?.stop();
  }
}
