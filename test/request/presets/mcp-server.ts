/** A server of the MCP SDK that keeps its events, so that a client can continue after the last one. */
import { randomUUID } from 'node:crypto'
import { Server as McpServer } from '@modelcontextprotocol/sdk/server/index.js'
import {
  type EventStore,
  StreamableHTTPServerTransport,
} from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { StandIn } from '../../support/stand-ins/stand-in.ts'

class Events implements EventStore {
  readonly #all: { readonly stream: string; readonly message: JSONRPCMessage }[] = []
  /** The IDs after which clients continued. */
  readonly resumed: string[] = []

  async storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    return String(this.#all.push({ stream, message }))
  }

  async replayEventsAfter(
    last: string,
    { send }: { readonly send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    this.resumed.push(last)
    const stream = this.#all[Number(last) - 1]?.stream ?? ''
    for (const [at, event] of this.#all.entries())
      if (at >= Number(last) && event.stream === stream && 'method' in event.message)
        await send(String(at + 1), event.message)
    return stream
  }
}

export async function serveResumableMcp() {
  const events = new Events()
  const begin = async () => {
    const mcp = new McpServer({ name: 'test', version: '1' }, { capabilities: { logging: {} } })
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: events,
      retryInterval: 20,
    })
    await mcp.connect(transport as never)
    return { mcp, transport }
  }
  let session = await begin()
  const server = await new StandIn().start((request, response) => {
    const id = request.headers['mcp-session-id']
    if (id !== undefined && id !== session.transport.sessionId) response.writeHead(404).end()
    else void session.transport.handleRequest(request, response)
  })
  return {
    url: server.url,
    resumed: events.resumed,
    cut: () => server.cut(),
    /** The server no longer has the session, as after a restart. */
    forget: async () => {
      session = await begin()
    },
    /** Sends a message on the stream, or keeps it for a client that comes back. */
    notify: (text: string) =>
      session.mcp.notification({ method: 'notifications/message', params: { level: 'info', data: text } }),
  }
}
