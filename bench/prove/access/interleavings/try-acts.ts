import type { Answer } from '../client.ts';
import type { Act } from './acts.ts';

/**
 * Does all of these at the same time. What comes back has to be what the model says of them in some
 * order; the model then stands where that order leads. Otherwise: what is wrong.
 */
export async function tryActs(acts: readonly Act[], now: Date): Promise<string | undefined> {
  const answers = await Promise.all(acts.map((act) => act.run()));
  const [request] = acts.map((act) => act.request);
  if (request === undefined) return undefined;
  const before = request.copy();
  const told: string[] = [];
  for (const order of orders(acts.map((_, at) => at))) {
    request.restore(before);
    const wrong = order.flatMap((at) => follow(acts[at] as Act, answers[at] as Answer, now) ?? []);
    if (wrong.length === 0) return undefined;
    told.push(wrong.join('; '));
  }
  // An approval that is overtaken by an end between its two halves is refused, and the end holds.
  const end = acts.findIndex((act, at) => isEnd(act) && answers[at]?.status === 200);
  const overtaken = answers.some(
    (answer, at) => !isEnd(acts[at] as Act) && codeOf(answer) === 'WARRANT_OVER',
  );
  request.restore(before);
  if (end >= 0 && overtaken) {
    acts[end]?.apply(now);
    return undefined;
  }
  return `${before.state} with ${before.approvals.length} approvals: ${told[0]}`;
}

/** One act after those before it; what is wrong with its answer. */
function follow(act: Act, answer: Answer, now: Date): string | undefined {
  const against = act.against(now);
  const code = codeOf(answer);
  if (answer.status === 200) {
    if (against.length > 0) return `${act.name}: taken, in spite of ${against.join(', ')}`;
    act.apply(now);
    return undefined;
  }
  if (answer.status >= 500) return `${act.name}: ${answer.status} ${code}`;
  if (against.length === 0) return `${act.name}: refused with ${answer.status} ${code}`;
  if (!against.includes(code)) {
    return `${act.name}: refused with ${code}, true are ${against.join(', ')}`;
  }
  return undefined;
}

const isEnd = ({ name }: Act) => !name.startsWith('approval');
export const codeOf = ({ body }: Answer): string =>
  (body as { code?: string } | undefined)?.code ?? '';

function orders<T>(values: readonly T[]): T[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((first, at) =>
    orders(values.filter((_, other) => other !== at)).map((rest) => [first, ...rest]),
  );
}
