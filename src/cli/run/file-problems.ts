/** Says what is wrong with a file of requests, and with the files of its environments, as compilers do. */
import { relative, resolve } from 'node:path'
import { Places } from '../../request/file/places.ts'
import type { Problem } from '../../request/file/request-file.ts'
import { variableProblems } from '../../request/language/problems.ts'
import type { EnvironmentProblem } from '../../request/variables/environments.ts'
import { printNotice } from '../standard-error.ts'
import { DISK_FILES } from './disk-files.ts'
import { type NamedRequest, type RequestText, runBy } from './request-text.ts'
import { type RunPlan, scopeFor } from './run-plan.ts'

/** Problems after which no more are printed. */
const MOST = 50

/** The requests without those that only other tools run, which it names. */
export function withoutOthers(text: RequestText, requests: readonly NamedRequest[]): readonly NamedRequest[] {
  return requests.filter(({ request, name }) => {
    const other = runBy(request)
    if (other !== undefined)
      printNotice(`${text.placeOf(request.line)}: ${JSON.stringify(name)} is skipped: it runs in ${other}.`)
    return other === undefined
  })
}

/** Prints errors and warnings. Returns whether the requests can run. */
export async function checkFiles(plan: RunPlan): Promise<boolean> {
  const { text, requests, environments } = plan
  const lines: string[] = []
  let canRun = true
  const add = (severity: Problem['severity'], place: string, message: string) => {
    if (severity === 'info') return
    if (severity === 'error') canRun = false
    lines.push(`${place}: ${severity}: ${message}`)
  }
  for (const problem of text.problemsOf(requests))
    add(problem.severity, text.placeOf(problem), problem.message)
  for (const { request, name } of requests) {
    const other = runBy(request)
    if (other !== undefined)
      add('error', text.placeOf(request.line), `${JSON.stringify(name)} runs in ${other}, not here.`)
  }
  // A request cannot run without its variables.
  for (const problem of variableProblems(text.file, scopeFor(plan, { file: resolve(text.path) })))
    if (requests.some(({ request }) => request.start <= problem.start && problem.start < request.end))
      add('error', text.placeOf(problem), problem.message)
  for (const problem of environments.problems) add(problem.severity, await placeIn(problem), problem.message)
  for (const line of new Set(lines.slice(0, MOST))) printNotice(line)
  if (lines.length > MOST) printNotice(`${lines.length - MOST} more problems like these.`)
  return canRun
}

async function placeIn({ file, offset }: EnvironmentProblem): Promise<string> {
  const bytes = await DISK_FILES.read(file)
  const { line, column } = new Places(new TextDecoder().decode(bytes)).at(offset)
  return `${relative('.', file) || file}:${line}:${column}`
}
