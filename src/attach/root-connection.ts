/** A DevTools connection of a program, with the sessions of its targets. */
import * as v from 'valibot'
import type { AttachmentHost } from './attachment-host.ts'
import { DevToolsConnection, type DevToolsEvent } from './devtools-connection.ts'
import type { Root } from './find-program.ts'
import { OF_BROWSER } from './network-observer.ts'
import type { Departure } from './observed-target.ts'
import { SessionTree } from './session-tree.ts'
import {
  AUTO_ATTACH,
  reportsNoTraffic,
  type TargetInfo,
  TargetSession,
  type TargetSessionOptions,
} from './target-session.ts'

/** Targets that are followed at the same time. */
const MAX_TARGETS = 500
/** What a browser shows of its own, and what only groups others. */
const IGNORED_TYPE = /^(?:browser|browser_ui|tab|auction_worklet)$/
const IGNORED_URL = /^(?:chrome-untrusted|devtools):/

/** How Node.js and Deno say that the program has ended. */
const ENDED = new Set(['NodeRuntime.waitingForDisconnect', 'Runtime.executionContextDestroyed'])

const TARGET = v.object({
  targetId: v.string(),
  type: v.string(),
  title: v.optional(v.string(), ''),
  url: v.optional(v.string(), ''),
})
const ATTACHED = v.object({ sessionId: v.string(), targetInfo: TARGET })
const DETACHED = v.object({ sessionId: v.string() })
const CHANGED = v.object({ targetInfo: TARGET })

export interface RootOptions extends Omit<TargetSessionOptions, 'connection' | 'session' | 'host'> {
  readonly host: AttachmentHost
}

export class RootConnection {
  /** Resolves when the connection is closed, with the reason as a sentence if it is not that the program ended. */
  readonly closed: Promise<string | undefined>
  readonly #options: RootOptions
  readonly #connection: DevToolsConnection
  /** By the names of their sessions. */
  readonly #sessions = new Map<string | undefined, TargetSession>()
  readonly #tree = new SessionTree()
  #isDetaching = false
  #hasToldLimit = false

  private constructor(connection: DevToolsConnection, options: RootOptions) {
    this.#connection = connection
    this.#options = options
    this.closed = connection.closed.then((problem) => {
      const departure = { time: options.host.clock.now(), ...this.#departure(problem) }
      for (const session of this.#sessions.values()) session.left(departure)
      this.#sessions.clear()
      return problem
    })
  }

  /** Rejects with a `Failure` if nothing answers, or if the target does not report its traffic. */
  static async open(root: Root, options: RootOptions): Promise<RootConnection> {
    let opened: RootConnection | undefined
    const connection = await DevToolsConnection.open(root.socket, {
      now: () => options.host.clock.now(),
      event: (event) => opened?.event(event),
    })
    opened = new RootConnection(connection, options)
    try {
      await opened.#start(root)
      return opened
    } catch (thrown) {
      await opened.detach()
      throw thrown
    }
  }

  targets(): readonly TargetInfo[] {
    return [...this.#sessions.values()].map(({ info }) => info)
  }

  async detach(): Promise<void> {
    this.#isDetaching = true
    await this.#connection.close()
    await this.closed
  }

  event(event: DevToolsEvent): void {
    const { method, session } = event
    if (method === 'Target.attachedToTarget') this.#attached(event)
    else if (method === 'Target.detachedFromTarget') this.#detached(event)
    else if (method === 'Target.targetInfoChanged') this.#targetChanged(event)
    else if (ENDED.has(method) && session === undefined) void this.#leaveEnded()
    else this.#sessions.get(session)?.event(event)
  }

  #departure(problem: string | undefined): Omit<Departure, 'time'> {
    if (this.#isDetaching) return { reason: 'no longer attached to the program, in which it goes on' }
    if (problem !== undefined) return { reason: 'the DevTools connection to the program was lost' }
    return { by: 'client', reason: 'the program ended' }
  }

  async #start({ socket, type, title, url }: Root): Promise<void> {
    const connection = this.#connection
    if (type === 'browser') {
      await Promise.all([
        connection.call('Target.setAutoAttach', AUTO_ATTACH),
        connection.call('Target.setDiscoverTargets', { discover: true }),
      ])
      return
    }
    const session = this.#follow(undefined, { targetId: socket, type, title, url })
    this.#watchEnd().catch(() => undefined)
    await session.start().catch((thrown) => {
      throw thrown.code === 'REFUSED' ? reportsNoTraffic('The program') : thrown
    })
  }

  /** Asks to be told when the program has ended, because Node.js and Deno then wait for their debuggers to leave. */
  async #watchEnd(): Promise<void> {
    const { kind } = this.#options
    if (kind === 'node')
      await this.#connection.call('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true })
    else if (kind === 'deno') await this.#connection.call('Runtime.enable')
  }

  /** The program waits, so that it can still be asked for what it has sent and received. */
  async #leaveEnded(): Promise<void> {
    await this.#connection.settled()
    await this.#connection.close()
  }

