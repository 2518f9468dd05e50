/** Conversations of sub-protocols: a request goes out, its answer comes in. To measure another decoder, add a row. */
import type { Decoder as SocketIoParser } from 'socket.io-parser'

export interface ProtocolLoad {
  readonly url: string
  readonly subprotocol?: string
  /** The text of message `n`; every other one is an answer. */
  message(n: number): string
  /** The protocol's own parser: takes the text of a message. */
  parser(): Promise<(text: string) => void>
  /** A library that checks each message too, as programs use it. */
  checkingParser?(): Promise<(text: string) => void>
}

const ROWS = Array.from({ length: 4 }, (_, n) => ({ symbol: `SYM${n}`, price: 101.5 + n, volume: 1000 * n }))

export const PROTOCOL_LOADS = {
  'json-rpc': {
    url: 'ws://127.0.0.1/rpc',
    message(n) {
      const head = { jsonrpc: '2.0', id: n >> 1 }
      return JSON.stringify(
        n % 2 === 0 ? { ...head, method: 'quotes', params: { at: n, rows: 4 } } : { ...head, result: ROWS },
      )
    },
    parser: async () => (text) => void JSON.parse(text),
    // As the transports of the MCP SDK read a message.
    async checkingParser() {
      const { JSONRPCMessageSchema } = await import('@modelcontextprotocol/sdk/types.js')
      return (text) => void JSONRPCMessageSchema.safeParse(JSON.parse(text))
    },
  },
  'socket.io': {
    url: 'ws://127.0.0.1/socket.io/?EIO=4&transport=websocket',
    message: (n) =>
      n % 2 === 0
        ? `42${n >> 1}${JSON.stringify(['quotes', { at: n, rows: 4 }])}`
        : `43${n >> 1}${JSON.stringify([ROWS])}`,
    async parser() {
      const { Decoder } = await import('socket.io-parser')
      const decoder: SocketIoParser = new Decoder()
      decoder.on('decoded', () => {})
      // Engine.IO takes the first character off.
      return (text) => decoder.add(text.slice(1))
    },
  },
} as const satisfies Readonly<Record<string, ProtocolLoad>>

export type LoadedProtocol = keyof typeof PROTOCOL_LOADS
