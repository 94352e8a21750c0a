// One simulator per test, and its feeds read with a parser that is independent of the renderer.

import type { ExecutionContext } from 'ava';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../load/simulator/server.ts';

export async function simulatorFor(t: ExecutionContext, options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  t.teardown(() => simulator.close());
  return simulator;
}

export async function get(simulator: Simulator, path: string, headers = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, { headers });
}

export const textOf = async (simulator: Simulator, path: string): Promise<string> =>
  (await get(simulator, path)).text();

/** The body of a refusal by the simulator. */
export async function refusalOf(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error: { message: string } };
  return error.message;
}

export interface ReadBase {
  readonly id: string;
  readonly sellMode: string;
  readonly title: string;
  readonly plans: readonly { id: string; start: string; end: string; zones: readonly ReadZone[] }[];
}

interface ReadZone {
  readonly zone_id: string;
  readonly capacity: string;
  readonly price: string;
  readonly name: string;
}

/** The bases of a well-formed feed of either dialect; throws for one that is not well-formed. */
export function read(xml: string): readonly ReadBase[] {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) throw new Error(`Got a feed that is not well-formed: ${verdict.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    htmlEntities: true,
    isArray: (name) => ['base_plan', 'base_event', 'plan', 'event', 'zone'].includes(name),
  });
  const document = parser.parse(xml);
  const isPlans = 'planList' in document;
  const [base, plan] = isPlans ? ['base_plan', 'plan'] : ['base_event', 'event'];
  const output = (isPlans ? document.planList : document.eventList).output;
  return (output[base] ?? []).map((one: any) => ({
    id: one[`${base}_id`],
    sellMode: one.sell_mode,
    title: one.title,
    plans: one[plan].map((each: any) => ({
      id: each[`${plan}_id`],
      start: each[`${plan}_start_date`],
      end: each[`${plan}_end_date`],
      zones: each.zone ?? [],
    })),
  }));
}
