/** Runs the requests of files, and knows which connection each of them has opened. */
import * as vscode from 'vscode'
import type { FileRequest } from '../../request/file/request-file.ts'
import { requestAt } from '../../request/file/request-names.ts'
import { type JudgedExpectation, judgedExpectations } from '../../request/language/outcomes.ts'
import { withCookieJar } from '../../request/request.ts'
import type { ResolvedRequest } from '../../request/resolve.ts'
import { onlySecretPlaceholders } from '../../request/secret-placeholders.ts'
import { expand, scopeNow } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import type { ScriptStatus } from '../../shared/request-script.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { ComposerShelf } from '../session/composer-shelf.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'
import { hideValues } from '../ui/hidden-values.ts'
import type { AnswerValues } from './answer-values.ts'
import type { RunConfirmation } from './confirm-run.ts'
import type { Environments } from './environments.ts'
import type { SignIn } from './oauth2/sign-in.ts'
import { answersFor } from './request-answers.ts'
import { pathOf } from './request-files.ts'
import type { IndexedFile, RequestIndex } from './request-index.ts'
import type { RequestSecrets } from './request-secrets.ts'

/** A request by its file and its name there (see `requestNames`). */
export interface RequestReference {
  readonly uri: vscode.Uri
  readonly name: string
}

/** The latest run of a request. */
export interface RequestRun {
  readonly connection: number
  /** As of a moment ago; undefined if the connection is not part of the session any more. */
  readonly status: ConnectionStatus | undefined
  readonly script: ScriptStatus | undefined
  /** What was expected of the connection, and whether it came. */
  readonly expectations: readonly JudgedExpectation[]
  /** What the last message says of itself, such as `EVENT typing`; undefined if there is none. */
  readonly lastMessage: string | undefined
}

/** A run as it is kept. */
interface Run extends RequestReference {
  readonly connection: number
  /** The secrets of its specification, by their values: their names. */
  readonly secrets: ReadonlyMap<string, string>
  readonly judge: ReturnType<typeof judgedExpectations>
  /** Its steps as they are in the script of the connection. Empty if it has no script. */
  readonly steps: readonly string[]
  lastMessage: string | undefined
  /** Of the last message that was asked for: how many messages there were. */
  messages: number
  /** The variables that messages had set when they were asked for last. */
  values: ScriptStatus['variables'] | undefined
}

export interface RequestRunsOptions {
  readonly session: LiveSession
  readonly index: RequestIndex
  readonly environments: Environments
  readonly requestSecrets: RequestSecrets
  readonly signIn: SignIn
  readonly values: AnswerValues
  readonly shelf: ComposerShelf
  readonly confirmation: RunConfirmation
  readonly log: vscode.LogOutputChannel
}

/** What is known of a run at first. */
const NEW = { lastMessage: undefined, messages: 0, values: undefined } as const

/** Runs that are known: the latest ones. */
const MAX_RUNS = 1000

export class RequestRuns {
  readonly #options: RequestRunsOptions
  readonly #changed = new vscode.EventEmitter<void>()
  readonly #subscriptions: readonly vscode.Disposable[]
  /** By the connection. */
  readonly #runs = new Map<number, Run>()
  /** The connection of the latest run, by the key of the request. */
  readonly #latest = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isLooking = false

  /** A request was run, or the status of a run has changed. Fires a few times a second at most. */
  readonly onChange = this.#changed.event

