/** The Model Context Protocol over Streamable HTTP (https://modelcontextprotocol.io/specification). */
import type { MessageEvent } from '../../shared/event.ts'
import { fieldsOf } from '../../shared/fields.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { FieldReader } from '../field-reader.ts'
import { controlJson, json, quoted } from '../messages.ts'
import type { HttpSession, SideRequest, SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

/** The ID of `initialize`; pings have texts, so that they do not clash with the requests of the user. */
const INITIALIZE = 0

function jsonOf({ payload }: MessageEvent): Readonly<Record<string, unknown>> {
  return fieldsOf(tryParseJson(Buffer.from(payload).toString()))
}

async function initialize(
  spec: ConnectionSpec,
  options: FieldReader,
  request: SideRequest,
): Promise<HttpSession> {
  const post = postOf(spec, {})
  const hello = {
    ...{ jsonrpc: '2.0', id: INITIALIZE, method: 'initialize' },
    params: {
      protocolVersion: options.text('version'),
      capabilities: options.json('capabilities'),
      clientInfo: { name: 'realtime-inspector', version: '1' },
    },
  }
  const { headers, messages } = await request({ ...post, body: JSON.stringify(hello) })
  const { result, error } = messages.map(jsonOf).find(({ id }) => id === INITIALIZE) ?? {}
  if (error !== undefined)
    throw new Error(`the server refused initialize: ${quoted(fieldsOf(error).message)}`)
  if (result === undefined) throw new Error('the server did not answer initialize')
  const version = fieldsOf(result).protocolVersion
  const session = [headers['mcp-session-id']].flat()[0]
  const own = {
    ...(session !== undefined && { 'mcp-session-id': session }),
    ...(typeof version === 'string' && { 'mcp-protocol-version': version }),
  }
  await request({
    ...postOf(spec, own),
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  })
  return sessionOf(spec, own)
}

/** The request that sends a message, with the header fields of the session. */
function postOf(spec: ConnectionSpec, own: SessionFields): ConnectionSpec {
  return {
    ...spec,
    method: 'POST',
    headers: {
      ...spec.headers,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...own,
    },
  }
}

type SessionFields = Readonly<Record<string, string>>

function sessionOf(spec: ConnectionSpec, own: SessionFields): HttpSession {
  const post = postOf(spec, own)
  return {
    spec: {
      ...spec,
      transport: 'sse',
      method: 'GET',
      headers: { ...spec.headers, accept: 'text/event-stream', ...own },
    },
    greeting: [],
    again: (next) => sessionOf(next, own),
    isStreamOptional: true,
    isOrdered: false,
    post: ({ payload }) => ({ ...post, body: Buffer.from(payload).toString() }),
  }
}

export const mcp: SpokenProtocol = {
  overHttp: (spec, options) => (request) => initialize(spec, options, request),
  speak(host, options) {
    let requests = INITIALIZE
    let pings = 0
    let watch: Watch | undefined
    return {
      opened() {
        const interval = options.number('ping') ?? 0
        if (interval === 0) return
        every(host, interval, () =>
          host.send(json({ jsonrpc: '2.0', id: `ping-${++pings}`, method: 'ping' })),
        )
        watch = new Watch(host, 2 * interval, `The server did not answer a ping within ${interval} ms.`)
      },
      received(message) {
        watch?.alive()
        const { id, method } = fieldsOf(controlJson(message))
        if (method === 'ping' && id !== undefined) host.send(json({ jsonrpc: '2.0', id, result: {} }))
      },
      compose(form, values) {
        const [method, params] =
          form === 'tool'
            ? ['tools/call', { name: values.text('name'), arguments: values.json('arguments') }]
            : [values.text('method'), values.json('params')]
        return [json({ jsonrpc: '2.0', id: ++requests, method, ...(params !== undefined && { params }) })]
      },
    }
  },
}
