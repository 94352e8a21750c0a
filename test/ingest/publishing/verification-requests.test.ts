// Which verification requests the publisher accepts, and how often.

import test from 'ava';
import {
  createVerificationRequests,
  type VerificationRequests,
} from '#/ingest/publishing/verification-requests.ts';

interface Stage {
  readonly doubts: VerificationRequests;
  /** The number of verifications so far. */
  readonly looks: () => number;
  doubt(): void;
  pass(seconds: number): void;
}

function stage(): Stage {
  let [now, looks, doubted] = [0, 0, false];
  const takeVerificationRequest = (): Promise<boolean> => {
    looks++;
    const taken = doubted;
    doubted = false;
    return Promise.resolve(taken);
  };
  return {
    doubts: createVerificationRequests({ takeVerificationRequest }, () => now),
    looks: () => looks,
    doubt: () => void (doubted = true),
    pass: (seconds) => void (now += seconds * 1000),
  };
}

test('a store without verification requests is read once each time', async (t) => {
  const { doubts, looks } = stage();
  for (let times = 1; times <= 3; times++) {
    t.false(await doubts.isDue());
    t.is(looks(), times);
  }
});

test('a request is handled once, and the next one not sooner than ten seconds after its result', async (t) => {
  const { doubts, looks, doubt, pass } = stage();
  doubt();
  t.true(await doubts.isDue());
  doubt();
  pass(60);
  t.false(await doubts.isDue(), 'the first one waits for its answer');
  doubts.answer(1);
  pass(9.9);
  t.false(await doubts.isDue());
  t.is(looks(), 1, 'it is not even looked for');
  pass(0.1);
  t.true(await doubts.isDue());
});

test('repeated requests without a fault are handled less and less often, but always eventually', async (t) => {
  const { doubts, doubt, pass } = stage();
  const waits: number[] = [];
  for (let times = 0; times < 9; times++) {
    doubt();
    let waited = 0;
    while (!(await doubts.isDue())) {
      pass(1);
      waited++;
    }
    waits.push(waited);
    doubts.answer(0);
  }
  t.deepEqual(waits, [0, 20, 40, 80, 160, 320, 600, 600, 600]);
  // Now with a fault.
  pass(600);
  doubt();
  t.true(await doubts.isDue());
  doubts.answer(3);
  pass(10);
  doubt();
  t.true(await doubts.isDue(), 'a justified request is handled soon');
});

test('a check without a request resets the delay', async (t) => {
  const { doubts, doubt, pass } = stage();
  doubt();
  await doubts.isDue();
  doubts.answer(0);
  pass(20);
  t.false(await doubts.isDue());
  doubt();
  t.true(await doubts.isDue());
  doubts.answer(1);
  pass(10);
  doubt();
  t.true(await doubts.isDue());
});

test('an unavailable store gives no result, and is requested again', async (t) => {
  let away = true;
  const takeVerificationRequest = (): Promise<boolean> =>
    away ? Promise.reject(new Error('away')) : Promise.resolve(true);
  const doubts = createVerificationRequests({ takeVerificationRequest }, () => 0);
  t.false(await doubts.isDue());
  away = false;
  t.true(await doubts.isDue());
});

test('a result without a request changes nothing', async (t) => {
  const { doubts, doubt } = stage();
  doubts.answer(0);
  doubt();
  t.true(await doubts.isDue());
});
