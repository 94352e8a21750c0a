// The rules of OpenActive's Realtime Paged Data Exchange 1.0 that a reader can check, and those of its validator that are failures
// or name a header. Written from the standard; shares no code with the system.

export interface RpdeItem {
  readonly state: 'updated' | 'deleted';
  readonly kind: string;
  readonly id: string;
  readonly modified: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface RpdePage {
  readonly url: string;
  readonly status: number;
  readonly type: string;
  readonly cacheControl: string;
  readonly next: string;
  readonly items: readonly RpdeItem[];
  readonly license?: unknown;
}

export async function readPage(url: string): Promise<RpdePage> {
  const { headers, status, ...answer } = await fetch(url).then(async (got) => ({
    headers: got.headers,
    status: got.status,
    body: (await got.json()) as Pick<RpdePage, 'next' | 'items' | 'license'>,
  }));
  const type = headers.get('content-type') ?? '';
  return { url, status, type, cacheControl: headers.get('cache-control') ?? '', ...answer.body };
}

export const isLast = ({ url, next, items }: RpdePage): boolean => items.length === 0 && next === url;

export interface RpdeRules {
  /** What is wrong with the page, as the next one of a walk. */
  check(page: RpdePage): string[];
  /** What a reader that follows the feed has, by id. */
  readonly copy: ReadonlyMap<string, RpdeItem>;
  /** Items that were read, of all pages. */
  readonly read: number;
}

const dated = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?$/;

export function createRpdeRules(): RpdeRules {
  const copy = new Map<string, RpdeItem>();
  let last = 0;
  let read = 0;
  return {
    copy,
    get read() {
      return read;
    },
    check(page) {
      const { url, next, items, status, type, cacheControl, license } = page;
      const faults: string[] = [];
      const expect = (holds: boolean, rule: string): void => void (holds || faults.push(rule));
      expect(status === 200, 'the status is 200');
      expect(/^application\/json\b/.test(type), 'the type is application/json');
      expect(typeof license === 'string' && license !== '', 'the page names its licence');
      expect(URL.canParse(next), 'next is absolute');
      expect(next.split('?')[0] === url.split('?')[0], 'next has the path of the page');
      const age = Number(/\bpublic, max-age=(\d+)$/.exec(cacheControl)?.[1] ?? Number.NaN);
      expect(isLast(page) ? age <= 8 : age >= 3600, 'caches keep the last page for 8 s, others for an hour');
      if (items.length > 0) {
        expect(next !== url, 'a page with items leads on');
        const after = new URL(next).searchParams.get('afterChangeNumber');
        expect(after === String(items.at(-1)?.modified), 'next has the modified of the last item');
      }
      expect(new Set(items.map(({ id }) => id)).size === items.length, 'an item is once on a page');
      for (const item of items) {
        const { state, kind, id, modified, data } = item;
        expect(Number.isSafeInteger(modified) && modified > last, 'modified rises');
        last = modified;
        expect(kind === 'Event' && typeof id === 'string', 'kind and id are texts');
        expect(state === 'updated' ? typeof data === 'object' : state === 'deleted', 'the state is known');
        expect(state === 'updated' || !('data' in item), 'a deleted item has no data');
        for (const name of ['startDate', 'endDate'])
          expect(data?.[name] === undefined || dated.test(String(data[name])), 'times have a zone');
        copy.set(id, item);
        read++;
      }
      return faults;
    },
  };
}

/** Follows `next` up to the last page. Returns that page; throws for what is wrong. */
export async function walk(url: string, rules: RpdeRules, pagesMax = 1000): Promise<RpdePage> {
  let at = url;
  for (let i = 0; i < pagesMax; i++) {
    const page = await readPage(at);
    const faults = rules.check(page);
    if (faults.length > 0)
      throw new Error(`${at}: ${faults.join('; ')}: ${JSON.stringify(page).slice(0, 500)}`);
    if (isLast(page)) return page;
    at = page.next;
  }
  throw new Error(`Got no last page within ${pagesMax} pages.`);
}
