/** Scenarios of WebSockets, for the ws engine (https://www.artillery.io/docs/reference/engines/websocket). */
import { MASK } from '../../../shared/secrets.ts'
import { isJson } from '../../../shared/text/json-text.ts'
import type { ArtilleryFile } from './artillery-file.ts'
import { escapedUrl, hasTemplate } from './placeholders.ts'
import type { RecordedClient, SendAction } from './recorded-client.ts'
import { literal, literally, type Step, withPauses } from './steps.ts'

/** What the handshakes of some scenarios have in common. */
interface HandshakeOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly subprotocols?: readonly string[]
}

/** Adds the scenarios of WebSockets to the file. */
export function addSocketScenarios(clients: readonly RecordedClient[], file: ArtilleryFile): void {
  const options = clients.map((client) => optionsOf(client, file))
  const [first = {}] = options
  const isShared = options.every((each) => JSON.stringify(each) === JSON.stringify(first))
  // Only what all scenarios share is a template, and so can have secrets.
  if (isShared && Object.keys(first).length > 0) file.config.ws = first
  for (const [at, client] of clients.entries())
    file.addScenario(client, 'ws', flowOf(client, isShared ? {} : (options[at] ?? {}), file))
}

function optionsOf(client: RecordedClient, file: ArtilleryFile): HandshakeOptions {
  const headers = file.headersOf(client, client.connect.headers ?? {})
  const { subprotocols = [] } = client.connect
  // No name of a subprotocol has braces (RFC 6455 section 4.1), and here they would be a template.
  const names = subprotocols
    .filter((name) => !hasTemplate(name))
    .map((name) => file.secrets.fill(name, 'subprotocol', 'the subprotocol with a secret'))
  return {
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(names.length > 0 && { subprotocols: names }),
  }
}

function flowOf(client: RecordedClient, own: HandshakeOptions, file: ArtilleryFile): readonly Step[] {
  const { connect, actions } = client
  const target = file.secrets.fillUrl(file.addressOf(escapedUrl(connect.url)))
  const options = withoutPlaceholders(client, own, file)
  const isPlain = Object.keys(options).length === 0
  const sends = actions.filter((each) => each.kind === 'send')
  // The engine closes at the end of the flow, also if answers are still to come.
  return [
    { connect: isPlain ? target : { target, ...options } },
    ...withPauses(sends, client, (action) => sendStep(client, action, file)),
  ]
}

function sendStep(
  { connections }: RecordedClient,
  { text }: SendAction,
  { secrets, notes }: ArtilleryFile,
): Step {
  const isTemplate = hasTemplate(text)
  const filled = !isTemplate && isJson(text) ? secrets.fillJson(text) : text
  if (filled.includes(MASK)) notes.add(`What *** stands for in a message of connection ${connections[0]}`)
  return isTemplate ? literally([text], { send: literal() }) : { send: filled }
}

/** The options of one scenario, which are no templates. */
function withoutPlaceholders(
  { connections }: RecordedClient,
  { headers = {}, subprotocols = [] }: HandshakeOptions,
  { notes }: ArtilleryFile,
): HandshakeOptions {
  const kept = Object.entries(headers).filter(([, value]) => !hasTemplate(value))
  const names = subprotocols.filter((name) => !hasTemplate(name))
  if (kept.length < Object.keys(headers).length || names.length < subprotocols.length)
    notes.add(
      `Secrets in the handshake of connection ${connections[0]}, because the handshakes differ; set config.ws.headers`,
    )
  return {
    ...(kept.length > 0 && { headers: Object.fromEntries(kept) }),
    ...(names.length > 0 && { subprotocols: names }),
  }
}
