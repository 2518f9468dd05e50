import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import type { Outcome } from '../../../src/transport/transport.ts'
import { closeServers, listen } from '../../support/loopback.ts'
import { closeFrame, frame, reset, serveFrames, switchingProtocols } from '../../support/raw-server.ts'
import { connect } from './support.ts'

/** A permessage-deflate payload, without the empty block at its end (RFC 7692 section 7.2.1). */
function deflate(content: string | Uint8Array): Buffer {
  return deflateRawSync(content, { finishFlush: 2 }).subarray(0, -4)
}

const COMPRESSION = 'Sec-WebSocket-Extensions: permessage-deflate'

interface Hostile {
  readonly title: string
  /** Writes the invalid bytes after a valid message, `before`. */
  readonly write: (socket: Socket) => void
  readonly handshake?: string
  readonly spec?: Partial<ConnectionSpec>
  readonly code: string
  readonly sentence: RegExp
  readonly closeCode: number
  readonly by?: 'client' | 'server' | 'network'
  readonly end?: Outcome['end']
  /** The payload that is kept as a message before the error. */
  readonly kept?: Uint8Array
}

const BAD_TEXT = Uint8Array.of(0x48, 0xc3, 0x28)
const CUT_TEXT = Uint8Array.of(0xe2, 0x82)

const HOSTILE: readonly Hostile[] = [
  {
    title: 'text that is not valid UTF-8',
    write: (socket) => socket.write(frame(1, BAD_TEXT)),
    kept: BAD_TEXT,
    code: 'BAD_UTF8',
    sentence: /not valid UTF-8.*its bytes are kept.*binary/,
    closeCode: 1007,
  },
  {
    title: 'a character that is split by the end of the message',
    write: (socket) => socket.write(frame(1, CUT_TEXT)),
    kept: CUT_TEXT,
    code: 'BAD_UTF8',
    sentence: /not valid UTF-8/,
    closeCode: 1007,
  },
  {
    title: 'a reserved bit without an extension that uses it',
    write: (socket) => socket.write(frame(1, 'x', { rsv: 0x40 })),
    code: 'BAD_FRAME',
    sentence: /malformed frame \(.*RSV1.*; its header is c1 01\).*fix the server/,
    closeCode: 1002,
  },
  {
    title: 'the other reserved bits',
    write: (socket) => socket.write(frame(1, 'x', { rsv: 0x30 })),
    code: 'BAD_FRAME',
    sentence: /RSV2 and RSV3/,
    closeCode: 1002,
  },
  {
    title: 'a reserved opcode',
    write: (socket) => socket.write(frame(3, 'x')),
    code: 'BAD_FRAME',
    sentence: /invalid opcode 3/,
    closeCode: 1002,
  },
  {
    title: 'a continuation without a message',
    write: (socket) => socket.write(frame(0, 'x')),
    code: 'BAD_FRAME',
    sentence: /invalid opcode 0/,
    closeCode: 1002,
  },
  {
    title: 'a ping in fragments',
    write: (socket) => socket.write(frame(9, 'x', { fin: false })),
    code: 'BAD_FRAME',
    sentence: /FIN must be set/,
    closeCode: 1002,
  },
  {
    title: 'a ping longer than 125 bytes',
    write: (socket) => socket.write(frame(9, 'x'.repeat(126))),
    code: 'BAD_FRAME',
    sentence: /invalid payload length/,
    closeCode: 1002,
  },
  {
    title: 'a close code that must not be sent',
    write: (socket) => socket.write(closeFrame(1006)),
    code: 'BAD_FRAME',
    sentence: /invalid status code 1006/,
    closeCode: 1002,
  },
  {
    title: 'a close reason that is not valid UTF-8',
    write: (socket) => socket.write(frame(8, Uint8Array.of(0x03, 0xe8, 0xff, 0x21))),
    code: 'BAD_UTF8',
    sentence: /close frame whose reason is not valid UTF-8 \(code 1000, reason \/yE= in base64\).*UTF-8/,
    closeCode: 1007,
  },
  {
    title: 'a message whose length exceeds the limit',
    write: (socket) => socket.write(frame(2, 'x', { length: 10_001 })),
    spec: { maxMessageSize: 10_000 },
    code: 'TOO_LARGE',
    sentence: /larger than the limit of 10000 bytes.*maxMessageSize/,
    closeCode: 1009,
  },
  {
    title: 'a message whose length exceeds 2^53 - 1',
    write: (socket) => socket.write(Buffer.from([0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255])),
    code: 'TOO_LARGE',
    sentence: /larger than the limit/,
    closeCode: 1009,
  },
  {
    title: 'fragments that together exceed the limit',
    write: (socket) => {
      for (let i = 0; i < 11; i++) socket.write(frame(i === 0 ? 2 : 0, 'x'.repeat(1000), { fin: false }))
    },
    spec: { maxMessageSize: 10_000 },
    code: 'TOO_LARGE',
    sentence: /larger than the limit/,
    closeCode: 1009,
  },
  {
    title: 'fragments without end',
    write: (socket) => {
      const fragments = Buffer.concat(Array(20_000).fill(frame(0, '', { fin: false })))
      socket.write(frame(2, '', { fin: false }))
      for (let i = 0; i < 4; i++) socket.write(fragments)
    },
    code: 'TOO_LARGE',
    sentence: /more fragments than the limit allows/,
    closeCode: 1008,
  },
  {
    title: 'a message that inflates beyond the limit',
    write: (socket) => socket.write(frame(1, deflate(Buffer.alloc(50_000_000, 0x20)), { rsv: 0x40 })),
    handshake: COMPRESSION,
    spec: { maxMessageSize: 1_000_000 },
    code: 'TOO_LARGE',
    sentence: /larger than the limit of 1000000 bytes/,
    closeCode: 1009,
  },
  {
    title: 'a compressed message that is not deflate data',
    write: (socket) => socket.write(frame(1, Uint8Array.of(0xff, 0xff, 0xff, 0xff), { rsv: 0x40 })),
    handshake: COMPRESSION,
    code: 'BAD_FRAME',
    sentence: /cannot be inflated/,
    closeCode: 1007,
  },
  {
    title: 'a reset in the middle of a frame',
    write: (socket) => {
      socket.write(frame(1, 'half', { length: 1000 }), () => reset(socket))
    },
    code: 'ECONNRESET',
    sentence: /reset the connection; check/,
    closeCode: 1006,
    by: 'network',
    end: 'lost',
  },
  {
    title: 'an end in the middle of a frame',
    write: (socket) => socket.end(frame(1, 'half', { length: 1000 })),
    code: 'TRUNCATED',
    sentence: /ended inside a message, after 8 of its bytes/,
    closeCode: 1006,
    by: 'network',
    end: 'lost',
  },
  {
    title: 'an end between the fragments of a message',
    write: (socket) => socket.end(Buffer.concat([frame(1, 'half', { fin: false }), frame(9, 'x')])),
    code: 'TRUNCATED',
    sentence: /after 6 of its bytes/,
    closeCode: 1006,
    by: 'network',
    end: 'lost',
  },
  {
    title: 'a close frame between the fragments of a message',
    write: (socket) => socket.write(Buffer.concat([frame(1, 'x', { fin: false }), closeFrame(1001)])),
    code: 'TRUNCATED',
    sentence: /after 3 of its bytes/,
    closeCode: 1001,
    by: 'server',
    end: 'lost',
  },
]