  constructor(options: RequestRunsOptions) {
    this.#options = options
    const { session } = options
    this.#subscriptions = [
      this.#changed,
      session.onStatus(() => this.#look()),
      session.on('reset', ({ why }) => {
        if (why === 'replaced') this.#forgetAll()
      }),
    ]
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /**
   * Runs a request, by its name or by an offset in its file, and resolves to the id of the connection. Asks for what
   * is missing. Rejects with a `Failure`, which is a `RequestFailure` if a part of the request is the reason, or with
   * `CANCELLED`.
   */
  async run(uri: vscode.Uri, which: string | number): Promise<number> {
    const { session, index } = this.#options
    const file = await index.fileAt(uri)
    const { request, name } = findRequest(file, which)
    const { resolved, secrets } = await this.#resolve(file, request, name)
    const { spec, script, expectations, rules, keepAlive } = resolved
    const { maxMessages, duration } = resolved.limits
    const connection = await session.connect(withCookieJar(spec), {
      script,
      expectations: expectations.map(({ text }) => text),
      rules,
      keepAlive,
      secrets: resolved.secrets,
      maxMessages,
      remembered: onlySecretPlaceholders(withCookieJar(resolved.remembered)),
    })
    if (request.name !== undefined) session.labels.suggest(connection, name)
    const judge = judgedExpectations(request, expectations)
    const steps = stepTexts(file.file.text, request)
    this.#keep({ ...{ uri, name, connection, secrets, steps, judge }, ...NEW })
    if (duration !== undefined) this.#endAfter(connection, duration)
    return connection
  }

  /** The latest run of a request in this window; undefined if there is none. */
  of(uri: vscode.Uri, name: string): RequestRun | undefined {
    const run = this.#runs.get(this.#latest.get(keyOf({ uri, name })) ?? 0)
    if (run === undefined) return undefined
    const status = this.#statusOf(run.connection)
    const { connection, judge, lastMessage } = run
    const expectations = judge(status?.expectations ?? [])
    return { connection, status, script: status?.script, expectations, lastMessage }
  }

  /** The request that opened a connection; undefined if the connection was opened otherwise. */
  requestOf(connection: number): RequestReference | undefined {
    return this.#runs.get(connection)
  }

  /** The names of the secrets that a connection was opened with, by their values. Empty if no request opened it. */
  secretsOf(connection: number): ReadonlyMap<string, string> {
    return this.#runs.get(connection)?.secrets ?? new Map()
  }

  /** A connection that was opened otherwise is that of a request from now on. */
  adopt(connection: number, reference: RequestReference): void {
    const secrets = this.secretsOf(connection)
    const judge = this.#runs.get(connection)?.judge ?? (() => [])
    this.#keep({
      ...reference,
      ...{ connection, secrets, steps: [], judge },
      ...NEW,
    })
  }

  /** Sends the message of a step, by its position in `FileRequest.steps`. */
  async sendStep(uri: vscode.Uri, name: string, step: number): Promise<void> {
    await this.sendStepOf(this.#connectionOf(uri, name), step)
  }

  /** As `sendStep`, of the request that opened a connection. */
  async sendStepOf(connection: number, step: number): Promise<void> {
    const { session } = this.#options
    const changed = await this.#changedRequest(connection)
    if (changed === undefined || changed.isSame(step))
      await session.call('sendStep', { id: connection, step })
    else await this.#sendChanged(connection, changed, step)
  }

  /** Sends the messages from the first one on, with their waits. */
  async sendAll(uri: vscode.Uri, name: string): Promise<void> {
    await this.sendAllOf(this.#connectionOf(uri, name))
  }

  /** As `sendAll`, of the request that opened a connection. */
  async sendAllOf(connection: number): Promise<void> {
    const changed = await this.#changedRequest(connection)
    if (changed !== undefined && !changed.isSame())
      throw new Failure(
        'CHANGED',
        vscode.l10n.t(
          'The messages of “{0}” have changed since it connected. Connect again to send all of them.',
          changed.name,
        ),
      )
    await this.#options.session.call('sendScript', { id: connection })
  }

  /** Resolves a request that is about to be sent. Rejects as `RunConfirmation.ask` does, too. */
  async #resolve(
    { uri, file: parsed }: IndexedFile,
    request: FileRequest,
    name: string,
  ): Promise<{ readonly resolved: ResolvedRequest; readonly secrets: ReadonlyMap<string, string> }> {
    const { environments, requestSecrets, signIn, values, shelf, confirmation } = this.#options
    const file = pathOf(uri)
    const loaded = await environments.read(uri)
    const environment = await environments.nameFor(uri)
    await confirmation.ask(name, environment)
    // A tenth of the code of the extension, which activation does not need.
    const { resolveRequest } = await import('../../request/resolve.ts')
    const { VariableScope } = await import('../../request/variables/scope.ts')
    const scope = new VariableScope({
      ...{ file, parsed, request, environments: loaded },
      answers: values.of(uri),
      composer: shelf.read().variables,
      ...(environment !== undefined && { environment }),
    })
    const answers = answersFor(name, requestSecrets, signIn)
    const files = confirmation.files(uri, name)
    const resolved = await resolveRequest(request, { file, scope, answers, files })
    hideValues(resolved.secrets)
    return { resolved, secrets: answers.used }
  }

  /** The request of a connection as its file has it now; undefined if no request opened the connection. */
  async #changedRequest(connection: number): Promise<CurrentRequest | undefined> {
    const run = this.#runs.get(connection)
    if (run === undefined) return undefined
    const file = await this.#options.index.fileAt(run.uri)
    const { request, name } = findRequest(file, run.name)
    const now = stepTexts(file.file.text, request)
    const isSame = (step?: number) =>
      step === undefined
        ? now.length === run.steps.length && now.every((text, at) => text === run.steps[at])
        : now[step] !== undefined && now[step] === run.steps[step]
    return { file, request, name, isSame }
  }

  /** Sends a message that is not in the script of the connection. Asks as `run` does, which may not have opened it. */
  async #sendChanged(id: number, { file, request, name }: CurrentRequest, at: number): Promise<void> {
    const { session, values } = this.#options
    const { resolved } = await this.#resolve(file, request, name)
    const step = resolved.script.steps[at]
    // It may have secrets that the connection was not opened with.
    await session.call('keepSecrets', { secrets: resolved.secrets })
    const variables = { ...resolved.script.variables, ...values.of(file.uri) }
    if (step?.kind === 'send') {
      const { message } = step
      const isTemplate = message.variables !== undefined
      await session.call('send', { id, message: isTemplate ? { ...message, variables } : message })
    } else if (step?.kind === 'form') {
      const form = JSON.parse(expand(step.values, scopeNow(variables, 1), true))
      await session.call('sendForm', { id, form: step.form, values: form })
    } else throw new Failure('BAD_STEP', vscode.l10n.t('“{0}” no longer has that message.', name))
  }

  /** Closes a connection after so many milliseconds. */
  #endAfter(connection: number, duration: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#end(connection)
    }, duration)
    this.#timers.add(timer)
  }

  #end(connection: number): void {
    const status = this.#statusOf(connection)
    if (status === undefined || !isLive(status)) return
    this.#options.session
      .call('disconnect', { id: connection })
      .catch((error) =>
        this.#options.log.error('A connection was not closed at the limit of its request:', error),
      )
  }

  #keep(run: Run): void {
    this.#runs.set(run.connection, run)
    this.#latest.set(keyOf(run), run.connection)
    for (const [connection, oldest] of this.#runs) {
      if (this.#runs.size <= MAX_RUNS) break
      this.#runs.delete(connection)
      if (this.#latest.get(keyOf(oldest)) === connection) this.#latest.delete(keyOf(oldest))
    }
    this.#look()
  }

  #forgetAll(): void {
    this.#runs.clear()
    this.#latest.clear()
    this.#changed.fire()
  }

  /** Throws a `Failure` `NOT_OPEN` if the request was not run. */
  #connectionOf(uri: vscode.Uri, name: string): number {
    const run = this.of(uri, name)
    if (run?.status === undefined)
      throw new Failure('NOT_OPEN', vscode.l10n.t('“{0}” has no connection. Connect first.', name))
    return run.connection
  }

  #statusOf(connection: number): ConnectionStatus | undefined {
    return this.#options.session.connections.find(({ id }) => id === connection)
  }

  /** Tells listeners, and asks the engine for what the status does not say. */
  #look(): void {
    if (this.#runs.size === 0) return
    this.#changed.fire()
    if (this.#isLooking) return
    this.#isLooking = true
    this.#lookCloser()
      .catch((error) => this.#options.log.error('What requests do could not be read from the engine:', error))
      .finally(() => {
        this.#isLooking = false
      })
  }

  async #lookCloser(): Promise<void> {
    const { session } = this.#options
    const talking: Run[] = []
    for (const status of session.connections) {
      const run = this.#runs.get(status.id)
      if (run === undefined) continue
      const messages = status.messagesIn + status.messagesOut
      if (messages !== run.messages) talking.push(run)
      run.messages = messages
      await this.#readValues(run, status.script)
    }
    if (talking.length === 0) return
    const connections = talking.map(({ connection }) => connection)
    for (const { connection, name, decoded } of await session.call('newestMessages', { connections })) {
      const run = this.#runs.get(connection)
      const text = decoded === undefined ? name : [decoded.word, decoded.name].filter(Boolean).join(' ')
      if (run !== undefined) run.lastMessage = text === '' ? name : text
    }
    this.#changed.fire()
  }

  /** Keeps the variables that messages have set, in full, for later requests of the file. */
  async #readValues(run: Run, script: ScriptStatus | undefined): Promise<void> {
    if (script === undefined || JSON.stringify(script.variables) === JSON.stringify(run.values ?? {})) return
    run.values = script.variables
    const { session, values } = this.#options
    const { variables } = await session.call('scriptValues', { id: run.connection })
    hideValues(Object.entries(variables).flatMap(([name, value]) => (isSecretName(name) ? [value] : [])))
    values.add(run.uri, variables)
  }
}

/** The request of a connection as its file has it now. */
interface CurrentRequest {
  readonly file: IndexedFile
  readonly request: FileRequest
  readonly name: string
  /** Whether a step, or all of them, are as in the script of the connection. */
  isSame(step?: number): boolean
}

function stepTexts(text: string, { steps }: FileRequest): readonly string[] {
  return steps.map(({ start, end }) => text.slice(start, end))
}

function keyOf({ uri, name }: RequestReference): string {
  return `${uri.toString()} ${name}`
}

/** The request with a name, or at an offset, and its position among the others. Throws a `Failure` `NO_REQUEST`. */
export function findRequest(
  { path, file: { requests }, names }: IndexedFile,
  which: string | number,
): { readonly request: FileRequest; readonly name: string; readonly at: number } {
  const at = typeof which === 'string' ? names.indexOf(which) : requestAt(requests, which)
  const [request, name] = [requests[at], names[at]]
  if (request !== undefined && name !== undefined) return { request, name, at }
  throw new Failure(
    'NO_REQUEST',
    typeof which === 'string'
      ? vscode.l10n.t('{0} has no request “{1}”.', path, which)
      : vscode.l10n.t('{0} has no request there. Write one, such as WEBSOCKET ws://localhost:8080/', path),
  )
}
