import type { Seeded } from '../access/random.ts';
import type { Fault } from './strace.ts';

/** `rotate` is a call of a new day, whose keys are made for it; `epoch` a new epoch of content keys. */
export const ACTS = ['intake', 'place', 'read', 'start', 'rotate', 'epoch'] as const;
export type ActName = (typeof ACTS)[number];

/** Where a fault goes: the `ordinal`-th call of that name since the act began. */
export interface Point {
  act: ActName;
  call: string;
  ordinal: number;
  fault: Fault;
}

/** How often each act made each call when nothing was injected. */
export type Counts = ReadonlyMap<ActName, ReadonlyMap<string, number>>;

/** Calls that can find a disk full. */
const FILLING = [
  ...['openat', 'write', 'writev', 'pwrite64', 'pwritev', 'ftruncate', 'fsync', 'fdatasync'],
  ...['mkdir', 'rename', 'link', 'close'],
];

/** Errors cost nothing but their act; a kill, a start and a day cost a start each. */
const TURNS: readonly { act: ActName; kills: boolean }[] = [
  ...turns('intake', false, 8),
  ...turns('place', false, 7),
  ...turns('read', false, 3),
  ...turns('start', false, 1),
  ...turns('rotate', false, 1),
  ...turns('intake', true, 1),
  ...turns('place', true, 1),
  ...turns('start', true, 1),
];
/** Every so many rounds: these take longer, the last one the longer the more there is to bring over. */
const RARELY = 3;
const RARE: typeof TURNS = [
  ...turns('rotate', true, 1),
  ...turns('read', true, 1),
  ...turns('epoch', false, 1),
  ...turns('epoch', true, 1),
];

function turns(act: ActName, kills: boolean, count: number) {
  return Array.from({ length: count }, () => ({ act, kills }));
}

/** Of the acts that were counted: kinds in turn, each from ordinal to ordinal in an order of its own, without end. */
export function* planPoints(counts: Counts, random: Seeded): Generator<Point, never> {
  const decks = new Map<string, Generator<Omit<Point, 'act'>, never>>();
  const deckOf = (act: ActName, kills: boolean) => {
    const key = `${act} ${kills}`;
    const deck = decks.get(key) ?? dealFaults(counts.get(act) ?? new Map(), kills, random);
    decks.set(key, deck);
    return deck;
  };
  for (let round = 1; ; round += 1) {
    const rare = round % RARELY === 0 ? RARE : [];
    for (const { act, kills } of random.shuffled([...TURNS, ...rare])) {
      if (counts.has(act)) yield { act, ...deckOf(act, kills).next().value };
    }
  }
}

function* dealFaults(
  counts: ReadonlyMap<string, number>,
  kills: boolean,
  random: Seeded,
): Generator<Omit<Point, 'act'>, never> {
  const kinds = [...counts].flatMap(([call, count]) => {
    const faults: Fault[] = kills ? ['KILL'] : FILLING.includes(call) ? ['EIO', 'ENOSPC'] : ['EIO'];
    return faults.map((fault) => ({ call, fault, ordinals: dealNumbers(count, random) }));
  });
  if (kinds.length === 0) throw new Error('an act makes no call on files');
  for (;;) {
    for (const { call, fault, ordinals } of random.shuffled(kinds)) {
      yield { call, fault, ordinal: ordinals.next().value };
    }
  }
}

/** 1 … count in some order, and again. */
function* dealNumbers(count: number, random: Seeded): Generator<number, never> {
  for (;;) {
    yield* random.shuffled(Array.from({ length: count }, (_, at) => at + 1));
  }
}

export const nameOf = ({ act, call, ordinal, fault }: Point): string =>
  `${act}: ${fault} at ${call} #${ordinal}`;
