// Does what the guide "Five providers, step by step" says, and compares the results with it.

import { readFile, writeFile } from 'node:fs/promises';
import test from 'ava';
import { examine } from '#/commands/check/examine.ts';
import { renderText } from '#/commands/check/render.ts';
import { noSecrets } from '#/provider/http/credentials.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import { pagedFormats } from '#/provider/provider.ts';
import { parseProviders } from '#/provider/providers-file.ts';
import { openPipeline } from '../_support/pipeline.ts';
import { startRpdeProvider } from '../_support/rpde-provider.ts';

const path = 'ops/guides/provider-examples.md';
/** Writes the results into the guide: for a change that they follow from. */
const isWriting = process.env['WRITE_EXAMPLES'] === 'true';

test('each provider of the guide gives what the guide says', async (t) => {
  const guide = await readFile(path, 'utf8');
  const [head = '', ...sections] = guide.split(/^(?=## )/m);
  const written: string[] = [head];
  for (const section of sections) {
    const blocks = Array.from(section.matchAll(/^```\w*\n(.*?)^```$/gms), ([, text = '']) => text);
    t.is(blocks.length, 4, section.slice(0, 40));
    const [feed = '', entry = '', report = '', answer = ''] = blocks;
    // 1. The entry is valid
    const { providers, faults } = parseProviders({ providers: [JSON.parse(entry)] }, noSecrets);
    t.deepEqual(faults, []);
    const [provider] = providers;
    // 2. feed:check
    const [, command, file = ''] = /`npm run feed:check -- --provider (\w+) ([\w.]+)`/.exec(section) ?? [];
    t.is(command, provider!.name);
    t.true(section.includes(`\`${file}\``), 'the file is named');
    const source = { bytes: feed.length, contentType: '', chunks: chunkOf(feed) };
    const examination = await examine(source, provider!, {
      parse: (task) => Promise.resolve([parseBatch(packTask(task))]),
      parseAhead: 1,
      progress: () => undefined,
    });
    const reported = renderText(file, examination);
    // 3. A run, and what is found
    const line = await openPipeline(t, [provider!]);
    if (pagedFormats.has(provider!.format)) {
      const paged = await startRpdeProvider(t);
      paged.hook = (request, response) => {
        const isFirst = request.url === '/feed';
        const next = `${paged.url}?afterChangeNumber=12`;
        const last = JSON.stringify({ next, items: [] });
        response.end(isFirst ? feed.replace(/"https:\/\/courts[^"]*12"/, `"${next}"`) : last);
        return true;
      };
      t.is((await line.run(paged.url, provider!.name)).row.code, null);
    } else await line.absorb(feed);
    await line.publish();
    await line.refresh();
    const found = line.ask().replaceAll('{"id":', '\n  {"id":').replace(']}', '\n]}');
    if (isWriting) written.push(filled(section, [feed, entry, reported, `${found}\n`]));
    else t.deepEqual([report, answer], [reported, `${found}\n`]);
  }
  if (isWriting) await writeFile(path, written.join(''));
});

function filled(section: string, results: readonly string[]): string {
  let i = 0;
  return section.replaceAll(/^(```\w*\n).*?^```$/gms, (_, fence: string) => `${fence}${results[i++]}\`\`\``);
}

async function* chunkOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
