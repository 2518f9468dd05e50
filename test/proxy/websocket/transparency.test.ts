import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { closeServers, listen } from '../../support/loopback.ts'
import { serveRaw, switchingProtocols } from '../../support/raw-server.ts'
import { CONFORMANCE_CASES, type ConformanceCase } from './conformance-cases.ts'
import { relayTo } from './support.ts'

/** What the peers got. */
interface Outcome {
  /** What the program that reads the frames tells. */
  readonly told: readonly string[]
  /** The bytes that it sent back, in base64. */
  readonly answered: string
}

const MAX_PAYLOAD = 1024 * 1024

/** Makes a client's frames of a server's, with a masking key that changes. */
function masked(frames: Uint8Array): Buffer {
  const out: Buffer[] = []
  for (let at = 0; at < frames.length; ) {
    const bytes = Buffer.from(frames.subarray(at))
    const short = bytes.readUInt8(1)
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
    const key = Buffer.from([at + 1, 0x5a, 0xff, length & 0xff])
    const payload = bytes.subarray(header, header + length).map((byte, n) => byte ^ (key[n & 3] ?? 0))
    out.push(
      bytes.subarray(0, 1),
      Buffer.from([short | 0x80]),
      bytes.subarray(2, header),
      key,
      Buffer.from(payload),
    )
    at += header + length
  }
  return Buffer.concat(out)
}

/** What a WebSocket of `ws` tells, and resolves when it has closed. */
async function listening(socket: WebSocket): Promise<string[]> {
  const told: string[] = []
  socket.on('message', (data, isBinary) => told.push(`${isBinary ? 'binary' : 'text'} ${data}`))
  socket.on('ping', (data) => told.push(`ping ${data}`))
  socket.on('pong', (data) => told.push(`pong ${data}`))
  socket.on('error', (error) => told.push(`error ${(error as NodeJS.ErrnoException).code}`))
  // Not `once`, which rejects on an error.
  return await new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve([...told, `close ${code} ${reason}`]))
  })
}

/** Writes the parts, each in a turn of its own, and collects the answer; ends once a close frame was answered. */
async function play(socket: Socket, parts: readonly Uint8Array[], isAnswerMasked: boolean): Promise<string> {
  const answer: Buffer[] = []
  const isClose = (bytes: Buffer) => bytes.subarray(isAnswerMasked ? -6 - 125 : -2 - 125).includes(0x88)
  socket.on('data', (chunk: Buffer) => {
    answer.push(chunk)
    if (isClose(Buffer.concat(answer))) socket.end()
  })
  const ended = once(socket, 'close')
  socket.on('error', () => {})
  for (const part of parts) {
    if (!socket.writable) break
    socket.write(part)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await ended
  return Buffer.concat(answer).toString('base64')
}

function split(parts: readonly Uint8Array[], isSplit = false): readonly Uint8Array[] {
  return isSplit ? Array.from(Buffer.concat(parts), (byte) => Uint8Array.of(byte)) : parts
}

type Through = (target: string) => Promise<string>

/** A raw client plays the case to a server of `ws`. */
async function toServer({ parts, isSplit, extension }: ConformanceCase, through: Through): Promise<Outcome> {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: extension !== undefined && { threshold: 1e9 },
  })
  const http = createServer()
  http.on('upgrade', (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws)),
  )
  const connected = once(server, 'connection').then(([ws]: WebSocket[]) => ws && listening(ws))
  const { hostname, port } = new URL(await through(`ws://127.0.0.1:${await listen(http)}/`))
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  socket.write(
    [
      ...['GET / HTTP/1.1', `Host: ${hostname}`, 'Upgrade: websocket', 'Connection: Upgrade'],
      ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='],
      ...(extension === undefined ? [] : [`Sec-WebSocket-Extensions: ${extension}`]),
      '\r\n',
    ].join('\r\n'),
  )
  let head = ''
  while (!head.includes('\r\n\r\n')) head += (await once(socket, 'data'))[0].toString('latin1')
  assert.match(head, /^HTTP\/1\.1 101 /)
  const answered = await play(socket, split(parts.map(masked), isSplit), false)
  return { told: (await connected) ?? [], answered }
}

/** A raw server plays the case to a client of `ws`. */
async function toClient({ parts, isSplit, extension }: ConformanceCase, through: Through): Promise<Outcome> {
  let answered: Promise<string> = Promise.resolve('')
  const lines = extension === undefined ? [] : [`Sec-WebSocket-Extensions: ${extension}`]
  const host = await serveRaw((socket, head) => {
    socket.write(switchingProtocols(head, ...lines))
    answered = play(socket, split(parts, isSplit), true)
  })
  // Masks that do not change, so that what it sends can be compared.
  const options: WebSocket.ClientOptions & { generateMask(mask: Buffer): void } = {
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: extension !== undefined && { threshold: 1e9 },
    generateMask: (mask) => void mask.fill(7),
  }
  const client = new WebSocket(await through(`ws://${host}/`), options)
  const told = await listening(client)
  return { told, answered: await answered }
}

/** The messages and control frames that `ws` was told of, as events of a direction. */
function recorded(events: readonly RealtimeEvent[], direction: string): string[] {
  return events.flatMap((event) => {
    if (!('direction' in event) || event.direction !== direction) return []
    const payload = Buffer.from(event.payload)
    return [event.type === 'message' ? `${event.opcode} ${payload}` : `${event.type} ${payload}`]
  })
}

describe('a WebSocket through the relay', () => {
  afterEach(closeServers)

  for (const [reader, direction, run] of [
    ['server', 'out', toServer],
    ['client', 'in', toClient],
  ] as const)
    for (const each of CONFORMANCE_CASES)
      it(`is for the ${reader} as without it: ${each.name}`, async () => {
        const directly = await run(each, async (target) => target)
        let relay: Awaited<ReturnType<typeof relayTo>> | undefined
        const relayed = await run(each, async (target) => {
          relay = await relayTo(target)
          return relay.url
        })
        assert.deepEqual(relayed, directly)
        const events = (await relay?.closed()) ?? []
        // What is recorded is what the reader was told of, up to an error.
        const read = directly.told.filter((line) => /^(?:text|binary|ping|pong) /.test(line))
        const seen = recorded(events, direction)
        assert.deepEqual(seen.slice(0, read.length), read)
        const isRefused = directly.told.some((line) => line.startsWith('error'))
        const isReported = events.some(({ type }) => type === 'error')
        assert.equal(isReported, isRefused || isTooLarge(events))
      })
})

function isTooLarge(events: readonly RealtimeEvent[]): boolean {
  return events.some((event) => event.type === 'error' && event.code === 'TRUNCATED')
}
