/** Writes what a run found as a JUnit report, which CI systems show. */
import { writeFile } from 'node:fs/promises'
import { Element } from 'ltx'
import { writeWhole } from '../../session/whole-file.ts'

export interface TestResult {
  readonly name: string
  /** Of its request line, from 1. */
  readonly line: number
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** One sentence: why it failed or did not run. */
  readonly reason?: string
  /** Of the failure, such as `ECONNREFUSED`. */
  readonly code?: string
  /** Milliseconds. */
  readonly duration: number
  /** What happened, in readable lines. */
  readonly output?: string
  readonly expectations?: readonly ExpectationResult[]
}

/** An expectation of a request, which is a test of its own. */
export interface ExpectationResult {
  readonly name: string
  /** Of the expectation, from 1. */
  readonly line: number
  /** What was expected and what came; absent if it held. */
  readonly reason?: string
}

export interface TestSuite {
  /** The file of requests, as the user named it. */
  readonly file: string
  readonly startedAt: Date
  readonly results: readonly TestResult[]
}

/** Writes the report. Rejects with a `Failure` if it cannot be written. */
export async function writeJunit(path: string, suite: TestSuite): Promise<void> {
  await writeWhole(path, (partial) => writeFile(partial, junitXml(suite)))
}

/** The report as XML. */
export function junitXml({ file, startedAt, results: requests }: TestSuite): string {
  const results = requests.flatMap(testsOf)
  const totals = {
    tests: String(results.length),
    failures: String(results.filter(({ outcome }) => outcome === 'failed').length),
    errors: '0',
    skipped: String(results.filter(({ outcome }) => outcome === 'skipped').length),
    time: seconds(results.reduce((sum, { duration }) => sum + duration, 0)),
  }
  const suite = element(
    'testsuite',
    { name: file, ...totals, timestamp: startedAt.toISOString() },
    results.flatMap((result) => ['\n', testCase(file, result)]),
  )
  const document = element('testsuites', { name: 'realtime-inspector', ...totals }, [suite])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document.toString()}\n`
}

/** A request, which fails if its connection does, and then each of its expectations. */
function testsOf({ expectations = [], ...request }: TestResult): TestResult[] {
  const connected = request.outcome === 'failed' && request.reason === undefined
  return [
    { ...request, ...(connected && { outcome: 'passed' }) },
    ...expectations.map(({ name, line, reason }) =>
      reason === undefined
        ? ({ name, line, outcome: 'passed', duration: 0 } as const)
        : ({ name, line, outcome: 'failed', reason, code: 'EXPECTATION', duration: 0 } as const),
    ),
  ]
}

function testCase(
  file: string,
  { name, line, outcome, reason = '', code, duration, output }: TestResult,
): Element {
  const children: Element[] = []
  if (outcome === 'failed')
    children.push(
      element('failure', { message: reason, ...(code !== undefined && { type: code }) }, [reason]),
    )
  if (outcome === 'skipped') children.push(element('skipped', { message: reason }, []))
  if (output !== undefined && output !== '') children.push(element('system-out', {}, [output]))
  const classname = file.replace(/\.[^./\\]*$/, '')
  return element('testcase', { name, classname, file, line: String(line), time: seconds(duration) }, children)
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly (Element | string)[],
): Element {
  const allowed = Object.entries(attributes).map(([key, value]) => [key, allowedIn(value)])
  const made = new Element(name, Object.fromEntries(allowed))
  for (const child of children) {
    if (typeof child === 'string') made.t(allowedIn(child))
    else made.cnode(child)
  }
  return made
}

/** The text without characters that XML does not allow (XML 1.0 section 2.2). */
function allowedIn(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it replaces
  return text.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}
