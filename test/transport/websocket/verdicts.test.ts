/** Which responses open a WebSocket, compared with `ws`. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { closeServers, listen } from '../../support/loopback.ts'
import { closeFrame, frame, serveRaw, switchingProtocols } from '../../support/raw-server.ts'
import { connect } from './support.ts'

/** Each makes a response from the head of the request. */
const RESPONSES: Readonly<Record<string, (head: string) => string>> = {
  'a plain one': (head) => switchingProtocols(head),
  'other spellings': (head) =>
    switchingProtocols(head)
      .replace('Upgrade: websocket', 'UPGRADE:WebSocket')
      .replace('Connection: Upgrade', 'connection: keep-alive, UPGRADE'),
  'another reason phrase': (head) =>
    switchingProtocols(head).replace('Switching Protocols', 'Web Socket Hand\xe9'),
  'no reason phrase': (head) => switchingProtocols(head).replace(' Switching Protocols', ''),
  'a folded field': (head) => switchingProtocols(head, 'X-Folded: a\r\n b'),
  'lines that end with a line feed alone': (head) => switchingProtocols(head).replaceAll('\r\n', '\n'),
  'informational responses before it': (head) =>
    `HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n${switchingProtocols(head)}`,
  'a length': (head) => switchingProtocols(head, 'Content-Length: 0'),
  'the subprotocol': (head) => switchingProtocols(head, 'Sec-WebSocket-Protocol: chat'),
  'another subprotocol': (head) => switchingProtocols(head, 'Sec-WebSocket-Protocol: talk'),
  'two subprotocols': (head) =>
    switchingProtocols(head, 'Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Protocol: chat'),
  'an empty subprotocol': (head) => switchingProtocols(head, 'Sec-WebSocket-Protocol: '),
  'the extension': (head) => switchingProtocols(head, 'Sec-WebSocket-Extensions: permessage-deflate'),
  'an empty extension': (head) => switchingProtocols(head, 'Sec-WebSocket-Extensions: '),
  'another extension': (head) => switchingProtocols(head, 'Sec-WebSocket-Extensions: x-webkit-deflate-frame'),
  'the extension twice': (head) =>
    switchingProtocols(head, ...Array<string>(2).fill('Sec-WebSocket-Extensions: permessage-deflate')),
  'no key': (head) => switchingProtocols(head).replace(/Sec-WebSocket-Accept.*\r\n/, ''),
  'another key': (head) =>
    switchingProtocols(head).replace(/Accept: .*/, `Accept: ${randomBytes(20).toString('base64')}`),
  'the key twice': (head) => {
    const answer = switchingProtocols(head)
    return answer.replace(/Sec-WebSocket-Accept.*\r\n/, '$&$&')
  },
  'no Upgrade': (head) => switchingProtocols(head).replace('Upgrade: websocket\r\n', ''),
  'another Upgrade': (head) => switchingProtocols(head).replace('websocket', 'h2c'),
  'two Upgrades': (head) => switchingProtocols(head).replace('websocket', 'websocket, h2c'),
  'no Connection': (head) => switchingProtocols(head).replace('Connection: Upgrade\r\n', ''),
  'another Connection': (head) =>
    switchingProtocols(head).replace('Connection: Upgrade', 'Connection: close'),
  'another status': (head) => switchingProtocols(head).replace('101', '200'),
  'a status of four digits': (head) => switchingProtocols(head).replace('101', '1010'),
  'no status': (head) => switchingProtocols(head).replace('101', ''),
  'another protocol': (head) => switchingProtocols(head).replace('HTTP/1.1', 'RTSP/1.0'),
  'a lone carriage return': (head) => switchingProtocols(head, 'X-Cr: a\rb'),
}

/** `ws` opens a WebSocket for them. RFC 7692 section 7.1 and RFC 9112 section 2.3 say that a client must not. */
const STRICTER: ReadonlySet<string> = new Set(['the extension twice', 'another protocol'])

describe('the responses that open a WebSocket', () => {
  afterEach(closeServers)

  for (const [title, response] of Object.entries(RESPONSES))
    for (const offer of [{}, { subprotocols: ['chat'] }, { compression: false }])
      it(`are those of ws, with ${title}, to ${JSON.stringify(offer)}`, async () => {
        const host = await serveRaw((socket, head) => {
          socket.end(
            Buffer.concat([Buffer.from(response(head), 'latin1'), frame(1, 'first'), closeFrame(1000)]),
          )
        })
        const theirs = new WebSocket(`ws://${host}/`, offer.subprotocols ?? [], {
          perMessageDeflate: offer.compression !== false,
          // As before there was a reader of our own.
          ...{ insecureHTTPParser: true },
        })
        let opens = false
        theirs.on('open', () => {
          opens = true
        })
        theirs.on('error', () => {})
        await new Promise((resolve) => theirs.on('close', resolve))
        const ours = connect(`ws://${host}/`, offer)
        await ours.outcome
        const isOpened = ours.of('open').length === 1
        assert.equal(isOpened, opens && !STRICTER.has(title), ours.of('error')[0]?.message)
        if (isOpened) assert.deepEqual(ours.texts(), ['first'])
      })
})

describe('the messages that a WebSocket sends', () => {
  afterEach(closeServers)

  for (const clientNoContextTakeover of [false, true])
    for (const clientMaxWindowBits of [9, 15])
      it(`are inflated by ws, with ${clientMaxWindowBits} bits and ${clientNoContextTakeover ? 'no' : 'a'} context`, async () => {
        const server = createServer()
        const perMessageDeflate = { clientNoContextTakeover, clientMaxWindowBits }
        const sockets = new WebSocketServer({ server, perMessageDeflate })
        const got: [size: number, isBinary: boolean][] = []
        sockets.on('connection', (socket) => {
          socket.on('message', (data: Buffer, isBinary) => got.push([data.length, isBinary]))
          socket.on('ping', (data) => got.push([data.length, false]))
        })
        const attempt = connect(`ws://127.0.0.1:${await listen(server)}/`)
        await attempt.until('open')
        const sizes = [0, 1, 125, 126, 1023, 1024, 65_535, 65_536, 300_000]
        for (const size of sizes)
          for (const opcode of ['text', 'binary'] as const)
            attempt.transport.send({ opcode, payload: Buffer.alloc(size, 'abcdefg') })
        await attempt.disconnect()
        assert.deepEqual(
          got,
          sizes.flatMap((size) => [
            [size, false],
            [size, true],
          ]),
        )
        const sent = attempt.of('message')
        assert.deepEqual(
          sent.map(({ payload }) => payload.length),
          got.map(([size]) => size),
        )
        for (const { payload, compressed, wireSize = 0 } of sent) {
          assert.equal(compressed, !clientNoContextTakeover || payload.length >= 1024)
          if (payload.length > 1000)
            assert.ok(compressed ? wireSize < payload.length : wireSize > payload.length)
        }
      })
})
