/** Scenarios of Socket.IO, for the socketio engine (https://www.artillery.io/docs/reference/engines/socketio). */
import type { ArtilleryFile } from './artillery-file.ts'
import { hasTemplate } from './placeholders.ts'
import type { EmitAction, RecordedClient } from './recorded-client.ts'
import { literal, literally, type Step, withPauses } from './steps.ts'

const DEFAULT_PATH = '/socket.io/'
/** Parameters of Engine.IO, which the client of Socket.IO adds itself. */
const OWN_PARAMETERS = new Set(['EIO', 'transport', 'sid', 't', 'b64', 'j'])
/** Names of members that the templates of Artillery do not change. */
const PLAIN_NAME = /^[A-Za-z_][\w-]*$/

/** Adds the scenarios of Socket.IO to the file. */
export function addSocketIoScenarios(clients: readonly RecordedClient[], file: ArtilleryFile): void {
  const [first, ...others] = clients.map((client) => optionsOf(client, file))
  if (first === undefined) return
  if (others.some((each) => JSON.stringify(each) !== JSON.stringify(first)))
    file.notes.add('The options of the other Socket.IO clients: all scenarios connect as the first one')
  if (Object.keys(first).length > 0) file.config.socketio = first
  for (const client of clients) {
    const emits = client.actions.filter((each) => each.kind === 'emit')
    if (!file.isAtTarget(client.connect.url))
      file.notes.add(
        `That connection ${client.connections[0]} has another server: Socket.IO connects to the target`,
      )
    file.addScenario(client, 'socketio', withPauses(emits, client, emitStep))
  }
}

/** The options of the client of Socket.IO. */
function optionsOf(client: RecordedClient, file: ArtilleryFile): Step {
  const { connect, hasPolled, auth } = client
  const { pathname, searchParams } = new URL(connect.url)
  const query = [...searchParams].flatMap(([name, value]) => {
    if (OWN_PARAMETERS.has(name) || !PLAIN_NAME.test(name) || hasTemplate(value)) return []
    return [[name, file.secrets.fill(value, name, `the parameter ${name} of URLs`)]]
  })
  const headers = file.headersOf(client, connect.headers ?? {})
  const authText = auth === undefined ? undefined : JSON.stringify(auth)
  const isPlain = authText !== undefined && isPlainValue(auth)
  if (authText !== undefined && !isPlain)
    file.notes.add('The auth of Socket.IO, because Artillery would change it; set config.socketio.auth')
  return {
    ...(pathname !== DEFAULT_PATH && { path: pathname }),
    ...(query.length > 0 && { query: Object.fromEntries(query) }),
    ...(!hasPolled && { transports: ['websocket'] }),
    ...(Object.keys(headers).length > 0 && { extraHeaders: headers }),
    ...(isPlain && { auth: JSON.parse(file.secrets.fillJson(authText)) }),
  }
}

function emitStep({ name, args, namespace, isAcknowledged }: EmitAction): Step {
  const more = {
    ...(namespace !== '/' && { namespace }),
    // Without an answer, a user would wait for ever.
    ...(isAcknowledged && { acknowledge: {} }),
  }
  const all = [name, ...args]
  const [only] = args
  if (all.every((each) => typeof each === 'string' && !hasTemplate(each))) return { emit: all, ...more }
  if (args.length === 1 && !hasTemplate(name) && isPlainValue(only))
    return { emit: { channel: name, data: only }, ...more }
  return literally(all, { emit: all.map((_, at) => literal(at)), ...more })
}

/** Whether Artillery passes a value on unchanged. */
function isPlainValue(value: unknown): boolean {
  if (typeof value === 'string') return !hasTemplate(value)
  if (typeof value !== 'object' || value === null) return value !== null && value !== undefined
  if (Array.isArray(value)) return value.every(isPlainValue)
  return Object.entries(value).every(([name, each]) => PLAIN_NAME.test(name) && isPlainValue(each))
}
