/** A page, worker or program that is followed, through its session of the DevTools protocol. */
import * as v from 'valibot'
import { Failure } from '../shared/failure.ts'
import { maskUrl } from '../shared/secrets.ts'
import type { TrafficHost } from '../shared/traffic.ts'
import type { DevToolsConnection, DevToolsEvent } from './devtools-connection.ts'
import { TIMESTAMP } from './network-events.ts'
import { NetworkObserver } from './network-observer.ts'
import type { Departure } from './observed-target.ts'
import type { ProgramClock } from './program-clock.ts'
import type { ProgramKind } from './program-limits.ts'
import { SourceLines } from './source-lines.ts'
import { SourceMapTexts } from './source-map-texts.ts'

/** Bytes of contents that the program keeps for us. */
const BUFFERS = {
  maxTotalBufferSize: 16 * 1024 * 1024,
  maxResourceBufferSize: 8 * 1024 * 1024,
  maxPostDataSize: 64 * 1024,
}
/** Deno reports its traffic once it has loaded what is behind the global `process`, which not all programs use. */
const LOAD_PROCESS = { expression: 'void globalThis.process', silent: true }
/** What is reported to a client of the proxy of VS Code's JavaScript debugger. */
const DEBUG_SESSION_EVENTS = ['Network.*', 'Page.frameNavigated', 'Page.navigatedWithinDocument']

const METRICS = v.object({ metrics: v.array(v.object({ name: v.string(), value: v.number() })) })
const NAMED = v.object({ targetInfo: v.object({ title: v.string(), url: v.string() }) })
const NAVIGATED = v.object({
  frame: v.object({
    id: v.optional(v.string()),
    url: v.string(),
    loaderId: v.optional(v.string()),
    parentId: v.optional(v.string()),
  }),
})
const NAVIGATED_WITHIN = v.object({ frameId: v.string(), url: v.string() })

export interface TargetInfo {
  readonly targetId: string
  readonly type: string
  readonly title: string
  readonly url: string
}

export interface TargetSessionOptions {
  readonly connection: DevToolsConnection
  /** Undefined for the target of the connection itself. */
  readonly session: string | undefined
  readonly host: TrafficHost
  readonly clock: ProgramClock
  /** The number of the attachment. */
  readonly through: number
  readonly isDebugSession: boolean
  readonly kind: ProgramKind
  isWanted(url: string): boolean
}

export class TargetSession {
  #info: TargetInfo
  /** Undefined until its page was navigated. Chromium names the target by it, too. */
  #mainFrame: string | undefined
  #session: string | undefined
  readonly #options: TargetSessionOptions
  readonly #observer: NetworkObserver

