/** A file of scenarios for Artillery (https://www.artillery.io/docs/reference/test-script) as it is put together. */
import type { Headers } from '../../../shared/event.ts'
import { protocolIn } from '../../../shared/transports.ts'
import { OWN_HEADER } from '../../replay/as-recorded.ts'
import type { Notes } from './notes.ts'
import { hasTemplate, Secrets } from './placeholders.ts'
import type { RecordedClient } from './recorded-client.ts'
import type { Step } from './steps.ts'

/** The variable with the target of WebSockets, if the target is that of HTTP. */
const SOCKET_TARGET = 'websocketTarget'

/** A token (RFC 9110, 5.6.2). Others cannot be sent. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~\w-]+$/

interface Scenario {
  readonly name: string
  readonly engine?: string
  readonly flow: readonly Step[]
}

export class ArtilleryFile {
  readonly config: Record<string, unknown>
  readonly scenarios: Scenario[] = []
  readonly secrets = new Secrets()
  readonly notes: Notes
  /** Sentences on how to use the file. */
  readonly hints: string[] = []
  /** Origins as URLs without a path. */
  readonly #target: string
  readonly #socketTarget: string

  /** There is at least one client. */
  constructor(clients: readonly RecordedClient[], notes: Notes) {
    this.notes = notes
    const main = clients.find(({ kind }) => kind !== 'ws') ?? clients[0]
    const { kind, connect } = main ?? { kind: 'ws', connect: { url: '' } }
    this.#target = originOf(connect.url, kind === 'ws' ? 'ws' : 'http')
    this.#socketTarget = originOf(connect.url, 'ws')
    const isMixed = kind !== 'ws' && clients.some((client) => client.kind === 'ws')
    if (isMixed)
      this.hints.push(`To run it against another server, change config.target and ${SOCKET_TARGET}.`)
    this.config = {
      target: this.#target,
      phases: [{ name: 'one new user each second', duration: 60, arrivalRate: 1 }],
      ...(isMixed && { variables: { [SOCKET_TARGET]: this.#socketTarget } }),
    }
  }

  addScenario({ connections }: RecordedClient, engine: string | undefined, flow: readonly Step[]): void {
    const label = connections.length === 1 ? 'connection' : 'connections'
    const name = `${label} ${connections.join(', ')}`
    if (flow.length === 0) this.notes.add(`The ${name}: nothing of it can be sent`)
    else this.scenarios.push({ name, ...(engine !== undefined && { engine }), flow })
  }

  isAtTarget(url: string): boolean {
    return originOf(url, 'ws') === this.#socketTarget
  }

  /** The URL of a WebSocket, from the target on if it is there. */
  addressOf(url: string): string {
    if (!this.isAtTarget(url)) return url
    const name = this.#target === this.#socketTarget ? 'target' : SOCKET_TARGET
    return `{{ ${name} }}${afterOrigin(url)}`
  }

  /** The URL of a request, from the target on if it is there. */
  pathOf(url: string): string {
    return originOf(url, 'http') === this.#target ? afterOrigin(url) : url
  }

  /** The header fields that Artillery does not make itself, with placeholders for secrets. */
  headersOf({ connections }: RecordedClient, headers: Headers): Record<string, string> {
    const kept = Object.entries(headers).flatMap(([name, value]) => {
      if (OWN_HEADER.test(name) || !FIELD_NAME.test(name)) return []
      const text = [value].flat().join(name.toLowerCase() === 'cookie' ? '; ' : ', ')
      if (!hasTemplate(text)) return [[name, this.secrets.fill(text, name, `the header field ${name}`)]]
      this.notes.add(`The header field ${name} of connection ${connections[0]}, because of {{ in it`)
      return []
    })
    return Object.fromEntries(kept)
  }
}

/** The origin of a URL, as that of WebSockets or of HTTP. */
function originOf(url: string, family: 'ws' | 'http'): string {
  if (!URL.canParse(url)) return url
  const { protocol, host } = new URL(url)
  return `${protocolIn(family, protocol)}//${host}`
}

/** The path and the query. */
function afterOrigin(url: string): string {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}
