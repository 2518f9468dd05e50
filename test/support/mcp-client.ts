/** Clients of `realtime-inspector mcp`: the official SDK's, over standard input and output. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import { builtCli } from './cli.ts'

export interface McpClientOptions {
  readonly args?: readonly string[]
  readonly folder?: string
  /** Answers questions to the user. Without it, the client cannot ask. */
  readonly answer?: (message: string) => ElicitResult
}

export interface CalledTool {
  /** The result as JSON, or the sentence of an error as text. */
  readonly result: unknown
  readonly text: string
  readonly isError: boolean
}

export class McpClient {
  readonly client: Client
  stderr = ''

  private constructor(client: Client, transport: StdioClientTransport) {
    this.client = client
    transport.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
  }

  static async start({ args = [], folder, answer }: McpClientOptions = {}): Promise<McpClient> {
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: answer === undefined ? {} : { elicitation: { form: {} } } },
    )
    if (answer !== undefined)
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message))
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [await builtCli(), 'mcp', ...args],
      stderr: 'pipe',
      ...(folder !== undefined && { cwd: folder }),
    })
    const started = new McpClient(client, transport)
    await client.connect(transport)
    clients.push(started)
    return started
  }

  async call(
    name: string,
    input: Record<string, unknown> = {},
    options: Parameters<Client['callTool']>[2] = {},
  ): Promise<CalledTool> {
    const given = await this.client.callTool({ name, arguments: input }, undefined, options)
    const [content] = given.content as readonly { readonly type: string; readonly text: string }[]
    const text = content?.text ?? ''
    const isError = given.isError === true
    return { text, isError, result: isError ? text : JSON.parse(text) }
  }

  /** Calls a tool that succeeds. */
  async get<T>(name: string, input: Record<string, unknown> = {}): Promise<T> {
    const { isError, text, result } = await this.call(name, input)
    if (isError) throw new Error(text)
    return result as T
  }

  close(): Promise<void> {
    return this.client.close()
  }
}

const clients: McpClient[] = []

/** For `afterEach`. */
export async function closeMcpClients(): Promise<void> {
  await Promise.all(clients.splice(0).map((each) => each.close()))
}
