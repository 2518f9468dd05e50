/**
 * Runs the requests of a plan one after another, in one session. Later ones can use the variables that messages of earlier
 * ones set.
 */
import type { Hub } from '../../engine/hub.ts'
import { MessageLimits } from '../../engine/message-limits.ts'
import type { Written } from '../../request/file/request-file.ts'
import { effectProblems, protocolProblems } from '../../request/language/problems.ts'
import { withCookieJar, withValues } from '../../request/request.ts'
import { RequestFailure, type ResolvedRequest, resolveRequest } from '../../request/resolve.ts'
import type { Answers } from '../../request/variables/variables.ts'
import { type Credentials, headerOf } from '../../shared/credentials.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { ExpectationStatus } from '../../shared/expectation.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { RequestScript } from '../../shared/request-script.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { schemeOf } from '../../shared/transports.ts'
import type { Connection } from '../connect/driver.ts'
import { withPassphrase } from '../connect/key-passphrase.ts'
import { prepareDrivers } from '../connect/prepare-drivers.ts'
import type { Ending, LiveRun } from '../connect/run-live.ts'
import { EXIT } from '../exit.ts'
import { printNotice } from '../standard-error.ts'
import { DISK_FILES } from './disk-files.ts'
import type { TestResult } from './junit.ts'
import type { Questions } from './questions.ts'
import { RequestRun } from './request-run.ts'
import type { NamedRequest } from './request-text.ts'
import { type RunPlan, scopeFor } from './run-plan.ts'

export interface SequenceOptions {
  readonly plan: RunPlan
  /** The path of the file of requests, absolute. */
  readonly file: string
  readonly answers: Answers
  readonly questions: Questions
  /** Secret values are added before they are used. */
  readonly secrets: KnownSecrets
  /** Called when the connection of a request is about to open. */
  starting(connection: number, request: NamedRequest): void
  /** Called for each event. */
  appended(event: RealtimeEvent): void
  /** Called when the run ends early, so that no more questions are asked. */
  ending(): void
  /** Called for each request, in order. */
  ended(request: NamedRequest, result: Result): void
}

/** What was expected of a connection, and whether it came. */
export interface Judged {
  readonly expectation: Written
  readonly status: ExpectationStatus
}

/** How a request ended. */
export interface Result extends Pick<TestResult, 'outcome' | 'reason' | 'code' | 'duration'> {
  /** In the order of the file; absent if nothing was expected, or it was not judged. */
  readonly judged?: readonly Judged[]
  /** The reason begins with the place in the file, and names the request. */
  readonly isPlaced?: boolean
}

class PlacedFailure extends Failure {}

function skipped(reason: string): Result {
  return { outcome: 'skipped', reason, duration: 0 }
}

export class Sequence implements LiveRun {
  readonly limits = new MessageLimits()
  readonly #options: SequenceOptions
  /** The variables that messages have set. */
  #variables: Readonly<Record<string, string>> = {}
  #current: RequestRun | undefined
  /** What is expected of the current one. */
  #expected: readonly Written[] = []
  #isOver = false

  constructor(options: SequenceOptions) {
    this.#options = options
  }

  async run(hub: Hub): Promise<Ending> {
    let code: number = EXIT.done
    for (const request of this.#options.plan.requests) {
      const result = this.#isOver
        ? skipped('The run ended before it started.')
        : await this.#timed(hub, request)
      if (result.outcome === 'failed') code = EXIT.failed
      this.#options.ended(request, result)
    }
    return { code, failures: [] }
  }

  end(): void {
    this.#isOver = true
    this.#options.ending()
    this.#current?.interrupt()
  }

  update(connection: Connection): void {
    this.#current?.update(connection)
  }

  arriving(event: RealtimeEvent): void {
    this.#current?.arriving(event)
  }

  appended(event: RealtimeEvent): void {
    this.#current?.appended(event)
    this.#options.appended(event)
  }

  async #timed(hub: Hub, request: NamedRequest): Promise<Result> {
    const started = performance.now()
    const { failure, judged } = await this.#runOne(hub, request)
    const duration = performance.now() - started
    if (this.#isOver) return { ...skipped('The run ended before it finished.'), duration }
    if (failure === undefined) {
      const isMet = judged.every(({ status }) => status.state === 'held')
      return { outcome: isMet ? 'passed' : 'failed', duration, judged }
    }
    const code = failure instanceof Failure ? failure.code : 'UNEXPECTED'
    const isPlaced = failure instanceof PlacedFailure
    return { outcome: 'failed', reason: sentenceOf(failure), code, duration, isPlaced, judged }
  }

