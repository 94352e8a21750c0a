// `npm run client`: writes the types of a client, made from the contract by openapi-typescript.

import { writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { contract } from '#/http/contract/document.ts';
import { runCommand } from '#/kit/command-line/command.ts';

export const clientTypes = fileURLToPath(new URL('generated/api.d.ts', import.meta.url));

const help = `Usage: npm run client [-- --help | --version]

Writes ${clientTypes}: the types of a client of the API, made from its contract.
`;

/** The types as TypeScript. */
export async function typesOfContract(): Promise<string> {
  // openapi-typescript writes with the compiler's own functions, which TypeScript 7 does not offer to programs.
  const hooks = registerHooks({
    resolve: (name, context, next) =>
      next(
        name === 'typescript' && context.parentURL?.includes('/openapi-typescript/') ? 'typescript-5' : name,
        context,
      ),
  });
  const { default: generate, astToString } = await import('openapi-typescript');
  hooks.deregister();
  const text = JSON.stringify(contract());
  return `// Written by \`npm run client\`. Do not change it by hand.\n\n${astToString(await generate(text))}`;
}

if (import.meta.main)
  process.exitCode = await runCommand(process.argv.slice(2), { help, options: {} }, async () => {
    await writeFile(clientTypes, await typesOfContract());
    return 0;
  });
