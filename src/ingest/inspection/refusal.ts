// Why an inspection is refused: its code becomes that of the answer.

import type { InspectionRefusal } from '#/domain/inspection.ts';

export class InspectionRefused extends Error {
  readonly code: InspectionRefusal;
  constructor(code: InspectionRefusal, message: string) {
    super(message);
    this.code = code;
  }
}