describe('a WebSocket with invalid frames', () => {
  afterEach(closeServers)

  for (const hostile of HOSTILE) {
    it(`reports ${hostile.title}, and keeps what came before`, async () => {
      const { by = 'client', end = 'failed' } = hostile
      const good = hostile.handshake
        ? frame(1, deflate('before'), { rsv: 0x40 })
        : Buffer.concat([frame(1, 'bef', { fin: false }), frame(9, 'in between'), frame(0, 'ore')])
      let write = () => {}
      const url = await serveFrames(
        (socket) => {
          socket.write(good)
          write = () => hostile.write(socket)
          if (by !== 'network') write()
        },
        ...(hostile.handshake ? [hostile.handshake] : []),
      )
      const attempt = connect(url, hostile.spec)
      if (by === 'network') {
        await attempt.until('message')
        write()
      }
      const outcome = await attempt.outcome
      assert.equal(outcome.end, end)
      const told = hostile.kept === undefined ? ['before'] : ['before', Buffer.from(hostile.kept).toString()]
      assert.deepEqual(attempt.texts(), told)
      const [error, ...more] = attempt.of('error')
      assert.equal(more.length, 0)
      assert.equal(error?.code, hostile.code)
      assert.match(error?.message ?? '', hostile.sentence)
      assert.match(error?.message ?? '', /^[^\n]+[;,] [^\n]+\.$/)
      assert.deepEqual(
        attempt.of('close').map((close) => [close.code, close.by]),
        [[hostile.closeCode, by]],
      )
      assert.deepEqual(
        attempt.events.slice(-2).map((event) => event.type),
        ['error', 'close'],
      )
      const [failed, closed] = attempt.events.slice(-2)
      assert.ok((closed?.time ?? 0) >= (failed?.time ?? 0))
    })
  }
})

describe('a WebSocket whose peer never closes the connection', () => {
  afterEach(closeServers)

  /** Milliseconds that the peer has to answer a close frame. */
  const PATIENCE = 2000

  /** A server that opens a WebSocket, lets `script` write, and never closes its side of the connection. */
  async function serveForEver(script: (socket: Socket) => void): Promise<string> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {})
      socket.once('data', (chunk) => {
        socket.write(switchingProtocols(chunk.toString('latin1')))
        script(socket)
      })
    })
    return `ws://127.0.0.1:${await listen(server)}/`
  }

  it('is closed at once for an invalid frame, even after a close frame was sent', async () => {
    const bad = frame(1, 'x', { rsv: 0x20 })
    for (const isClosing of [false, true]) {
      let failed = 0
      let took: number | undefined
      const url = await serveForEver((socket) => {
        const fail = () => {
          failed = performance.now()
          socket.write(bad)
        }
        if (isClosing) socket.once('data', fail)
        else fail()
        socket.resume().on('end', () => {
          took = performance.now() - failed
        })
      })
      const attempt = connect(url)
      await attempt.until('open')
      if (isClosing) void attempt.disconnect({ code: 4001 })
      assert.equal((await attempt.outcome).end, 'failed')
      assert.ok(took !== undefined && took < PATIENCE - 500, `after ${took} ms, closing: ${isClosing}`)
    }
  })

  it('keeps the server’s close code if the user disconnects after it', async () => {
    const attempt = connect(
      await serveForEver((socket) => {
        socket.write(closeFrame(4002, 'enough'))
        socket.once('data', () => closed())
      }),
    )
    let closed = () => {}
    await new Promise<void>((resolve) => {
      closed = resolve
    })
    await attempt.disconnect({ code: 4001 })
    const [close] = attempt.of('close')
    assert.deepEqual([close?.by, close?.code, close?.reason], ['server', 4002, 'enough'])
  })
})
