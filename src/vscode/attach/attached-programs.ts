/** The programs that the live session is attached to: through an endpoint, or through the JavaScript debugger. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { AttachmentStatus, AttachOptions } from '../../shared/protocol/traffic.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { LiveSession } from '../session/live-session.ts'
import { pickOne } from '../ui/asking.ts'
import type { Notifier } from '../ui/notifier.ts'
import { type DebugSessions, rootOf } from './debug-sessions.ts'
import { DebuggedProgram } from './debugged-program.ts'
import { hasOwnTarget } from './shared-endpoint.ts'

/** A program, as the user knows it. */
export interface AttachedProgram {
  /** Distinguishes it from the others. */
  readonly key: string
  readonly name: string
  readonly isDebugged: boolean
  /** Of a program that is being debugged: one for each page, process and worker. */
  readonly attachments: readonly AttachmentStatus[]
  detach(): Promise<unknown>
}

export interface AttachedProgramsOptions {
  readonly session: LiveSession
  readonly debugSessions: DebugSessions
  readonly notifier: Notifier
}

export class AttachedPrograms {
  readonly #options: AttachedProgramsOptions
  /** By the ids of their debug sessions. */
  readonly #debugged = new Map<string, DebuggedProgram>()
  /** The attachments through endpoints that had not ended a moment ago. */
  #live: ReadonlySet<number> = new Set()
  readonly #subscriptions: readonly vscode.Disposable[]

  constructor(options: AttachedProgramsOptions) {
    this.#options = options
    const { session, debugSessions, notifier } = options
    const said = (work: Promise<unknown>) => void work.catch((error) => notifier.failure(error))
    this.#subscriptions = [
      // Another engine is attached to nothing.
      session.onStart(() => this.#debugged.clear()),
      session.onStatus(() => this.#sayEnded()),
      debugSessions.onStart((started) => {
        const program = this.#debugged.get(rootOf(started).id)
        if (program !== undefined && hasOwnTarget(started)) said(program.add(started))
      }),
      debugSessions.onEnd((ended) => {
        const program = this.#debugged.get(rootOf(ended).id)
        if (program === undefined) return
        // The session that the user has started may end before those below it.
        const leaving = ended.id === program.root.id ? this.#leave(program) : program.remove(ended.id)
        said(leaving.then(() => session.refresh()))
      }),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /** Those that are attached to now. */
  get all(): readonly AttachedProgram[] {
    const { session } = this.#options
    const live = (session.status?.attachments ?? []).filter(({ ended }) => ended === undefined)
    const debugged = [...this.#debugged.values()].map((program) => ({
      key: program.root.id,
      name: program.root.name,
      isDebugged: true,
      attachments: live.filter((each) => program.has(each)),
      detach: () => this.#leave(program),
    }))
    const known = new Set(debugged.flatMap(({ attachments }) => attachments))
    const others = live
      .filter((each) => !known.has(each))
      .map((attachment) => ({
        key: String(attachment.id),
        name: attachment.program ?? attachment.endpoint,
        isDebugged: false,
        attachments: [attachment],
        detach: () => session.call('detach', { id: attachment.id }),
      }))
    return [...debugged, ...others]
  }

  /** The connections that were seen in a program and were recorded. */
  connectionsOf({ attachments }: AttachedProgram): readonly ConnectionStatus[] {
    const numbers = new Set<number | undefined>(attachments.map(({ id }) => id))
    return this.#options.session.connections.filter(
      ({ source, through }) => source === 'debugger' && numbers.has(through),
    )
  }

  /** Attaches to an endpoint. Rejects with a `Failure` if there is no program. */
  async attach(options: AttachOptions): Promise<AttachmentStatus> {
    const { session } = this.#options
    const attachment = await session.call('attach', options)
    await session.refresh()
    return attachment
  }

  /** Attaches to what a debug session debugs, and to what it adds later. Rejects with a `Failure`. */
  async inspect(root: vscode.DebugSession): Promise<readonly AttachmentStatus[]> {
    const { session, debugSessions, notifier } = this.#options
    // An engine that starts forgets the programs of the one before.
    await session.call('status', null)
    await session.refresh()
    const program = this.#debugged.get(root.id) ?? new DebuggedProgram(root, session)
    this.#debugged.set(root.id, program)
    const targets = debugSessions.under(root).filter(hasOwnTarget)
    const settled = await Promise.allSettled(targets.map((each) => program.add(each)))
    const attached = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const failed = settled.find((each) => each.status === 'rejected')
    if (attached.length === 0 && failed !== undefined) {
      this.#debugged.delete(root.id)
      throw failed.reason
    }
    if (failed !== undefined) notifier.failure(failed.reason)
    await session.refresh()
    return attached
  }

  /** The only program, or the one that the user picks. Rejects with `NOT_ATTACHED` or `CANCELLED`. */
  async choose(): Promise<AttachedProgram> {
    const items = this.all.map((program) => ({ label: program.name, program }))
    if (items.length === 0)
      throw new Failure(
        'NOT_ATTACHED',
        vscode.l10n.t('The inspector is attached to no program. Use “Inspect a Running Program” first.'),
      )
    return (await pickOne(items, vscode.l10n.t('Detach from Program'))).program
  }

  async detach(program: AttachedProgram): Promise<void> {
    await program.detach()
    await this.#options.session.refresh()
  }

  /** Detaches from all programs, which go on. */
  async stopAll(): Promise<void> {
    await Promise.all(this.all.map((program) => program.detach()))
    await this.#options.session.refresh()
  }

  async #leave(program: DebuggedProgram): Promise<void> {
    this.#debugged.delete(program.root.id)
    await program.detach()
  }

  /** A program that ends by itself is said, except for one that the debugger shows. */
  #sayEnded(): void {
    const { session, notifier } = this.#options
    const attachments = session.status?.attachments ?? []
    for (const { id, ended } of attachments)
      if (ended !== undefined && this.#live.has(id)) notifier.info(ended)
    const live = this.all.filter(({ isDebugged }) => !isDebugged).flatMap((program) => program.attachments)
    this.#live = new Set(live.map(({ id }) => id))
  }
}
