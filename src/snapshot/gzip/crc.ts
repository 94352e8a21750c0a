// Combines CRC-32 checksums of consecutive texts. Appending n bytes multiplies a checksum by x^8n modulo the CRC polynomial.
// Source: M. Adler's crc32_combine in zlib 1.3.

const polynomial = 0xedb8_8320;
/** x^0 in the reflected bit order of the CRC. */
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

/** x^(8 × digit × 256^place) at index 256 × place + digit. A length has at most four digits to base 256. */
const powers = new Uint32Array(4 * 256);
let unit = 0x0080_0000; // x^8
for (let place = 0; place < 4; place++) {
  powers[place * 256] = one;
  for (let digit = 1; digit < 256; digit++)
    powers[place * 256 + digit] = multiply(unit, powers[place * 256 + digit - 1] ?? 0);
  unit = multiply(unit, powers[place * 256 + 255] ?? 0);
}

/** The checksum's contribution when `length` more bytes follow; `length` is less than 4 GiB. */
function shifted(crc: number, length: number): number {
  let sum = crc | 0;
  for (let place = 0, rest = length; rest > 0; place++, rest >>>= 8) {
    if ((rest & 255) !== 0) sum = multiply(sum, powers[place * 256 + (rest & 255)] as number);
  }
  return sum;
}

/** The checksum of two consecutive texts, from their checksums and the length of the second. */
export const combineCrc = (first: number, second: number, length: number): number =>
  (shifted(first, length) ^ second) >>> 0;

/** The checksum of the last `length` bytes of a text, from that of the whole and that of the bytes before them. */
export const crcOfRest = (whole: number, before: number, length: number): number =>
  combineCrc(before, whole, length);
