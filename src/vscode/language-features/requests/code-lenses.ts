/**
 * The CodeLenses of requests: *Connect*, or what the connection is doing and what can be done with it. Each request has a
 * row, and each of its messages, whatever happens, so that the lines of the editor stay where they are.
 */
import * as vscode from 'vscode'
import type { FileRequest } from '../../../request/file/request-file.ts'
import { lensPlaces } from '../../../request/language/lens-places.ts'
import { countOutcomes, outcomeSentence } from '../../../request/language/outcomes.ts'
import { eventOf } from '../../../shared/expectation.ts'
import type { SessionStatus } from '../../../shared/status.ts'
import type { CommandId } from '../../contributions.ts'
import { requestArguments } from '../../requests/request-commands.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import type { RequestRun, RequestRuns } from '../../requests/request-runs.ts'
import { isLive, type LiveSession } from '../../session/live-session.ts'
import { onSetting, showsCodeLenses } from '../../settings/current-settings.ts'
import { withoutHidden } from '../../ui/hidden-values.ts'
import { type Answered, expectationsText, scriptText, sentText, stateText } from './lens-texts.ts'
import {
  foreignSpans,
  hasRequests,
  indexDocument,
  REQUEST_DOCUMENTS,
  rangeOf,
  sharesLanguage,
} from './request-documents.ts'
import { answersTo } from './sent-answers.ts'
import { SpacedUpdates } from './spaced-updates.ts'

/** Sentences in a tooltip. */
const MAX_FAILED = 10
/** Milliseconds between two updates. */
const INTERVAL = 500
/** Milliseconds between two updates if only clocks change. */
const CLOCK = 1000

export interface LensOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
  readonly runs: Pick<RequestRuns, 'of' | 'onChange'>
  readonly session: Pick<LiveSession, 'status' | 'call'>
  readonly log: vscode.LogOutputChannel
}

/** The command and its arguments; none for a text. */
interface Lens {
  readonly title: string
  readonly tooltip?: string
  readonly command?: CommandId
  readonly arguments?: readonly unknown[]
}

