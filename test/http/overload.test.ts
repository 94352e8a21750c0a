import test from 'ava';
import { createOverload, type Overload } from '#/http/overload.ts';

const socket = (): object => ({});

/** An overload with clocks that a test advances. */
function overloadWith(busyMs = 50) {
  const clock = { now: 0, worked: 0 };
  let tick = (): void => undefined;
  const overload: Overload = createOverload(busyMs, {
    now: () => clock.now,
    worked: () => clock.worked,
    every: (_ms, run) => {
      tick = run;
      return () => undefined;
    },
  });
  return {
    overload,
    /** The loop is blocked for this long, by this process or by others. */
    keep(ms: number, worked = ms) {
      clock.now += ms;
      clock.worked += worked;
    },
    /** A request that takes this long; returns whether it was answered. */
    ask(connection: object, ms: number): boolean {
      // About as many bytes as take this long.
      if (overload.isBusy() && !overload.admits(connection, ms * 1_400_000)) return false;
      clock.now += ms;
      clock.worked += ms;
      return true;
    },
    /** The loop turns for this long, always in time. */
    turn(ms: number) {
      for (let passed = 0; passed < ms; passed += 20) {
        clock.now += 20;
        tick();
      }
    },
  };
}

test('a loop that is in time refuses no request', (t) => {
  const { ask, turn, overload } = overloadWith();
  const one = socket();
  for (let i = 0; i < 10; i++) {
    t.true(ask(one, 10));
    turn(20);
  }
  t.is(overload.refused, 0);
});

test('a stall that other processes cause refuses no request, unless it lasts for seconds', (t) => {
  const { ask, keep, overload } = overloadWith();
  keep(2500, 5);
  t.true(ask(socket(), 1));
  t.is(overload.refused, 0);
  keep(1000, 5);
  t.true(Array.from({ length: 8 }, () => overload.isBusy()).includes(true));
});

test('a turn that takes too long refuses the rest of its requests', (t) => {
  const { ask, overload } = overloadWith();
  const answered = Array.from({ length: 100 }, () => ask(socket(), 5)).filter(Boolean).length;
  t.true(answered > 10 && answered < 40, `${answered} were answered`);
  t.is(overload.refused, 100 - answered);
});

test('under load, large requests are refused and small ones are answered', (t) => {
  const { ask, turn, keep } = overloadWith();
  const [greedy, modest] = [socket(), socket()];
  keep(600);
  ask(modest, 0);
  turn(500);
  const answered = { greedy: 0, modest: 0 };
  for (let i = 0; i < 10; i++) {
    for (let again = 0; again < 5; again++) answered.greedy += Number(ask(greedy, 20));
    answered.modest += Number(ask(modest, 0.1));
    // All the others keep the loop late.
    keep(80);
    turn(20);
  }
  t.is(answered.modest, 10);
  t.true(answered.greedy <= 3, `${answered.greedy} of 50`);
});

test('small requests are answered, however many: a refusal would cost as much', (t) => {
  const { overload, ask, keep, turn } = overloadWith();
  const one = socket();
  keep(700);
  for (let i = 0; i < 1000; i++) t.true(ask(one, 0.01));
  t.false(ask(one, 1), 'but it has had its share');
  turn(300);
  t.true(overload.isBusy());
  t.true(ask(one, 0.01));
});

test('answers in flight count until they are sent', (t) => {
  const { ask, keep, overload } = overloadWith();
  const sent = Array.from({ length: 40 }, () => overload.sending());
  keep(100, 5);
  t.false(ask(socket(), 1), 'a loop that is late with so many on their way is busy at once');
  for (const done of sent) done();
  t.true(ask(socket(), 1));
});

test('after some time without delay, everything is answered again', (t) => {
  const { ask, turn, keep, overload } = overloadWith();
  const greedy = socket();
  keep(700);
  ask(greedy, 100);
  turn(1100);
  t.false(overload.isBusy());
  t.true(ask(greedy, 1));
});

test('0 refuses no request, however late the loop is', (t) => {
  const { ask, keep } = overloadWith(0);
  keep(60_000);
  t.true(ask(socket(), 1000));
});
