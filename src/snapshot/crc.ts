// Sums of texts in a row, from sums of their parts. A CRC-32 that n bytes follow is multiplied by x^8n, modulo the CRC's
// polynomial. Source of the arithmetic: M. Adler's crc32_combine in zlib 1.3.

const polynomial = 0xedb8_8320;
/** x^0 in the CRC's reflected order of bits. */
const one = 0x8000_0000;

/** a × b modulo the polynomial, as unsigned 32 bits. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let rest = a | 0; rest !== 0; rest <<= 1) {
    if (rest < 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ polynomial;
  }
  return product >>> 0;
}

/** x^(8 × digit × 256^place), at 256 × place + digit: any length has four digits. */
const powers = new Uint32Array(4 * 256);
let unit = 0x0080_0000; // x^8
for (let place = 0; place < 4; place++) {
  powers[place * 256] = one;
  for (let digit = 1; digit < 256; digit++)
    powers[place * 256 + digit] = multiply(unit, powers[place * 256 + digit - 1] ?? 0);
  unit = multiply(unit, powers[place * 256 + 255] ?? 0);
}

/** The sum of a text as it counts when `length` bytes follow; less than 4 GiB. */
function shifted(crc: number, length: number): number {
  let sum = crc | 0;
  for (let place = 0, rest = length; rest > 0; place++, rest >>>= 8) {
    if ((rest & 255) !== 0) sum = multiply(sum, powers[place * 256 + (rest & 255)] as number);
  }
  return sum;
}

/** Of two texts in a row, from the sum of each and the second one's length. */
export const combineCrc = (first: number, second: number, length: number): number =>
  (shifted(first, length) ^ second) >>> 0;

/** Of the last `length` bytes of a text, from the sum of the whole and that of what stands before them. */
export const crcOfRest = (whole: number, before: number, length: number): number =>
  combineCrc(before, whole, length);