  #follow(name: string | undefined, info: TargetInfo): TargetSession {
    const session = new TargetSession(info, { ...this.#options, connection: this.#connection, session: name })
    this.#sessions.set(name, session)
    this.#options.host.changed()
    return session
  }

  #attached({ params, session: parent }: DevToolsEvent): void {
    const attached = v.safeParse(ATTACHED, params)
    if (!attached.success) return
    const { sessionId, targetInfo } = attached.output
    const isKnown = this.targets().some(({ targetId }) => targetId === targetInfo.targetId)
    const isIgnored = IGNORED_TYPE.test(targetInfo.type) || isOfBrowser(targetInfo)
    const isTooMany = this.#sessions.size >= MAX_TARGETS
    if (isTooMany && !this.#hasToldLimit && !isKnown && !isIgnored) {
      this.#hasToldLimit = true
      this.#options.host.mark(
        `The program has more than ${MAX_TARGETS} pages and workers; those beyond are not followed.`,
      )
    }
    if (isKnown || isIgnored || isTooMany) {
      if (isKnown) this.#tree.addSpare(sessionId, parent, targetInfo.targetId)
      // It may wait for us.
      this.#connection.call('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => undefined)
      return
    }
    this.#tree.add(sessionId, parent)
    // A target may end at once, and a worklet has no network.
    this.#follow(sessionId, targetInfo)
      .start()
      .catch(() => undefined)
  }

  #detached({ params, time }: DevToolsEvent): void {
    const detached = v.safeParse(DETACHED, params)
    if (!detached.success) return
    for (const name of this.#tree.remove(detached.output.sessionId)) this.#sessionEnded(name, time)
    this.#options.host.changed()
  }

  /** A session has ended. Its target has as well, unless another session leads to it. */
  #sessionEnded(name: string, time: number): void {
    const session = this.#sessions.get(name)
    if (session === undefined) return
    this.#sessions.delete(name)
    const other = this.#tree.takeSpare(session.info.targetId)
    if (other === undefined) {
      session.left({ time, by: 'client', reason: 'the page or worker ended' })
      return
    }
    this.#sessions.set(other, session)
    session.continueThrough(other).catch(() => undefined)
  }

  #targetChanged({ params }: DevToolsEvent): void {
    const changed = v.safeParse(CHANGED, params)
    if (!changed.success) return
    const { targetInfo } = changed.output
    for (const session of this.#sessions.values())
      if (session.info.targetId === targetInfo.targetId)
        session.changed({ ...targetInfo, url: session.info.url || targetInfo.url })
    this.#options.host.changed()
  }
}

/** Whether a target stays one of the browser's own. A page does not: an empty tab at `chrome://newtab/` later shows the app. */
function isOfBrowser({ type, url }: TargetInfo): boolean {
  return IGNORED_URL.test(url) || (type !== 'page' && OF_BROWSER.test(url))
}
