import assert from 'node:assert/strict'
import { cliTests, type Line, parseLines, runCli } from '../../support/cli.ts'
import {
  closeProtocolServers,
  serveGraphqlWs,
  serveMcp,
  serveSocketIo,
} from '../../support/protocol-servers.ts'
import { writeRequests } from './shop.ts'

interface Decoded {
  readonly kind: string
  readonly name?: string
  readonly value?: unknown
}

/** What was decoded of the messages, except heartbeats and what the protocol sent. */
function decoded(lines: readonly Line[]): [string, Decoded][] {
  return lines.flatMap(({ type, direction, automatic, decoded: value }) => {
    if (type !== 'message' || automatic !== undefined || value === undefined) return []
    const packet = value as Decoded
    return packet.kind === 'heartbeat' ? [] : [[String(direction), packet] as [string, Decoded]]
  })
}

describe('run, in a protocol that is spoken', () => {
  cliTests()
  afterEach(closeProtocolServers)

  it('sends the forms of Socket.IO once the handshake is done, and waits for acknowledgments', async () => {
    const host = await serveSocketIo()
    const file = await writeRequests(
      `### sum\n# @option protocol socket.io\n# @set sum = $[0] when kind:ack\nWEBSOCKET ws://${host}/\n\n{"event":"sum","args":[20,22],"ack":true}\n=== wait-for-server\n{"event":"sum","args":[{{sum}},1],"ack":true}\n=== wait-for-server\n`,
    )
    const { code, stdout, stderr } = await runCli(['run', file, '--decoded'])
    assert.equal(code, 0, stderr)
    const packets = decoded(parseLines(stdout)).filter(([, { kind }]) => kind !== 'handshake')
    assert.deepEqual(
      packets.map(([direction, { kind, value }]) => [direction, kind, JSON.stringify(value)]),
      [
        ['out', 'request', '[20,22]'],
        ['in', 'ack', '[42]'],
        ['out', 'request', '[42,1]'],
        ['in', 'ack', '[43]'],
      ],
    )
  })

  it('subscribes in GraphQL, and ends after as many messages as the request says', async () => {
    const host = await serveGraphqlWs()
    const file = await writeRequests(
      `### ticks\n# @option protocol graphql-transport-ws\n# @max-messages 4\nWEBSOCKET ws://${host}/\n\n{"query":"subscription { ticks(to: 100) }"}\n`,
    )
    const { code, stdout, stderr } = await runCli(['run', file, '--decoded'])
    assert.equal(code, 0, stderr)
    const data = decoded(parseLines(stdout)).filter(([, { kind }]) => kind === 'data')
    assert.equal(data.length, 3)
  })

  it('takes the protocol from the command line', async () => {
    const host = await serveMcp()
    const file = await writeRequests(`### mcp\nSTREAM http://${host}/mcp\n`)
    const { code, stdout, stderr } = await runCli([
      ...['run', file, '--protocol', 'mcp', '--max-messages', '1', '--decoded'],
    ])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /"protocolVersion"/)
  })
})
