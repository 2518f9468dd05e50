/** Looks on the traffic of a program through its DevTools endpoint. */
import type { AttachmentStatus, AttachOptions } from '../shared/protocol/traffic.ts'
import { maskUrl } from '../shared/secrets.ts'
import type { AttachmentHost } from './attachment-host.ts'
import { findProgram, type Program } from './find-program.ts'
import { ProgramClock } from './program-clock.ts'
import { kindOf, limitsOf } from './program-limits.ts'
import { RootConnection } from './root-connection.ts'

export interface Attachment {
  status(): AttachmentStatus
  /** Resolves when it has ended, also if the program ended. */
  readonly done: Promise<void>
  /** Leaves the program, which goes on. */
  detach(): Promise<void>
}

/** Attaches to a program. Rejects with a `Failure` if there is none at the endpoint. */
export async function attachTo(
  id: number,
  options: AttachOptions,
  host: AttachmentHost,
): Promise<Attachment> {
  const program = await findProgram(options)
  const { match, isDebugSession = false } = options
  // The debugger takes care of what the kind of a program needs.
  const kind = isDebugSession ? 'unknown' : kindOf(program.name)
  const common = { host, through: id, isDebugSession, kind } as const
  const isWanted = (url: string) => match === undefined || url.includes(match)
  const opening = program.roots.map((root) =>
    // The clocks of the processes of one program are the same.
    RootConnection.open(root, { ...common, isWanted, clock: new ProgramClock() }),
  )
  const opened = await Promise.allSettled(opening)
  const roots = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const refused = opened.find((each) => each.status === 'rejected')
  if (refused !== undefined) {
    await Promise.all(roots.map((root) => root.detach()))
    throw refused.reason
  }
  return new AttachedProgram(id, options, { ...program, connections: roots }, host)
}

class AttachedProgram implements Attachment {
  readonly done: Promise<void>
  readonly #id: number
  readonly #endpoint: string
  readonly #limits: readonly string[]
  readonly #program: Program & { readonly connections: readonly RootConnection[] }
  #ended: Pick<AttachmentStatus, 'ended' | 'hasFailed'> = {}
  #isDetaching = false

  constructor(
    id: number,
    { endpoint, isDebugSession = false }: AttachOptions,
    program: Program & { readonly connections: readonly RootConnection[] },
    host: AttachmentHost,
  ) {
    this.#id = id
    this.#endpoint = endpoint
    this.#limits = limitsOf(program.name, isDebugSession)
    this.#program = program
    this.done = Promise.all(program.connections.map((each) => each.closed)).then((problems) => {
      const problem = problems.find((each) => each !== undefined)
      if (this.#isDetaching) this.#ended = { ended: 'The inspector has detached from the program.' }
      else if (problem === undefined) this.#ended = { ended: 'The program ended.' }
      else this.#ended = { ended: problem, hasFailed: true }
      host.changed()
    })
  }

  status(): AttachmentStatus {
    const { name, connections } = this.#program
    const targets = connections.flatMap((each) => each.targets())
    return {
      ...{ id: this.#id, endpoint: maskUrl(this.#endpoint) },
      ...(name !== undefined && { program: name }),
      targets: targets.map(({ type, title, url }) => ({ type, title, url: maskUrl(url) })),
      ...this.#ended,
      limits: this.#limits,
    }
  }

  async detach(): Promise<void> {
    this.#isDetaching = true
    await Promise.all(this.#program.connections.map((each) => each.detach()))
    await this.done
  }
}