  constructor(info: TargetInfo, options: TargetSessionOptions) {
    const { connection, host, through, isDebugSession } = options
    this.#info = info
    this.#options = options
    this.#session = options.session
    const call = (method: string, params?: object) => this.#call(method, params)
    const texts = new SourceMapTexts(call, isDebugSession)
    const lines = new SourceLines((script) => texts.of(script))
    this.#observer = new NetworkObserver(
      {
        ...{ host, through, program: info.targetId, call },
        control: { pause: () => connection.pause(), resume: () => connection.resume() },
        locate: (initiator) => lines.locate(initiator),
      },
      options.isWanted,
    )
  }

  get info(): TargetInfo {
    return this.#info
  }

  changed(info: TargetInfo): void {
    this.#info = info
  }

  /**
   * Starts to look on, and lets the target run that waited for it. The calls are sent at once, so that nothing is missed.
   * Rejects with a `Failure` if the target does not report its traffic.
   */
  async start(): Promise<void> {
    const { isDebugSession, kind } = this.#options
    const optional = (method: string, params?: object) => this.#call(method, params).catch(() => undefined)
    const subscribed = isDebugSession
      ? this.#call('JsDebug.subscribe', { events: DEBUG_SESSION_EVENTS })
      : undefined
    const network = this.#call('Network.enable', BUFFERS)
    const others = [
      ...(kind === 'deno' ? [optional('Runtime.evaluate', LOAD_PROCESS)] : []),
      optional('Page.enable'),
      // The debugger of a debug session follows the targets within this one, and has sessions for them.
      ...(isDebugSession ? [] : [optional('Target.setAutoAttach', AUTO_ATTACH)]),
      this.#readClock(),
      this.#readName(),
      optional('Runtime.runIfWaitingForDebugger'),
    ]
    await Promise.all([subscribed, network, ...others])
  }

  /** Looks on through another session, as the one so far has ended, but not the target. Rejects as `start`. */
  async continueThrough(session: string): Promise<void> {
    this.#session = session
    await this.start()
  }

  event({ method, params, time }: DevToolsEvent): void {
    const { clock } = this.#options
    if (method === 'Page.frameNavigated') this.#navigated(params, time)
    else if (method === 'Page.navigatedWithinDocument') this.#navigatedWithin(params)
    else if (method === 'Inspector.targetCrashed')
      // Chromium also says so of a shared worker without pages, whose process ends.
      this.left({ time, by: 'client', reason: this.#isDocument ? 'the page crashed' : 'the worker ended' })
    else this.#observer.event(method, params, (timestamp) => clock.hostTime(timestamp, time), time)
  }

  get #isDocument(): boolean {
    return this.#info.type === 'page' || this.#info.type === 'iframe'
  }

  /** Ends its connections. */
  left(departure: Departure): void {
    this.#observer.left(departure)
  }

  /** A new document is in the page, or in the frame of another site: what the old one had open ended with it. */
  #navigated(params: unknown, time: number): void {
    const navigated = v.safeParse(NAVIGATED, params)
    if (!navigated.success) return
    const { id, url, loaderId, parentId } = navigated.output.frame
    // A frame within the page. One of another site is a target of its own.
    if (parentId !== undefined && id !== this.#info.targetId) return
    const isReload = url === this.#info.url
    const what = parentId === undefined ? 'page' : 'frame'
    this.#observer.left(
      { time, by: 'client', reason: `the ${what} was ${isReload ? 'reloaded' : 'left'}` },
      loaderId,
    )
    if (what === 'page')
      this.#options.host.mark(
        `${isReload ? 'The page was reloaded' : 'The page opened'}: ${maskUrl(url)}`,
        time,
      )
    this.#info = { ...this.#info, url }
    this.#mainFrame = id
  }

  /** The page has another URL, but the same document, as after `history.pushState`. */
  #navigatedWithin(params: unknown): void {
    const navigated = v.safeParse(NAVIGATED_WITHIN, params)
    if (!navigated.success) return
    const { frameId, url } = navigated.output
    if (frameId === (this.#mainFrame ?? this.#info.targetId)) this.#info = { ...this.#info, url }
  }

  /** The time of the program arrives with little delay while it does nothing else. */
  async #readClock(): Promise<void> {
    const { clock, host, isDebugSession } = this.#options
    // The debugger may use this domain itself.
    if (this.#info.type !== 'page' || isDebugSession) return
    await this.#call('Performance.enable').catch(() => undefined)
    const result = v.safeParse(METRICS, await this.#call('Performance.getMetrics').catch(() => undefined))
    const now = result.success && result.output.metrics.find(({ name }) => name === 'Timestamp')
    if (now && v.is(TIMESTAMP, now.value)) clock.hostTime(now.value, host.clock.now())
    await this.#call('Performance.disable').catch(() => undefined)
  }

  /** The URL of a page's endpoint does not say what the page is. */
  async #readName(): Promise<void> {
    if (this.#session !== undefined || this.#info.type !== 'page') return
    const result = v.safeParse(NAMED, await this.#call('Target.getTargetInfo').catch(() => undefined))
    if (result.success && this.#info.url === '') this.#info = { ...this.#info, ...result.output.targetInfo }
  }

  #call(method: string, params?: object): Promise<unknown> {
    return this.#options.connection.call(method, params, this.#session)
  }
}

/** Follows what a target opens, and stops it until it is looked at. */
export const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true } as const

/** The failure of a target that does not report its traffic. */
export function reportsNoTraffic(program: string): Failure {
  return new Failure(
    'NO_NETWORK',
    `${program} does not report its traffic; start Node.js 24 or later with --inspect and --experimental-network-inspection.`,
  )
}
