/** Collects what a run found: says what failed at once, and writes the JUnit report. */

import picocolors from 'picocolors'
import { maskingOf } from '../../session/payload-masks.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import { failureSentence } from '../../shared/expectation.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { maskText } from '../../shared/secrets.ts'
import { formatCount, plural } from '../../shared/text/quantities.ts'
import { PrettyPrinter } from '../pretty/pretty-printer.ts'
import { printable } from '../pretty/terminal-text.ts'
import { PrintedDecoding } from '../printed-decoding.ts'
import { printNotice } from '../standard-error.ts'
import { type TestResult, writeJunit } from './junit.ts'
import type { NamedRequest } from './request-text.ts'
import type { RunPlan } from './run-plan.ts'
import type { Judged, Result } from './sequence.ts'
import { Transcript } from './transcript.ts'

const NOT_RUN = 'The program ended before it ran.'

export class RunReport {
  readonly #plan: RunPlan
  readonly #secrets: KnownSecrets
  readonly #results = new Map<NamedRequest, TestResult>()
  readonly #startedAt = new Date()
  readonly #decoding: PrintedDecoding | undefined
  #transcript = new Transcript()
  #printer: EventSink | undefined

  /** Rejects with a `Failure` if the report cannot be written. */
  static async begin(plan: RunPlan, secrets: KnownSecrets): Promise<RunReport> {
    const decoding = plan.junit === undefined ? undefined : await PrintedDecoding.load(plan, plan.dialects)
    const report = new RunReport(plan, secrets, decoding)
    await report.write()
    return report
  }

  private constructor(plan: RunPlan, secrets: KnownSecrets, decoding: PrintedDecoding | undefined) {
    this.#plan = plan
    this.#secrets = secrets
    this.#decoding = decoding
  }

  /** The events that follow belong to another request. */
  starting(): void {
    this.#transcript = new Transcript()
    if (this.#decoding === undefined) return
    this.#printer = new PrettyPrinter(this.#transcript, {
      columns: () => Transcript.columns,
      colors: picocolors.createColors(false),
      masking: maskingOf({ ...this.#plan, secrets: this.#secrets }),
      decoding: this.#decoding,
    })
  }

  appended(event: RealtimeEvent): void {
    this.#printer?.append(event)
  }

  /** Takes note of a result, and prints why a request failed. */
  ended(request: NamedRequest, { isPlaced = false, judged = [], ...result }: Result): void {
    const { reason } = result
    for (const each of judged) this.#judge(request, each)
    if (result.outcome === 'failed' && reason !== undefined)
      printNotice(isPlaced ? reason : `${request.name}: ${reason}`)
    this.#results.set(request, {
      ...result,
      expectations: judged.map(({ expectation, status }) => ({
        name: `${this.#about(request).name}: ${this.#shown(status.text)}`,
        line: this.#plan.text.lineOf(expectation),
        ...(status.state !== 'held' && { reason: this.#shown(failureSentence(status)) }),
      })),
      ...this.#about(request),
      ...(reason !== undefined && { reason: this.#shown(reason) }),
      output: this.#transcript.text,
    })
    this.#transcript = new Transcript()
  }

  /** Writes the JUnit report, if there is one. Rejects with a `Failure` if that fails. */
  async write(): Promise<void> {
    const { junit, text, requests } = this.#plan
    if (junit === undefined) return
    const notRun = { outcome: 'skipped', reason: NOT_RUN, duration: 0 } as const
    const results = requests.map(
      (request) => this.#results.get(request) ?? { ...notRun, ...this.#about(request) },
    )
    await writeJunit(junit, { file: text.path, startedAt: this.#startedAt, results })
  }

  /** Says how many failed, if several ran. */
  printSummary(): void {
    const results = [...this.#results.values()]
    const failed = results.filter(({ outcome }) => outcome === 'failed')
    const skipped = results.filter(({ outcome }) => outcome === 'skipped')
    this.#printExpectations(results)
    if (results.length < 2 || failed.length + skipped.length === 0) return
    const parts = [
      ...(failed.length > 0
        ? [`${failed.length} failed (${failed.map(({ name }) => name).join(', ')})`]
        : []),
      ...(skipped.length > 0 ? [`${skipped.length} did not finish`] : []),
    ]
    printNotice(`Of ${plural(results.length, 'request')}, ${parts.join(', and ')}.`)
  }

  #printExpectations(results: readonly TestResult[]): void {
    const all = results.flatMap(({ expectations = [] }) => expectations)
    const held = all.filter(({ reason }) => reason === undefined)
    if (held.length === all.length) return
    printNotice(`${formatCount(held.length)} of ${plural(all.length, 'expectation')} held.`)
  }

  /** Says what was expected and what came, if that differs. */
  #judge({ name }: NamedRequest, { expectation, status }: Judged): void {
    if (status.state === 'held') return
    printNotice(`${this.#plan.text.placeOf(expectation)}: ${name}: ${failureSentence(status)}`)
  }

  #about(request: NamedRequest): Pick<TestResult, 'name' | 'line'> {
    return {
      name: this.#shown(request.name),
      line: this.#plan.text.lineOf(request.request.line),
    }
  }

  #shown(text: string): string {
    return printable(maskText(this.#secrets.mask(text)))
  }
}
