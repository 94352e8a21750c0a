// Three consecutive answers of one provider: a small feed with all the difficult cases.
//
//   base   plan         in answer   what happens to it
//   291    291          1 2 3       ends half an hour earlier in the third, where zone 38 sells out too
//   322    1642, 1643   1           withdrawn after the first: the search still finds it, permanently
//   1591   1642         1 2 3       two zones share an id, one sells out in the second; the end moves and returns
//   444    1642             2 3     never online, and on a day that does not exist
//
// Plan 1642 belongs to three bases: only the pair (base, plan) identifies an event.

import type { FeedRecord, FeedZone } from './feed.ts';

/** A night at the lighthouse, with the seats left in zones 40, 38 and 30. */
function lighthouse(end: string, capacities: readonly [number, number, number]): FeedRecord {
  return {
    baseId: '291',
    sellMode: 'online',
    title: 'The Paper Lighthouse, unplugged',
    plans: [
      {
        planId: '291',
        start: '2021-06-30T21:00:00',
        end: `2021-06-30T${end}`,
        sellFrom: '2020-07-01T00:00:00',
        sellTo: '2021-06-30T20:00:00',
        soldOut: false,
        zones: [
          { zoneId: '40', capacity: capacities[0], price: '20.00', name: 'Stalls', numbered: true },
          { zoneId: '38', capacity: capacities[1], price: '15.00', name: 'Terrace 2', numbered: false },
          { zoneId: '30', capacity: capacities[2], price: '30.00', name: 'Box 28', numbered: true },
        ],
      },
    ],
  };
}

function umbrellas(): FeedRecord {
  const frontRow: FeedZone = {
    zoneId: '311',
    capacity: 2,
    price: '55.00',
    name: 'Front row',
    numbered: true,
  };
  const night = (planId: string, day: string, dayBefore: string) => ({
    planId,
    start: `${day}T20:00:00`,
    end: `${day}T21:30:00`,
    sellFrom: '2021-01-01T00:00:00',
    sellTo: `${dayBefore}T19:50:00`,
    soldOut: false,
    zones: [frontRow],
  });
  return {
    baseId: '322',
    sellMode: 'online',
    organizerCompanyId: '2',
    title: 'Two Umbrellas & a Piano',
    plans: [night('1642', '2021-02-10', '2021-02-09'), night('1643', '2021-02-11', '2021-02-10')],
  };
}

/** With the seats left in two zones that share an id: numbered rows, and standing places behind them. */
function cousins(end: string, capacities: readonly [number, number]): FeedRecord {
  return {
    baseId: '1591',
    sellMode: 'online',
    organizerCompanyId: '1',
    title: 'Four Cousins and a Microphone',
    plans: [
      {
        planId: '1642',
        start: '2021-07-31T20:00:00',
        end: `2021-07-31T${end}`,
        sellFrom: '2021-06-26T00:00:00',
        sellTo: '2021-07-31T19:50:00',
        soldOut: false,
        zones: [
          { zoneId: '186', capacity: capacities[0], price: '75.00', name: 'Gallery', numbered: true },
          { zoneId: '186', capacity: capacities[1], price: '65.00', name: 'Gallery', numbered: false },
        ],
      },
    ],
  };
}

function neverNight(end: string): FeedRecord {
  return {
    baseId: '444',
    sellMode: 'offline',
    organizerCompanyId: '1',
    title: 'The Thirty-First of September',
    plans: [
      {
        planId: '1642',
        start: '2021-09-31T20:00:00',
        end: `2021-09-31T${end}`,
        sellFrom: '2021-02-10T00:00:00',
        sellTo: '2021-09-31T19:50:00',
        soldOut: false,
        zones: [{ zoneId: '7', capacity: 22, price: '65.00', name: 'Gallery', numbered: false }],
      },
    ],
  };
}

/** The records of the first, second and third answer, in the order of the feed. */
export const story: readonly [readonly FeedRecord[], readonly FeedRecord[], readonly FeedRecord[]] = [
  [lighthouse('22:00:00', [243, 100, 90]), umbrellas(), cousins('21:00:00', [2, 16])],
  [lighthouse('22:00:00', [240, 50, 90]), cousins('21:20:00', [0, 14]), neverNight('21:00:00')],
  [lighthouse('21:30:00', [200, 0, 80]), cousins('21:00:00', [0, 12]), neverNight('20:00:00')],
];

export interface Sequence {
  /** How often each answer is sent before the next one; 1 by default. */
  readonly repeat?: number | undefined;
  /** Start again after the third answer, which otherwise stays. */
  readonly loop?: boolean | undefined;
}

/** The number, from 1, of the answer to a fetch after `fetches` earlier ones. */
export function answerAfter(fetches: number, { repeat = 1, loop = false }: Sequence): number {
  const turn = Math.floor(fetches / repeat);
  return 1 + (loop ? turn % story.length : Math.min(turn, story.length - 1));
}