export class RequestLenses implements vscode.CodeLensProvider {
  readonly #options: LensOptions
  readonly #changed = new vscode.EventEmitter<void>()
  readonly #subscriptions: readonly vscode.Disposable[]
  /** By connection and by step. */
  readonly #answers = new Map<number, ReadonlyMap<number, Answered>>()
  /** What the last message of a connection that is known by its name said, by connection. */
  readonly #lastNames = new Map<number, string>()
  readonly #updates: SpacedUpdates
  /** The newest status, and when it came, so that clocks go on between two. */
  #newest: { readonly status: SessionStatus | undefined; readonly came: number } = {
    status: undefined,
    came: 0,
  }

  readonly onDidChangeCodeLenses = this.#changed.event

  constructor(options: LensOptions) {
    this.#options = options
    this.#updates = new SpacedUpdates({
      isWanted: () => this.#visible().length > 0,
      update: () => this.#update(),
      updated: () => this.#changed.fire(),
      failed: (error) => options.log.error('The answers to messages could not be read:', error),
    })
    this.#subscriptions = [
      this.#changed,
      this.#updates,
      options.runs.onChange(() => {
        this.#noteStatus()
        this.#updates.soon(INTERVAL)
      }),
      onSetting('realtimeInspector.codeLens', () => this.#changed.fire()),
      vscode.extensions.onDidChange(() => this.#changed.fire()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#updates.soon(INTERVAL)),
      vscode.languages.registerCodeLensProvider(REQUEST_DOCUMENTS, this),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    this.#updates.asked()
    const indexed = showsCodeLenses() ? indexDocument(this.#options.index, document) : undefined
    if (indexed === undefined) return []
    this.#noteStatus()
    const { file, names } = indexed
    const foreign = new Set(foreignSpans(file))
    const isShared = sharesLanguage()
    const lenses: vscode.CodeLens[] = []
    for (const [at, request] of file.requests.entries()) {
      const name = names[at] ?? ''
      const run = this.#options.runs.of(document.uri, name)
      if (foreign.has(request) && run === undefined && (isShared || !request.canRun)) continue
      const { request: offset, messages } = lensPlaces(file.text, request)
      const add = (start: number, shown: readonly Lens[]) => {
        const range = rangeOf(document, { start, end: start })
        for (const { title, tooltip, command = '', arguments: given = [] } of shown)
          lenses.push(
            new vscode.CodeLens(range, {
              title,
              command,
              arguments: [...given],
              ...(tooltip !== undefined && { tooltip }),
            }),
          )
      }
      const target = requestArguments(document.uri, name)
      add(offset, this.#requestLenses(request, run, target))
      for (const { step, offset: place } of messages) add(place, this.#messageLenses(run, target, step))
    }
    this.#keepClock()
    return lenses
  }

  #requestLenses(
    request: FileRequest,
    run: RequestRun | undefined,
    target: readonly [uri: vscode.Uri, name: string, by: string],
  ): Lens[] {
    const status = run?.status
    const connect: Lens = {
      title: vscode.l10n.t('Connect'),
      tooltip: vscode.l10n.t('Run this request'),
      command: 'realtimeInspector.runRequest',
      arguments: target,
    }
    if (run === undefined || status === undefined) return [connect]
    const state: Lens = {
      title: stateText(status, this.#lastName(run), this.#now()),
      ...(status.error !== undefined && { tooltip: status.error }),
    }
    const events: Lens = {
      title: vscode.l10n.t('Show Events'),
      tooltip: vscode.l10n.t('Show only this connection in the panel'),
      command: 'realtimeInspector.showConnection',
      arguments: [status.id],
    }
    const expected = expectationLenses(run)
    if (!isLive(status)) return [connect, state, events, ...expected]
    const script = run.script && scriptText(run.script)
    const disconnect: Lens = {
      title: vscode.l10n.t('Disconnect'),
      command: 'realtimeInspector.disconnect',
      arguments: [status.id],
    }
    const all: Lens = {
      title: vscode.l10n.t('Send All'),
      tooltip: vscode.l10n.t('Send all messages of this request, in order'),
      command: 'realtimeInspector.sendAllMessages',
      arguments: target,
    }
    const canSend = status.state === 'open' && status.canSend
    const hasMessages = request.steps.some(({ kind }) => kind === 'send')
    return [
      state,
      events,
      disconnect,
      ...(canSend && hasMessages ? [all] : []),
      ...(script === undefined ? [] : [{ title: script, tooltip: script }]),
      ...expected,
    ]
  }

  #messageLenses(
    run: RequestRun | undefined,
    [uri, name, by]: readonly [uri: vscode.Uri, name: string, by: string],
    step: number,
  ): Lens[] {
    const send: Lens = {
      title: vscode.l10n.t('Send'),
      tooltip:
        run?.status?.state === 'open'
          ? vscode.l10n.t('Send this message now')
          : vscode.l10n.t('Send this message, once the request is connected'),
      command: 'realtimeInspector.sendRequestMessage',
      arguments: [uri, name, step, by],
    }
    const sent = run?.script?.sent.find((each) => each.step === step)
    if (run === undefined || sent === undefined) return [send]
    return [send, { title: sentText(sent.time, this.#answers.get(run.connection)?.get(step)) }]
  }

  /** What the last message says of itself. One that is not decoded yet does not replace the one before it. */
  #lastName({ connection, lastMessage: text }: RequestRun): string | undefined {
    if (text === 'text' || text === 'binary') return this.#lastNames.get(connection) ?? text
    if (text !== undefined) this.#lastNames.set(connection, text)
    return text
  }

  #noteStatus(): void {
    const { status } = this.#options.session
    if (status === this.#newest.status) return
    this.#newest = { status, came: performance.now() }
    const known = new Set(status?.connections.map(({ id }) => id))
    for (const id of [...this.#lastNames.keys(), ...this.#answers.keys()])
      if (!known.has(id)) {
        this.#lastNames.delete(id)
        this.#answers.delete(id)
      }
  }

  /** The session time in ms. */
  #now(): number {
    const { status, came } = this.#newest
    return (status?.at ?? 0) + (performance.now() - came)
  }

  /** The documents in editors that are in view. */
  #visible(): vscode.TextDocument[] {
    return vscode.window.visibleTextEditors.map(({ document }) => document).filter(hasRequests)
  }

  /** The runs of the requests in view. */
  #visibleRuns(): RequestRun[] {
    const { index, runs } = this.#options
    return this.#visible().flatMap((document) => {
      const { names = [] } = indexDocument(index, document) ?? {}
      return names.flatMap((name) => runs.of(document.uri, name) ?? [])
    })
  }

  async #update(): Promise<void> {
    await Promise.all(this.#visibleRuns().map((run) => this.#readAnswers(run)))
  }

  async #readAnswers({ connection, status, script }: RequestRun): Promise<void> {
    if (status === undefined || script === undefined || script.sent.length === 0) {
      this.#answers.delete(connection)
      return
    }
    const ask = (span: Parameters<Parameters<typeof answersTo>[3]>[0]) =>
      this.#options.session.call('exchanges', span)
    this.#answers.set(connection, await answersTo(connection, script, this.#now(), ask))
  }

  /** A connection that is open without messages has a clock, too. */
  #keepClock(): void {
    if (this.#visibleRuns().some(({ status }) => status?.state === 'open' || status?.state === 'waiting'))
      this.#updates.soon(CLOCK)
  }
}

/** How many expectations hold; in the tooltip, those that do not. It leads to the event that the first of them is about. */
function expectationLenses({ connection, expectations }: RequestRun): Lens[] {
  if (expectations.length === 0) return []
  const failed = expectations.filter(({ status }) => status.state === 'failed').slice(0, MAX_FAILED)
  const sentences = failed.map(({ status }) => withoutHidden(outcomeSentence(status)))
  const [event] = failed.flatMap(({ status }) => eventOf(status) ?? [])
  return [
    {
      title: expectationsText(countOutcomes(expectations)),
      ...(sentences.length > 0 && { tooltip: sentences.join('\n') }),
      ...(event !== undefined && {
        command: 'realtimeInspector.showConnection',
        arguments: [connection, event],
      }),
    },
  ]
}