  /** Resolves once the request has ended, with why it failed. */
  async #runOne(
    hub: Hub,
    named: NamedRequest,
  ): Promise<{ readonly failure?: unknown; readonly judged: readonly Judged[] }> {
    let run: RequestRun | undefined
    try {
      run = await this.#prepare(hub, named)
      if (this.#isOver) return { judged: [] }
      this.#current = run
      this.#options.starting(hub.connections().length + 1, named)
      const failure = await run.run()
      return { failure, judged: this.#judged(run) }
    } catch (thrown) {
      return { failure: thrown, judged: run === undefined ? [] : this.#judged(run) }
    } finally {
      this.#variables = { ...this.#variables, ...this.#current?.variables }
      this.#current = undefined
    }
  }

  /** Each with its place in the file. */
  #judged(run: RequestRun): readonly Judged[] {
    const statuses = run.judged
    return this.#expected.flatMap((expectation, index) => {
      const status = statuses[index]
      return status === undefined ? [] : [{ expectation, status }]
    })
  }

  async #prepare(hub: Hub, named: NamedRequest): Promise<RequestRun> {
    const { plan } = this.#options
    const { spec: resolved, script, limits, expectations, rules, keepAlive } = await this.#resolve(named)
    this.#expected = [...expectations, ...plan.expectations.map((text) => ({ text, ...named.request.line }))]
    const { maxMessages = limits.maxMessages, duration = limits.duration } = plan
    const spec = await withPassphrase(specFor(resolved, plan), this.#options.questions)
    const notice = (sentence: string) => printNotice(`${named.name}: ${sentence}`)
    if (script.isManual === true && script.steps.length > 0)
      notice('Its messages are sent only by hand (# @send manual), so they are not sent now.')
    const automatic = {
      ...plan,
      rules: [...rules, ...plan.rules],
      keepAlive: plan.keepAlive ?? keepAlive,
      expectations: [],
    }
    let run: RequestRun | undefined
    const variables = {
      get all() {
        return run?.variables ?? {}
      },
      // Its own rules are known, also before they are made.
      maySet: (name: string) => script.values.some((value) => value.name === name),
      set: (name: string, value: string) => run?.setVariable(name, value),
    }
    run = await RequestRun.prepare({
      hub,
      spec,
      script: scriptFor(script, spec, plan),
      expectations: this.#expected.map(({ text }) => text),
      limits: { maxMessages, duration },
      endsWhenDone: limits.maxMessages === undefined && limits.duration === undefined,
      messages: this.limits,
      drivers: await prepareDrivers(automatic, variables),
      dialects: plan.dialects,
      secrets: this.#options.secrets,
      notice,
    })
    return run
  }

  async #resolve({ request, name }: NamedRequest): Promise<ResolvedRequest> {
    const { plan, file, answers } = this.#options
    const { text } = plan
    const scope = scopeFor(plan, { file, request, answers: this.#variables })
    try {
      const resolved = await resolveRequest(request, { file, scope, answers, files: DISK_FILES })
      this.#options.secrets.add(resolved.secrets)
      const { problems, spec } = resolved
      for (const problem of [
        ...problems,
        ...effectProblems(request, spec),
        ...protocolProblems(request, spec),
      ])
        if (problem.severity === 'warning')
          printNotice(`${text.placeOf(problem)}: ${name}: ${problem.message}`)
      return resolved
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure)) throw thrown
      throw new PlacedFailure(thrown.code, `${text.placeOf(thrown.span)}: ${thrown.message}`)
    }
  }
}

/**
 * The options of the command line take precedence. A lost connection is reopened only if that is asked for, and no protocol
 * is spoken if the response may be plain.
 */
function specFor(spec: ConnectionSpec, { values, credentials }: RunPlan): ConnectionSpec {
  const { protocol, protocolOption, ...others } = values
  const spoken = spec.plainResponse === true ? {} : { protocol, protocolOption }
  const run = withCookieJar({ ...spec, reconnect: spec.reconnect ?? 'never' })
  const given = withValues(run, { ...others, ...spoken })
  return credentials === undefined ? given : withCredentials(given, credentials)
}

/** The specification with these credentials, in place of the header that they set. */
function withCredentials(
  { headers = {}, ...spec }: ConnectionSpec,
  credentials: Credentials,
): ConnectionSpec {
  const set = headerOf(credentials)
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== set)
  return { ...spec, headers: Object.fromEntries(others), credentials }
}

/** The script with the messages of the command line after its own, if it can send messages. */
function scriptFor(script: RequestScript, spec: ConnectionSpec, { messages }: RunPlan): RequestScript {
  if (messages.length === 0 || (schemeOf(spec.url) !== 'ws' && spec.protocol === undefined)) return script
  const steps = messages.map((message) => ({ kind: 'send', message }) as const)
  const { isManual = false, ...rest } = script
  return { ...rest, steps: isManual ? steps : [...script.steps, ...steps] }
}
