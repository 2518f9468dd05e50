/** A program that is being debugged, with an attachment for each of its pages, processes and workers. */
import type * as vscode from 'vscode'
import type { AttachmentStatus } from '../../shared/protocol/traffic.ts'
import type { LiveSession } from '../session/live-session.ts'
import { isInBrowser } from './debug-sessions.ts'
import { sharedEndpoint } from './shared-endpoint.ts'

export class DebuggedProgram {
  /** The session that the user has started. */
  readonly root: vscode.DebugSession
  readonly #session: LiveSession
  /** By the ids of the debug sessions. */
  readonly #attaching = new Map<string, Promise<AttachmentStatus>>()
  /** The numbers of the attachments. */
  readonly #numbers = new Map<string, number>()

  constructor(root: vscode.DebugSession, session: LiveSession) {
    this.root = root
    this.#session = session
  }

  has({ id }: Pick<AttachmentStatus, 'id'>): boolean {
    return [...this.#numbers.values()].includes(id)
  }

  /** Attaches to what a debug session debugs, unless an attachment to it is there that has not ended. Rejects with a `Failure`. */
  async add(debugSession: vscode.DebugSession): Promise<AttachmentStatus> {
    const { id } = debugSession
    const known = this.#isOver(id) ? undefined : this.#attaching.get(id)
    const attaching = known ?? this.#attach(debugSession)
    this.#attaching.set(id, attaching)
    try {
      return await attaching
    } catch (error) {
      this.#attaching.delete(id)
      throw error
    }
  }

  /** A debug session has ended: the debugger keeps its endpoint open, which reports nothing any more. */
  async remove(id: string): Promise<void> {
    const attaching = this.#attaching.get(id)
    if (attaching === undefined) return
    // One that failed was said to whom it concerns.
    const attachment = await attaching.catch(() => undefined)
    this.#attaching.delete(id)
    this.#numbers.delete(id)
    if (attachment !== undefined) await this.#detach(attachment.id)
  }

  /** Leaves the program, which goes on. */
  async detach(): Promise<void> {
    await Promise.all([...this.#attaching.keys()].map((id) => this.remove(id)))
  }

  /** Whether an attachment has ended although the debug session goes on, such as by an event that was too large. */
  #isOver(id: string): boolean {
    const number = this.#numbers.get(id)
    if (number === undefined) return false
    const status = this.#session.status?.attachments?.find((each) => each.id === number)
    // There is no status of attachments that ended long ago.
    return status === undefined || status.ended !== undefined
  }

  async #attach(debugSession: vscode.DebugSession): Promise<AttachmentStatus> {
    const endpoint = await sharedEndpoint(debugSession)
    const program = isInBrowser(debugSession) ? 'Chromium' : 'Node.js'
    const { name: title } = debugSession
    const attachment = await this.#session.call('attach', { endpoint, isDebugSession: true, program, title })
    this.#numbers.set(debugSession.id, attachment.id)
    return attachment
  }

  async #detach(id: number): Promise<void> {
    const isListed = this.#session.status?.attachments?.some((each) => each.id === id) ?? false
    if (isListed) await this.#session.call('detach', { id })
  }
}
