/** Runs a recording proxy until it is stopped. */

import { decodersWith } from '../../decode/decoders.ts'
import { ConnectionStarts } from '../../engine/connection-starts.ts'
import type { Hub } from '../../engine/hub.ts'
import { TrafficSources } from '../../engine/traffic/traffic-sources.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { FaultSpec } from '../../shared/faults.ts'
import { isLoopback } from '../../shared/loopback.ts'
import type { ProxyOptions } from '../../shared/protocol/traffic.ts'
import { parseTarget } from '../../shared/proxy-target.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { requireValid, UsageError } from '../command-line.ts'
import { type OutputOptions, planOutputs, readValues } from '../connect/connect-plan.ts'
import { type Ending, endingOf, type LiveRun, runLive } from '../connect/run-live.ts'
import { TotalMessageLimit } from '../connect/total-message-limit.ts'
import { printLines } from '../line-stream.ts'
import { printFailure, printNotice } from '../standard-error.ts'
import { HeldLines } from './held-lines.ts'

/** The options that commander hands over, each read by its reader. Certificates are still files. */
export interface ProxyCommandOptions
  extends OutputOptions,
    Pick<ProxyOptions, 'port' | 'host' | 'decrypt' | 'insecure'> {
  readonly forward?: boolean
  /** A list for each time that the option is given. */
  readonly fault?: readonly (readonly FaultSpec[])[]
  /** Files. */
  readonly ca?: readonly string[]
  readonly maxMessages?: number
  /** Bytes. */
  readonly maxMessageSize?: number
  /** Milliseconds. */
  readonly duration?: number
}

/** Resolves with the exit code. Rejects with a `Failure` if it cannot listen, or an output cannot be opened. */
export async function runProxy(target: string | undefined, options: ProxyCommandOptions): Promise<number> {
  checkMode(target, options)
  const outputs = await planOutputs(options)
  const { ca } = await readValues({ ...(options.ca !== undefined && { ca: options.ca }) })
  const { port = 0, host = '127.0.0.1', insecure, duration, decrypt, fault = [] } = options
  if (!isLoopback(host))
    printNotice(
      `The proxy listens on ${host}: everyone who can reach this machine over the network can use ${target ?? 'every server that this machine reaches'} through it. To restrict it to this machine, listen on 127.0.0.1.`,
    )
  const proxy = new ProxyRun(
    {
      ...{ port, host },
      ...(target !== undefined && { target }),
      ...(decrypt !== undefined && { decrypt }),
      ...(fault.length > 0 && { faults: fault.flat() }),
      ...(insecure !== undefined && { insecure }),
      ...(ca !== undefined && { ca }),
    },
    options,
  )
  return await runLive({ ...outputs, secrets: new KnownSecrets(), duration }, proxy)
}

function checkMode(target: string | undefined, { forward, decrypt }: ProxyCommandOptions): void {
  if (target === undefined) {
    if (forward !== true)
      throw new UsageError('proxy needs the TARGET that it passes everything on to, or --forward.')
    return
  }
  requireValid(() => parseTarget(target))
  if (forward === true || decrypt !== undefined)
    throw new UsageError(
      '--forward and --decrypt are for a forward proxy, so it takes no TARGET; leave one of them out.',
    )
}

class ProxyRun implements LiveRun {
  readonly limits?: TotalMessageLimit
  readonly #options: ProxyOptions
  readonly #maxMessageSize: number | undefined
  #sources: TrafficSources | undefined
  #lines: HeldLines | undefined
  readonly #starts = new ConnectionStarts()
  #stop: () => void = () => {}
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve
  })

  constructor(
    options: ProxyOptions,
    { maxMessages, maxMessageSize }: Pick<ProxyCommandOptions, 'maxMessages' | 'maxMessageSize'>,
  ) {
    this.#options = options
    this.#maxMessageSize = maxMessageSize
    if (maxMessages !== undefined) this.limits = new TotalMessageLimit(maxMessages, () => this.end())
  }

  async listen(hub: Hub): Promise<void> {
    this.#sources = new TrafficSources(hub, () => this.#lines?.update(), {
      maxMessageSize: this.#maxMessageSize,
      decoders: () => decodersWith(),
      started: (connection) => this.#starts.eventsOf(connection),
    })
    const proxy = await this.#sources.handlers.startProxy(this.#options)
    const { id, listening, target, faults } = proxy
    if (faults.some(isHold)) this.#lines = this.#holdFor(id, this.#sources, faults)
    await printLines([JSON.stringify({ listening, target })])
    if (target === undefined) printNotice(forwardNotice(listening, this.#options.decrypt ?? []))
    else if (proxyUrl(proxy) !== listening)
      printNotice(
        `In a browser, open ${proxyUrl(proxy)}: cookies and CORS depend on the name of the host, which is that of the target.`,
      )
  }

  async run(): Promise<Ending> {
    await this.#stopped
    return endingOf([])
  }

  /** Standard input releases what is held. */
  #holdFor(proxy: number, sources: TrafficSources, faults: readonly FaultSpec[]): HeldLines {
    const { releaseHeld, setFaults } = sources.handlers
    return new HeldLines(process.stdin, {
      status: () => sources.status().proxies?.find(({ id }) => id === proxy),
      release: (message, text) => void releaseHeld({ proxy, message, ...(text !== undefined && { text }) }),
      stopHolding: () => void setFaults({ proxy, faults: faults.filter((fault) => !isHold(fault)) }),
      say: printNotice,
    })
  }

  end(): void {
    this.#lines?.stop()
    this.#sources
      ?.stopAll()
      .catch(printFailure)
      .finally(() => this.#stop())
  }

  appended(event: RealtimeEvent): void {
    this.#starts.note(event)
  }

  update(): void {}
}

function isHold({ kind }: FaultSpec): boolean {
  return kind === 'hold'
}

/** How to use a forward proxy, and what it cannot read. */
function forwardNotice(listening: string, decrypt: readonly string[]): string {
  const except = decrypt.length === 0 ? '' : `, except to ${decrypt.join(', ')}`
  return `To record a program, start it with HTTP_PROXY=${listening} HTTPS_PROXY=${listening} in its environment, or name the proxy in its settings. What it sends over TLS is counted, but not read${except}.`
}
