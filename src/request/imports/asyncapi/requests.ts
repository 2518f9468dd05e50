/** A channel of a server as a request. */
import type { ScriptStep } from '../../../shared/request-script.ts'
import type { ConnectionSpec } from '../../../shared/spec.ts'
import { escapeBraces } from '../../file/print-text.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { ImportedRequest, ImportedVariable } from '../imported.ts'
import { orHeader, orHeaders, type Pair, readHeaders, withQuery } from '../parts.ts'
import { someOf } from '../some-of.ts'
import type { AsyncChannel, AsyncMessage } from './channels.ts'
import type { AsyncDocument } from './document.ts'
import { type AsyncServer, exampleOf, withVariables } from './servers.ts'

type Technique = 'websocket' | 'socket.io' | 'http' | 'mercure'

const TECHNIQUES: Readonly<Record<string, Technique>> = {
  ws: 'websocket',
  wss: 'websocket',
  'socket.io': 'socket.io',
  socketio: 'socket.io',
  http: 'http',
  https: 'http',
  sse: 'http',
  mercure: 'mercure',
}

/** Whether the server speaks something that can be connected to. */
export function isConnectable({ protocol, url }: AsyncServer): boolean {
  return url !== '' && Object.hasOwn(TECHNIQUES, protocol)
}

/** The request, and the variables that it needs. */
export function requestOf(
  document: AsyncDocument,
  server: AsyncServer,
  channel: AsyncChannel,
): { readonly request: ImportedRequest; readonly variables: readonly ImportedVariable[] } {
  const said = TECHNIQUES[server.protocol] ?? 'http'
  const binding = bindingOf(document, channel, said === 'websocket' || said === 'socket.io' ? 'ws' : 'http')
  const technique = said === 'websocket' && binding.isEngineIo ? 'socket.io' : said
  const isSocket = technique === 'websocket' || technique === 'socket.io'
  const address = withVariables(document, channel.address, channel.parameters)
  const spec = specOf(technique, server, address.text, channel)
  const hasBody = !isSocket && WITH_BODY.has(binding.method)
  const first = hasBody ? channel.sent.find(({ example }) => example !== undefined) : undefined
  const body = first && textOfExample(first)
  const { headers, notTaken } = readHeaders(
    orHeaders(
      orHeader(binding.headers, 'Content-Type', first === undefined ? '' : mediaTypeOf(first)),
      server.credentials.headers,
    ),
  )
  const url = withQuery(spec.url, [...binding.query, ...server.credentials.query])
  const steps = isSocket ? channel.sent.flatMap(stepOf) : []
  return {
    variables: [...server.variables, ...server.credentials.variables, ...address.variables],
    request: {
      title: `${channel.name} on ${server.name}`,
      description: channel.description,
      hasPlaceholders: true,
      spec: {
        ...spec,
        url,
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(!isSocket && binding.method !== '' && { method: binding.method }),
        ...(body !== undefined && { body: escapeBraces(body) }),
      },
      ...(isSocket && { steps }),
      // What a client can send is not what it always sends.
      ...(steps.length > 0 && { isManual: true }),
      notTaken: [
        ...server.credentials.notTaken,
        ...notTaken,
        ...binding.notTaken,
        ...withoutExample(isSocket ? channel.sent : []),
        ...(!isSocket && channel.sent.length > (body === undefined ? 0 : 1)
          ? ['The messages that are sent were not imported.']
          : []),
      ],
    },
  }
}

function specOf(
  technique: Technique,
  { url, protocol }: AsyncServer,
  path: string,
  channel: AsyncChannel,
): ConnectionSpec {
  const whole = path === '/' && /:\/\/[^/]+\/./.test(url) ? url : url + path.replace(/^(?=[^/?])/, '/')
  switch (technique) {
    case 'websocket':
      return { url: whole.replace(/^http(?=s?:\/\/)/i, 'ws'), transport: 'websocket' }
    case 'socket.io': {
      const namespace = path.replace(/^(?=[^/])/, '/')
      return {
        url: `${url.replace(/^http(?=s?:\/\/)/i, 'ws').replace(/\/socket\.io$/, '')}/socket.io/`,
        transport: 'websocket',
        protocol: 'socket.io',
        ...(namespace.length > 1 && { protocolOptions: { namespace } }),
      }
    }
    case 'mercure':
      return { url: withQuery(url, [{ name: 'topic', value: path }]), transport: 'sse' }
    case 'http': {
      const types = channel.received.map(({ contentType }) => contentType.toLowerCase())
      const isEvents = protocol === 'sse' || types.some((type) => type.startsWith('text/event-stream'))
      return { url: whole, transport: isEvents ? 'sse' : 'http-stream' }
    }
  }
}

