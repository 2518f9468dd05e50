/** Our programs as they ship. */
import { join } from 'node:path'
import { CACHE, ROOT } from '../../scripts/paths.ts'
import { mustRun } from '../../scripts/run.ts'

const built = new Map<string, Promise<string>>()

/** Path of the terminal program, built once in this process. */
export function builtCli(): Promise<string> {
  return builtProgram('cli')
}

/** Path of the worker that runs the editor's jobs, built once in this process. */
export function builtJobs(): Promise<string> {
  return builtProgram('jobs')
}

function builtProgram(name: string): Promise<string> {
  const known = built.get(name) ?? build(name)
  built.set(name, known)
  return known
}

async function build(name: string): Promise<string> {
  const outdir = join(CACHE, `bench-${name}`)
  const args = ['esbuild.mjs', '--production', `--only=${name}`, `--outdir=${outdir}`]
  await mustRun(process.execPath, args, { cwd: ROOT })
  return join(outdir, `${name}.js`)
}
