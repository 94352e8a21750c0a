// Everything that one run of the suite has measured so far.

import type { SampledProcess } from '../kit/process-samples.ts';
import type { MeasuredCase } from './case.ts';
import type { MeasuredRate } from './fixed.ts';
import type { MeasuredMemory } from './memory.ts';
import type { Plan } from './plan.ts';
import type { Witnessed } from '../witness/witness.ts';

export interface Measured {
  readonly plan: Plan;
  readonly cases: MeasuredCase[];
  readonly rates: MeasuredRate[];
  memory: MeasuredMemory | null;
  witness: Witnessed | null;
  readonly processes: SampledProcess[];
  /** Why a part of the plan was not measured. */
  fault: string | null;
}
