// Chaos tests have two forms: a short one in `make test`, and with LONG=1 the long one of `make chaos`.

export const isLong = !['', '0', undefined].includes(process.env['LONG']);
