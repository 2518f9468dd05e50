/** WebSocket servers that answer as their documents say, and can cut their connections. */
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { listen } from '../loopback.ts'

export interface WebSocketApi {
  /** What the server says first. */
  readonly greeting?: string
  /** What it answers to a message. */
  answers(heard: string): readonly string[]
}

export class WebSocketStandIn {
  /** What it heard, except for heartbeats. */
  readonly heard: string[] = []
  readonly urls: (string | undefined)[] = []
  readonly #sockets = new Set<WebSocket>()
  readonly #api: WebSocketApi
  host = ''

  constructor(api: WebSocketApi) {
    this.#api = api
  }

  async serve(): Promise<this> {
    const server = createServer()
    const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false })
    sockets.on('connection', (socket, request) => {
      this.urls.push(request.url)
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('message', (data) => {
        this.heard.push(String(data))
        for (const answer of this.#api.answers(String(data))) socket.send(answer)
      })
      if (this.#api.greeting !== undefined) socket.send(this.#api.greeting)
    })
    this.host = `127.0.0.1:${await listen(server)}`
    return this
  }

  cut(): void {
    for (const socket of this.#sockets) socket.terminate()
  }
}

/** https://hexdocs.pm/phoenix/writing_a_channels_client.html */
export const PHOENIX: WebSocketApi = {
  answers(heard) {
    const [join, ref, topic] = JSON.parse(heard)
    return [
      JSON.stringify([join, ref, topic, 'phx_reply', { status: 'ok', response: {} }]),
      JSON.stringify([null, null, topic, 'new_msg', { body: 'hello' }]),
    ]
  },
}

/** The protocol `actioncable-v1-json`, as in the sources of Rails: actioncable/lib/action_cable/connection. */
export const ACTION_CABLE: WebSocketApi = {
  greeting: '{"type":"welcome"}',
  answers(heard) {
    const { command, identifier } = JSON.parse(heard)
    if (command !== 'subscribe') return []
    return [
      JSON.stringify({ identifier, type: 'confirm_subscription' }),
      JSON.stringify({ type: 'ping', message: 1_764_417_600 }),
      JSON.stringify({ identifier, message: { body: 'hello' } }),
    ]
  },
}

/** https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md */
export const SIGNALR: WebSocketApi = {
  answers(heard) {
    return heard
      .split('\u001e')
      .slice(0, -1)
      .map((text) => JSON.parse(text))
      .flatMap(({ protocol, type, invocationId, target }) => {
        if (protocol === 'json') return ['{}\u001e']
        return type === 1
          ? [`${JSON.stringify({ type: 3, invocationId, result: `hello ${target}` })}\u001e`]
          : []
      })
  },
}

/** https://developers.home-assistant.io/docs/api/websocket */
export const HOME_ASSISTANT: WebSocketApi = {
  greeting: '{"type":"auth_required","ha_version":"2025.11.3"}',
  answers(heard) {
    const { type, access_token, id, event_type } = JSON.parse(heard)
    if (type === 'auth')
      return [`{"type":"${access_token === 'HOME_ASSISTANT_TOKEN' ? 'auth_ok' : 'auth_invalid'}"}`]
    if (type !== 'subscribe_events') return []
    return [
      JSON.stringify({ id, type: 'result', success: true, result: null }),
      JSON.stringify({ id, type: 'event', event: { event_type, data: { entity_id: 'light.kitchen' } } }),
    ]
  },
}
