// Chaos tests have two forms: a short one in `make test`, and with LONG=1 the long one of `make chaos`.

export const isLong = !['', '0', undefined].includes(process.env['LONG']);

/** `longTest(test.serial)('title', …)`: the test exists in the long form only, and is not listed as skipped in the short one. */
export const longTest = <Declare extends (...given: never[]) => void>(declare: Declare): Declare =>
  isLong ? declare : ((() => undefined) as unknown as Declare);