/** What a client of the protocol says by itself. */
const ENGINE_IO: ReadonlySet<string> = new Set(['EIO', 'transport', 'sid', 't'])
const UPGRADE: ReadonlySet<string> = new Set(['connection', 'upgrade'])

interface Binding {
  readonly query: readonly Pair[]
  readonly headers: readonly Pair[]
  readonly method: string
  /** It has the parameters of Engine.IO, which is below Socket.IO. */
  readonly isEngineIo: boolean
  readonly notTaken: readonly string[]
}

/** The query and the headers that a channel or its operations bind. */
function bindingOf(document: AsyncDocument, channel: AsyncChannel, protocol: string): Binding {
  const all = [channel.bindings, ...channel.operationBindings].map(
    (bindings) => document.resolve(bindings[protocol]).fields,
  )
  const query = all.map((each) => fieldsOfSchema(document, each.query))
  const headers = all.map((each) => fieldsOfSchema(document, each.headers))
  const method = all
    .map((each) => textOf(each.method).toUpperCase())
    .find((each) => /^[A-Z]{3,10}$/.test(each))
  const isEngineIo = query.some(({ pairs }) => pairs.some(({ name }) => name === 'EIO'))
  const isSpoken = (name: string) => (isEngineIo && ENGINE_IO.has(name)) || UPGRADE.has(name.toLowerCase())
  const optional = [...query, ...headers]
    .flatMap((each) => each.optional)
    .filter((each) => !isSpoken(each.split('=')[0] ?? ''))
  return {
    query: query.flatMap((each) => each.pairs).filter(({ name }) => !isSpoken(name)),
    headers: headers.flatMap((each) => each.pairs).filter(({ name }) => !isSpoken(name)),
    isEngineIo,
    method: method ?? '',
    notTaken: optional.length > 0 ? [`Optional query parameters and headers: ${someOf(optional, 20)}`] : [],
  }
}

/** Those that are required, or that have an example. */
function fieldsOfSchema(document: AsyncDocument, schema: unknown): { pairs: Pair[]; optional: string[] } {
  const { fields } = document.resolve(schema)
  const required = new Set(listOf(fields.required).map(textOf))
  const pairs: Pair[] = []
  const optional: string[] = []
  for (const [name, property] of document.members(fields.properties)) {
    const value = exampleOf(document, property.fields)
    if (required.has(name)) pairs.push({ name, value: escapeBraces(value ?? name) })
    else optional.push(value === undefined ? name : `${name}=${value}`)
  }
  return { pairs, optional }
}

/** Methods whose requests have the first message as their body. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

function textOfExample({ example }: Pick<AsyncMessage, 'example'>): string | undefined {
  return example === undefined || typeof example === 'string'
    ? example
    : JSON.stringify(example, undefined, 2)
}

function mediaTypeOf({ contentType, example }: AsyncMessage): string {
  return contentType || (typeof example === 'string' ? 'text/plain' : 'application/json')
}

function stepOf({ name, example }: AsyncMessage): ScriptStep[] {
  const text = textOfExample({ example })
  if (text === undefined) return []
  return [{ kind: 'send', ...(name !== '' && { name }), message: { format: 'text', text } }]
}

function withoutExample(messages: readonly AsyncMessage[]): string[] {
  const names = messages
    .filter(({ example }) => example === undefined)
    .map(({ name }) => name || 'without a name')
  if (names.length === 0) return []
  return [`Messages without an example were not imported: ${someOf(names, 20)}`]
}
