// The data of a page of changes: of an answer, and of a message in the live form.

import type { ChangesPage } from '#/search/changes/reader.ts';

export function dataOf({ changes, token, hasMore }: ChangesPage, tokenSeconds: number | null): Buffer {
  const rest = `"token":"${token}","token_seconds":${tokenSeconds},"has_more":${hasMore}`;
  return Buffer.concat([Buffer.from('{"changes":['), changes, Buffer.from(`],${rest}}`)]);
}
