// The parameters of a generated feed. Two feeds of one recipe are equal, byte for byte.

export interface Recipe {
  readonly seed: number;
  /** The number of records: one base element each. */
  readonly bases: number;
  readonly plansPerBase: number;
  readonly zonesPerPlan: number;
  /** `YYYY-MM-DD`; every event starts on this day or one of the `days` from it. */
  readonly firstDay: string;
  readonly days: number;
  /** The share of plans (0 to 1) that last two weeks to six months; the others last one to three hours. */
  readonly longShare: number;
  /** The number of days on which, together, `hotDayShare` of the plans start: festivals, New Year's Eve. */
  readonly hotDays: number;
  readonly hotDayShare: number;
  /** The share of bases that are not sold online. */
  readonly offlineShare: number;
  /** 0 is the first version of the feed; each revision changes `changedPerRevision` records of the one before. */
  readonly revision: number;
  readonly changedPerRevision: number;
}

const defaultRecipe: Recipe = {
  seed: 1,
  bases: 1_000,
  plansPerBase: 1,
  zonesPerPlan: 3,
  firstDay: '2026-01-01',
  days: 365,
  longShare: 0.05,
  hotDays: 5,
  hotDayShare: 0.2,
  offlineShare: 0.02,
  revision: 0,
  changedPerRevision: 1,
};

export interface WholeLimits {
  readonly min: number;
  readonly max: number;
}

/** The limits of a recipe. The largest feed has a billion zones, which are never in memory together. */
export const recipeLimits = {
  seed: { min: 0, max: 2 ** 32 - 1 },
  bases: { min: 0, max: 1_000_000 },
  plansPerBase: { min: 1, max: 1_000 },
  zonesPerPlan: { min: 0, max: 1_000 },
  days: { min: 1, max: 36_500 },
  hotDays: { min: 0, max: 365 },
  revision: { min: 0, max: 1_000_000_000 },
  changedPerRevision: { min: 0, max: 1_000_000 },
} as const satisfies Partial<Record<keyof Recipe, WholeLimits>>;

/** The recipe with defaults for what is absent. Throws a RangeError that names every fault. */
export function completeRecipe(given: Partial<Recipe>): Recipe {
  const {
    bases = defaultRecipe.bases,
    changedPerRevision = Math.min(defaultRecipe.changedPerRevision, bases),
  } = given;
  const recipe = { ...defaultRecipe, ...given, changedPerRevision };
  const faults = [...numberFaults(recipe)];
  if (!isDay(recipe.firstDay)) {
    faults.push(
      `Got firstDay ${JSON.stringify(recipe.firstDay)}, expected a day of the years 1900 to 2199, like 2026-01-01.`,
    );
  }
  if (recipe.changedPerRevision > recipe.bases) {
    faults.push(
      `Got changedPerRevision ${recipe.changedPerRevision}, expected at most the ${recipe.bases} bases.`,
    );
  }
  if (faults.length > 0) throw new RangeError(faults.join(' '));
  return recipe;
}

function* numberFaults(recipe: Recipe): Generator<string> {
  for (const [name, { min, max }] of Object.entries(recipeLimits)) {
    const value = recipe[name as keyof typeof recipeLimits];
    if (Number.isSafeInteger(value) && value >= min && value <= max) continue;
    yield `Got ${name} ${value}, expected a whole number from ${min} to ${max}.`;
  }
  for (const name of ['longShare', 'hotDayShare', 'offlineShare'] as const) {
    if (recipe[name] >= 0 && recipe[name] <= 1) continue;
    yield `Got ${name} ${recipe[name]}, expected a share from 0 to 1.`;
  }
}

/** Date.parse() turns 31 September into 1 October: only a day that is formatted as it was parsed exists. */
function isDay(text: string): boolean {
  const ms = /^(?:19|20|21)\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
