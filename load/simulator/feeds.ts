// The routes that answer with a feed: each reads its query and chooses the document to send.

import { xmlType, type FeedDocument, type ResponseOptions } from './document.ts';
import type { Dialect } from './feed.ts';
import { feedChunks, generateRecords } from './generate.ts';
import { misbehaviourFields, spoils, type Misbehaviour } from './misbehaviour.ts';
import { choice, expectOnly, flag, readFields, share, text, whole, wholeOrAuto } from './parameters.ts';
import { completeRecipe, recipeLimits, type Recipe } from './recipe.ts';
import { Refused } from './refused.ts';
import type { RawDocuments } from './raw-documents.ts';
import { answerAfter, story } from './story.ts';

export interface Answer {
  readonly document: FeedDocument;
  readonly options: ResponseOptions;
}

/** From the query and the current misbehaviour to the answer; the query has precedence. Throws Refused. */
export type FeedRoute = (query: Record<string, string>, inForce: Misbehaviour) => Answer;

const optionFields = { gzip: flag(), etag: flag(), ...misbehaviourFields };

/** The story in one dialect. Each fetch advances it, unless `response` pins it or a fault spoils the answer. */
export function storyRoute(dialect: Dialect): FeedRoute {
  const fields = {
    response: whole({ min: 1, max: story.length }),
    repeat: whole({ min: 1, max: 1_000_000 }),
    loop: flag(),
  };
  let fetches = 0;
  return (query, inForce) => {
    expectOnly(query, fields, optionFields);
    const { response, repeat, loop } = readFields(fields, query);
    const options = { ...inForce, ...readFields(optionFields, query) };
    const number = response ?? answerAfter(fetches, { repeat, loop });
    if (response === undefined && !spoils(options)) fetches++;
    const records = story[number - 1] ?? [];
    const identity = `story ${dialect} ${number}`;
    return {
      document: { contentType: xmlType, identity, chunks: () => feedChunks(dialect, records) },
      options,
    };
  };
}

/** Feeds by recipe. `revision=auto` is the number of `everyMs` intervals since the route was created. */
export function generatedRoute(now: () => number): FeedRoute {
  const { changedPerRevision, revision: revisions, ...wholes } = recipeLimits;
  const fields = {
    seed: whole(wholes.seed),
    bases: whole(wholes.bases),
    plansPerBase: whole(wholes.plansPerBase),
    zonesPerPlan: whole(wholes.zonesPerPlan),
    firstDay: text(),
    days: whole(wholes.days),
    longShare: share(),
    hotDays: whole(wholes.hotDays),
    hotDayShare: share(),
    offlineShare: share(),
  };
  const ownFields = {
    dialect: choice('plan-list-xml', 'event-list-xml'),
    changed: whole(changedPerRevision),
    revision: wholeOrAuto(revisions),
    everyMs: whole({ min: 10, max: 86_400_000 }),
  };
  const startedMs = now();
  return (query, inForce) => {
    expectOnly(query, fields, ownFields, optionFields);
    const {
      dialect = 'plan-list-xml',
      changed = 1,
      revision = 0,
      everyMs = 1_000,
    } = readFields(ownFields, query);
    const recipe = recipeFrom({
      ...readFields(fields, query),
      ...(changed === undefined ? {} : { changedPerRevision: changed }),
      revision: revision === 'auto' ? Math.floor((now() - startedMs) / everyMs) : revision,
    });
    const identity = `generated ${dialect} ${JSON.stringify(recipe)}`;
    const chunks = () => feedChunks(dialect, generateRecords(recipe));
    return {
      document: { contentType: xmlType, identity, chunks },
      options: { ...inForce, ...readFields(optionFields, query) },
    };
  };
}

function recipeFrom(given: Partial<Recipe>): Recipe {
  try {
    return completeRecipe(given);
  } catch (error) {
    if (error instanceof RangeError) throw new Refused(400, error.message);
    throw error;
  }
}

/** The raw document of this name, byte for byte. */
export function rawRoute(rawDocuments: RawDocuments, name: string): FeedRoute {
  return (query, inForce) => {
    expectOnly(query, optionFields);
    const options = { ...inForce, ...readFields(optionFields, query) };
    return { document: rawDocuments.get(name), options };
  };
}
