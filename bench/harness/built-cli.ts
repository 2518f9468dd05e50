/** Our terminal program as it ships. */
import { join } from 'node:path'
import { CACHE, ROOT } from '../../scripts/paths.ts'
import { mustRun } from '../../scripts/run.ts'

let built: Promise<string> | undefined

/** Path of the program, built once in this process. */
export function builtCli(): Promise<string> {
  built ??= build()
  return built
}

async function build(): Promise<string> {
  const outdir = join(CACHE, 'bench-cli')
  const args = ['esbuild.mjs', '--production', '--only=cli', `--outdir=${outdir}`]
  await mustRun(process.execPath, args, { cwd: ROOT })
  return join(outdir, 'cli.js')
}
