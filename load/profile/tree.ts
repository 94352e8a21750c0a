// Merges V8's CPU profiles into one tree of frames per kind of process.

/** A `.cpuprofile` file. Format: Profiler.Profile of the Chrome DevTools Protocol; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Frame {
  readonly name: string;
  /** Empty for what V8 names itself, such as the garbage collector. */
  readonly url: string;
  readonly line: number;
  /** Microseconds in this frame alone, and together with what it called. */
  self: number;
  total: number;
  readonly children: Map<string, Frame>;
}

export interface Flame {
  /** The module that its processes or threads run. */
  readonly kind: string;
  readonly profiles: number;
  readonly root: Frame;
}

/** Modules that only one kind of process runs, in the order in which they are looked for. */
const processes = [/\/(src\/api\/api\.ts)$/, /\/(src\/ingest\/ingest\.ts)$/, /\/(src\/main\.ts)$/];
const threads = [/\/(src\/.+\.thread\.[jt]s)$/];
const ofLoad = /\/(load\/.+\.ts)$/;
const otherKind = 'packages';
const idle = '(idle)';

const frame = (name: string, url: string, line: number): Frame => ({
  name,
  url,
  line,
  self: 0,
  total: 0,
  children: new Map(),
});

export interface NamedProfile {
  /** As V8 names it: `CPU.DATE.TIME.PID.THREAD.NUMBER.cpuprofile`; the main thread is 0. */
  readonly name: string;
  /** Of the process; absent when the profile shows it. */
  readonly kind?: string;
  readonly profile: CpuProfile;
}

/** The kind with most processor time comes first. Idle time is left out. */
export function flamesOf(profiles: Iterable<NamedProfile>): Flame[] {
  const found = new Map<string, { kind: string; profiles: number; root: Frame }>();
  for (const { name, kind: given, profile } of profiles) {
    const isThread = !/\.0\.\d+\.cpuprofile$/.test(name);
    const kind = given ?? kindOf(profile, isThread);
    const flame = found.get(kind) ?? { kind, profiles: 0, root: frame('all', '', 0) };
    found.set(kind, flame);
    flame.profiles++;
    add(profile, flame.root);
  }
  for (const { root } of found.values()) sumUp(root);
  return [...found.values()].toSorted((a, b) => b.root.total - a.root.total);
}

function kindOf({ nodes }: CpuProfile, isThread: boolean): string {
  for (const kind of isThread ? threads : processes)
    for (const { callFrame } of nodes) {
      const [, module] = kind.exec(callFrame.url) ?? [];
      if (module !== undefined) return module;
    }
  // A process of the load suite: the module of which it runs most functions.
  const modules = nodes.flatMap(({ callFrame }) => ofLoad.exec(callFrame.url)?.[1] ?? []);
  const counts = [...Map.groupBy(modules, (module) => module)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  return counts[0]?.[0] ?? otherKind;
}

function add({ nodes, samples, timeDeltas }: CpuProfile, root: Frame): void {
  const self = new Map<number, number>();
  for (const [i, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[i] ?? 0));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  // Not recursive: stacks may be deep.
  const [top] = nodes;
  const open = (top?.children ?? []).map((id) => ({ id, under: root }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = byId.get(next.id);
    if (node === undefined || node.callFrame.functionName === idle) continue;
    const { functionName, url, lineNumber } = node.callFrame;
    const key = `${functionName} ${url}:${lineNumber}`;
    const own = next.under.children.get(key) ?? frame(functionName || '(anonymous)', url, lineNumber + 1);
    next.under.children.set(key, own);
    own.self += Math.max(0, self.get(node.id) ?? 0);
    for (const id of node.children ?? []) open.push({ id, under: own });
  }
}

/** Children come after their parent in `order`, so the totals of children are known first. */
function sumUp(root: Frame): void {
  const order = [root];
  for (const one of order) order.push(...one.children.values());
  for (const one of order.toReversed()) {
    one.total = one.self;
    for (const child of one.children.values()) one.total += child.total;
  }
}
