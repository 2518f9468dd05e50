/** Records the traffic of a program until it ends. */
import type { Hub } from '../../engine/hub.ts'
import { TrafficSources } from '../../engine/traffic/traffic-sources.ts'
import { parseEndpoint } from '../../shared/devtools-endpoint.ts'
import { Failure } from '../../shared/failure.ts'
import type { AttachmentStatus, AttachOptions } from '../../shared/protocol/traffic.ts'
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { requireValid } from '../command-line.ts'
import { type OutputOptions, planOutputs } from '../connect/connect-plan.ts'
import { type Ending, endingOf, type LiveRun, runLive } from '../connect/run-live.ts'
import { TotalMessageLimit } from '../connect/total-message-limit.ts'
import { printNotice } from '../standard-error.ts'

/** The options that commander hands over, each read by its reader. */
export interface AttachCommandOptions extends OutputOptions {
  readonly match?: string
  readonly maxMessages?: number
  /** Milliseconds. */
  readonly duration?: number
}

/** Resolves with the exit code. Rejects with a `Failure` if an output cannot be opened. */
export async function runAttachment(
  endpoint: string,
  { match, maxMessages, duration, ...outputs }: AttachCommandOptions,
): Promise<number> {
  requireValid(() => parseEndpoint(endpoint))
  const plan = { ...(await planOutputs(outputs)), secrets: new KnownSecrets(), duration }
  const attachment = new LiveAttachment({ endpoint, ...(match !== undefined && { match }) }, maxMessages)
  return await runLive(plan, attachment)
}

class LiveAttachment implements LiveRun {
  readonly limits?: TotalMessageLimit
  readonly #options: AttachOptions
  #sources: TrafficSources | undefined
  #end: () => void = () => {}
  /** Settles when something ends the recording, which may be before it began. */
  readonly #ended = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  constructor(options: AttachOptions, maxMessages: number | undefined) {
    this.#options = options
    if (maxMessages !== undefined) this.limits = new TotalMessageLimit(maxMessages, () => this.end())
  }

  async run(hub: Hub): Promise<Ending> {
    const sources = new TrafficSources(hub, () => this.#check())
    try {
      const attached = Promise.resolve(sources.handlers.attach(this.#options))
      // An endpoint may take long to answer.
      const status = await Promise.race([attached, this.#ended])
      if (status === undefined) {
        void attached.then(() => sources.stopAll()).catch(() => undefined)
        return endingOf([])
      }
      printNotice(introduction(status))
      this.#sources = sources
      this.#check()
      await this.#ended
    } catch (thrown) {
      return endingOf([thrown])
    }
    const last = this.#status()
    await sources.stopAll()
    if (last?.ended === undefined || last.hasFailed !== true) return endingOf([])
    return endingOf([new Failure('ATTACHMENT', last.ended)])
  }

  end(): void {
    this.#end()
  }

  update(): void {}

  #check(): void {
    if (this.#status()?.ended !== undefined) this.#end()
  }

  #status(): AttachmentStatus | undefined {
    return this.#sources?.status().attachments?.[0]
  }
}

function introduction({ program, endpoint, limits }: AttachmentStatus): string {
  return [`Attached to ${program ?? 'a program'} at ${endpoint}.`, ...limits].join(' ')
}
