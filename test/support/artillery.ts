/** Artillery from the npm registry, for tests of the scenarios that we write for it: pinned, installed once, run unchanged. */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CACHE } from '../../scripts/paths.ts'
import { mustRun } from '../../scripts/run.ts'

/** It has the license MPL-2.0, and takes 470 MB with its dependencies. */
const VERSION = '2.0.34'

/** What it counted, by the names that it gives: `vusers.completed`, `errors.ECONNREFUSED`. */
export type Counters = Readonly<Record<string, number>>

/** Installs it if it is missing (a minute). Resolves to the path of its script. */
async function install(): Promise<string> {
  const folder = join(CACHE, `artillery-${VERSION}`)
  const complete = join(folder, 'complete')
  const script = join(folder, 'node_modules', 'artillery', 'bin', 'run')
  if (existsSync(complete)) return script
  console.log(`Installing Artillery ${VERSION}, once.`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }))
  // Its scripts would download browsers.
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--omit=optional']
  await mustRun('npm', ['install', ...options, `artillery@${VERSION}`], { cwd: folder })
  await writeFile(complete, '')
  return script
}

/** Runs a scenario with so many users, and these environment variables. Rejects if Artillery fails. */
export async function runArtillery(
  file: string,
  users: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Counters> {
  const script = await install()
  const output = `${file}.json`
  const phases = [{ duration: 1, arrivalCount: users }]
  const args = [
    'run',
    '--quiet',
    '--output',
    output,
    '--overrides',
    JSON.stringify({ config: { phases } }),
    file,
  ]
  await mustRun(process.execPath, [script, ...args], {
    cwd: dirname(file),
    env: { ...process.env, ...env, ARTILLERY_DISABLE_TELEMETRY: 'true' },
  })
  const { default: report } = (await import(output, { with: { type: 'json' } })) as {
    readonly default: { readonly aggregate: { readonly counters: Counters } }
  }
  return report.aggregate.counters
}
