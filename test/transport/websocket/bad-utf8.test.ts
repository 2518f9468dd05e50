import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { setImmediate as soon } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import { WebSocketTransport } from '../../../src/transport/websocket.ts'
import { Attempt } from '../../support/attempt.ts'
import { parseLines, runCli } from '../../support/cli.ts'
import { closeServers } from '../../support/loopback.ts'
import { frame, serveFrames } from '../../support/raw-server.ts'

const BAD = Buffer.from('MESSAGE\n\n\x81\xfe\0', 'latin1')
const LARGE = Buffer.concat([Buffer.alloc(300_000, 'x'), Buffer.of(0xff)])

function deflate(content: Uint8Array): Buffer {
  return deflateRawSync(content, { finishFlush: 2 }).subarray(0, -4)
}

const COMPRESSED = frame(1, deflate(BAD), { rsv: 0x40 })
const LARGE_COMPRESSED = frame(1, deflate(LARGE), { rsv: 0x40 })

/** Ways in which invalid text can arrive: the bytes written, the payload, its wire size, its frames. */
const WAYS: readonly [
  title: string,
  writes: readonly Buffer[],
  payload: Buffer,
  wireSize: number,
  frames: number,
][] = [
  ['in a frame', [frame(1, BAD)], BAD, 2 + BAD.length, 1],
  ['among others', [frame(1, 'a'), frame(1, BAD), frame(1, 'b')], BAD, 2 + BAD.length, 1],
  [
    'in two frames',
    [frame(1, BAD.subarray(0, 10), { fin: false }), frame(9, 'between'), frame(0, BAD.subarray(10))],
    BAD,
    4 + BAD.length,
    2,
  ],
  ['in a large frame', [frame(1, LARGE)], LARGE, 10 + LARGE.length, 1],
  ['compressed', [COMPRESSED], BAD, COMPRESSED.length, 1],
  ['large and compressed', [LARGE_COMPRESSED], LARGE, LARGE_COMPRESSED.length, 1],
]

describe('a WebSocket text that is not valid UTF-8', () => {
  afterEach(closeServers)

  for (const [title, writes, payload, wireSize, frames] of WAYS)
    for (const apart of [false, true])
      it(`is kept as a message before the error: ${title}${apart ? ', byte by byte' : ''}`, async () => {
        const all = Buffer.concat(writes)
        const url = await serveFrames(
          (socket) => void (apart && all.length < 100 ? trickle(socket, all) : socket.write(all)),
          'Sec-WebSocket-Extensions: permessage-deflate',
        )
        for (const emitBatch of [undefined, () => {}]) {
          const attempt = new Attempt(new WebSocketTransport(), { url }, undefined, { emitBatch })
          assert.equal((await attempt.outcome).end, 'failed')
          const types = attempt.events.map(({ type }) => type).filter((type) => type !== 'pong')
          assert.deepEqual(types.slice(-3), ['message', 'error', 'close'])
          const kept = attempt.of('message').at(-1)
          assert.ok(payload.equals(kept?.payload ?? new Uint8Array()))
          assert.deepEqual(
            [kept?.opcode, kept?.direction, kept?.wireSize, kept?.frames],
            ['text', 'in', wireSize, frames],
          )
          assert.equal(attempt.of('error')[0]?.code, 'BAD_UTF8')
          assert.equal(attempt.of('close')[0]?.code, 1007)
        }
      })

  it('is stored in the session as base64', async () => {
    const url = await serveFrames(
      (socket) => void socket.write(Buffer.concat([frame(1, 'ok'), frame(1, BAD)])),
    )
    const { stdout, code } = await runCli(['connect', url, '--format', 'jsonl'])
    assert.equal(code, 1)
    const [, , , ok, bad, error, close] = parseLines(stdout)
    assert.deepEqual(
      [ok?.text, bad?.opcode, bad?.base64, bad?.size],
      ['ok', 'text', BAD.toString('base64'), BAD.length],
    )
    assert.deepEqual(
      [error?.type, error?.code, close?.type, close?.code],
      ['error', 'BAD_UTF8', 'close', 1007],
    )
  })
})

async function trickle(socket: Socket, bytes: Buffer): Promise<void> {
  socket.setNoDelay(true)
  for (const byte of bytes) {
    socket.write(Buffer.of(byte))
    await soon()
  }
}
