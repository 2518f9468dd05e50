/** Runs a recording proxy until it is stopped. */
import type { Hub } from '../../engine/hub.ts'
import { TrafficSources } from '../../engine/traffic/traffic-sources.ts'
import { isLoopback } from '../../session/serve/access.ts'
import type { FaultSpec } from '../../shared/faults.ts'
import type { ProxyOptions } from '../../shared/protocol/traffic.ts'
import { parseTarget } from '../../shared/proxy-target.ts'
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { requireValid } from '../command-line.ts'
import { type OutputOptions, planOutputs, readValues } from '../connect/connect-plan.ts'
import { type Ending, endingOf, type LiveRun, runLive } from '../connect/run-live.ts'
import { printLines } from '../line-stream.ts'
import { printNotice } from '../standard-error.ts'

/** The options that commander hands over, each read by its reader. Certificates are still files. */
export interface ProxyCommandOptions extends OutputOptions, Pick<ProxyOptions, 'port' | 'host' | 'insecure'> {
  /** A list for each time that the option is given. */
  readonly fault?: readonly (readonly FaultSpec[])[]
  /** Files. */
  readonly ca?: readonly string[]
  /** Milliseconds. */
  readonly duration?: number
}

/** Resolves with the exit code. Rejects with a `Failure` if it cannot listen, or an output cannot be opened. */
export async function runProxy(target: string, options: ProxyCommandOptions): Promise<number> {
  requireValid(() => parseTarget(target))
  const outputs = await planOutputs(options)
  const { ca } = await readValues({ ...(options.ca !== undefined && { ca: options.ca }) })
  const { port = 0, host = '127.0.0.1', insecure, duration, fault = [] } = options
  if (!isLoopback(host))
    printNotice(
      `The proxy listens on ${host}: everyone who can reach this machine over the network can use ${target} through it. To restrict it to this machine, listen on 127.0.0.1.`,
    )
  const proxy = new ProxyRun({
    ...{ target, port, host },
    ...(fault.length > 0 && { faults: fault.flat() }),
    ...(insecure !== undefined && { insecure }),
    ...(ca !== undefined && { ca }),
  })
  return await runLive({ ...outputs, secrets: new KnownSecrets(), duration }, proxy)
}

class ProxyRun implements LiveRun {
  readonly #options: ProxyOptions
  #sources: TrafficSources | undefined
  #stop: () => void = () => {}
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve
  })

  constructor(options: ProxyOptions) {
    this.#options = options
  }

  async listen(hub: Hub): Promise<void> {
    this.#sources = new TrafficSources(hub, () => {})
    const { listening, target } = await this.#sources.handlers.startProxy(this.#options)
    await printLines([JSON.stringify({ listening, target })])
  }

  async run(): Promise<Ending> {
    await this.#stopped
    return endingOf([])
  }

  end(): void {
    void this.#sources?.stopAll().then(this.#stop)
  }

  update(): void {}
}
