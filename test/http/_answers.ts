// Reads answers from a connection, one after the other.

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** `methods`: those of the requests, in order; an answer to HEAD has no body. Skips informational answers. */
export function answersIn(text: string, methods: readonly string[]): Answer[] {
  const answers: Answer[] = [];
  for (let rest = text; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n');
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) [A-Z]/.exec(first)?.[1]);
    if (end < 0 || Number.isNaN(status)) throw new Error(`Got ${rest.slice(0, 200)}, expected an answer.`);
    const headers = new Map(lines.map((line) => [nameOf(line), line.slice(line.indexOf(':') + 1).trim()]));
    const isEmpty = status < 200 || status === 204 || status === 304 || methods[answers.length] === 'HEAD';
    const length = isEmpty ? 0 : Number(headers.get('content-length'));
    const bytes = Buffer.from(rest.slice(end + 4));
    if (!(bytes.length >= length)) throw new Error(`Got ${bytes.length} bytes, expected ${length}.`);
    if (status >= 200) answers.push({ status, headers, body: bytes.subarray(0, length).toString() });
    rest = bytes.subarray(length).toString();
  }
  return answers;
}

const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase();
