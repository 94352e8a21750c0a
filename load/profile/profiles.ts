// `--profile`: V8 profiles every process that a run starts, and the profiles become flame graphs.

import { mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flamePage } from './flame.ts';
import { flamesOf, type CpuProfile, type NamedProfile } from './tree.ts';

export interface Profiles {
  /** Writes `STEM.flame.html`, and keeps the profiles in `STEM.profiles`. Returns the path of the page. */
  write(stem: string, at: string): Promise<string>;
}

/** From now on, processes that this one starts write their profiles when they exit. `directory` must exist. */
export async function startProfiling(directory: string, environment = process.env): Promise<Profiles> {
  const home = await mkdtemp(join(directory, 'profiles-'));
  const given = environment['NODE_OPTIONS'] ?? '';
  environment['NODE_OPTIONS'] = `${given} --cpu-prof "--cpu-prof-dir=${home}"`.trimStart();
  return {
    async write(stem, at) {
      const files = await readdir(home);
      const profiles = await Promise.all(
        files.map(async (name) => ({ name, profile: await profileIn(join(home, name)) })),
      );
      const path = `${stem}.flame.html`;
      await writeFile(path, flamePage(flamesOf(profiles.filter(isRead)), at));
      await rename(home, `${stem}.profiles`);
      return path;
    },
  };
}

const isRead = (one: { name: string; profile: CpuProfile | null }): one is NamedProfile =>
  one.profile !== null;

/** Null for the file of a process that was killed while it wrote. */
async function profileIn(path: string): Promise<CpuProfile | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as CpuProfile;
  } catch {
    return null;
  }
}
