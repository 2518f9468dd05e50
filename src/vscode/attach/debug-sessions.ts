/** The sessions of VS Code's JavaScript debugger in this window. */
import * as vscode from 'vscode'

/** Types of its debug sessions, as in the `when` clause of its toolbar. Those of configurations, such as `node`, become one of these. */
export const JAVASCRIPT = /^(pwa-(node|chrome|msedge|extensionHost|editor-browser)|node-terminal)$/

export class DebugSessions {
  readonly #sessions = new Map<string, vscode.DebugSession>()
  readonly #started = new vscode.EventEmitter<vscode.DebugSession>()
  readonly #ended = new vscode.EventEmitter<vscode.DebugSession>()
  readonly #subscriptions: readonly vscode.Disposable[]
  readonly onStart = this.#started.event
  readonly onEnd = this.#ended.event

  constructor() {
    // Sessions that began before this extension.
    for (let known = vscode.debug.activeDebugSession; known !== undefined; known = known.parentSession)
      if (isJavaScript(known)) this.#sessions.set(known.id, known)
    this.#subscriptions = [
      this.#started,
      this.#ended,
      vscode.debug.onDidStartDebugSession((session) => {
        if (!isJavaScript(session)) return
        this.#sessions.set(session.id, session)
        this.#started.fire(session)
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (this.#sessions.delete(session.id)) this.#ended.fire(session)
      }),
    ]
  }

  get all(): readonly vscode.DebugSession[] {
    return [...this.#sessions.values()]
  }

  /** The sessions that the user has started. A debugger adds others below them: for each page, process and worker. */
  get roots(): readonly vscode.DebugSession[] {
    return [...new Set(this.all.map(rootOf))]
  }

  /** The session that the user has started, for a session by its id. */
  rootOf(id: string): vscode.DebugSession | undefined {
    const session = this.#sessions.get(id)
    return session && rootOf(session)
  }

  /** A session and all below it. */
  under(root: vscode.DebugSession): readonly vscode.DebugSession[] {
    return this.all.filter((session) => rootOf(session).id === root.id)
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }
}

function isJavaScript({ type }: vscode.DebugSession): boolean {
  return JAVASCRIPT.test(type)
}

/** Whether a session debugs something in a browser. Others debug Node.js. */
export function isInBrowser({ type }: vscode.DebugSession): boolean {
  return /^pwa-(chrome|msedge|editor-browser)$/.test(type)
}

/** The topmost session of the JavaScript debugger that a session belongs to. */
export function rootOf(session: vscode.DebugSession): vscode.DebugSession {
  let root = session
  while (root.parentSession !== undefined && isJavaScript(root.parentSession)) root = root.parentSession
  return root
}
