/** What a peer can send over a WebSocket, by the sections of RFC 6455 and RFC 7692: valid, odd, and forbidden. */
import { constants, deflateRawSync } from 'node:zlib'
import { closeFrame, type FrameOptions, frame } from '../../support/raw-server.ts'

export interface ConformanceCase {
  readonly name: string
  /** Unmasked frames; each element is written by itself. */
  readonly parts: readonly Uint8Array[]
  /** Written byte by byte. */
  readonly isSplit?: boolean
  /** The extension to negotiate. */
  readonly extension?: string
}

const BYE = closeFrame(1000)
const DEFLATE = 'permessage-deflate'
const RSV1 = 0x40
const cases: ConformanceCase[] = []

function add(name: string, parts: readonly Uint8Array[], extension?: string): void {
  cases.push({ name, parts, ...(extension !== undefined && { extension }) })
}

function deflated(data: string | Uint8Array, windowBits = 15): Buffer {
  return deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH, windowBits }).subarray(0, -4)
}

const part: FrameOptions = { fin: false }
const compressed: FrameOptions = { rsv: RSV1 }

// Sections 5.2 and 5.6: lengths, and what a packet contains.
for (const size of [0, 1, 125, 126, 127, 65_535, 65_536, 300_000]) {
  add(`a text of ${size} bytes`, [frame(1, 'x'.repeat(size)), BYE])
  add(`a binary message of ${size} bytes`, [frame(2, Buffer.alloc(size, 0xfe)), BYE])
}
cases.push({
  name: 'frames byte by byte',
  parts: [frame(1, 'x'.repeat(130)), frame(9, 'p'), BYE],
  isSplit: true,
})
add('5,000 messages at once', [Buffer.concat([...Array(5000).fill(frame(1, 'a')), BYE])])
add('a text, a binary message and a text at once', [
  Buffer.concat([frame(1, 'a'), frame(2, 'b'), frame(1, 'c'), BYE]),
])
add('a length in 16 bits that fits into 7', [Uint8Array.of(0x81, 126, 0, 2, 0x61, 0x62), BYE])
add('a length beyond 2^53', [Uint8Array.of(0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255)])

// Section 5.4: fragments.
add('fragments with control frames between them', [
  Buffer.concat([
    frame(1, 'a', part),
    frame(9, 'p'),
    frame(0, 'b', part),
    frame(10, 'q'),
    frame(0, 'c'),
    BYE,
  ]),
])
add('empty fragments', [frame(1, '', part), frame(0, '', part), frame(0, ''), BYE])
add('1,000 fragments', [
  frame(2, 'x', part),
  Buffer.concat(Array(998).fill(frame(0, 'x', part))),
  frame(0, 'x'),
  BYE,
])
add('a continuation of nothing', [frame(0, 'a')])
add('a text within a text', [frame(1, 'a', part), frame(1, 'b')])
add('a close frame within a message', [frame(1, 'a', part), BYE])

// Section 5.5: control frames.
for (const size of [0, 125]) add(`a ping of ${size} bytes`, [frame(9, 'x'.repeat(size)), BYE])
add('a ping of 126 bytes', [frame(9, 'x'.repeat(126))])
add('a fragmented ping', [frame(9, 'a', part)])
add('ten pings at once', [Buffer.concat([...Array.from({ length: 10 }, (_, n) => frame(9, `p${n}`)), BYE])])
add('a pong that was not asked for', [frame(10, 'zz'), BYE])

// Sections 5.2 and 5.8: reserved bits and opcodes.
for (const rsv of [0x10, 0x20, 0x40, 0x70]) {
  add(`reserved bits ${rsv.toString(16)} of a text`, [frame(1, 'a', { rsv })])
  add(`reserved bits ${rsv.toString(16)} of a ping`, [frame(9, 'a', { rsv })])
  if (rsv !== RSV1)
    add(`reserved bits ${rsv.toString(16)} of a text with compression`, [frame(1, 'a', { rsv })], DEFLATE)
}
for (const opcode of [3, 7, 11, 15])
  add(`opcode ${opcode} after a text`, [Buffer.concat([frame(1, 'a'), frame(opcode, 'b')])])

// Section 7.4: close codes.
for (const code of [1000, 1001, 1003, 1011, 1014, 3000, 4999, 999, 1004, 1005, 1006, 1015, 2999, 5000])
  add(`close code ${code}`, [closeFrame(code, 'why')])
add('a close frame without a code', [frame(8)])
add('a close frame of one byte', [frame(8, 'x')])
add('a close reason of 123 bytes', [closeFrame(1000, 'x'.repeat(123))])
add('a close reason that is not UTF-8', [frame(8, Uint8Array.of(3, 0xe8, 0xed, 0xa0, 0x80))])
add('frames after a close frame', [Buffer.concat([BYE, frame(1, 'late'), closeFrame(1001)])])

// Section 8.1: UTF-8.
for (const text of ['é', '€', '𐍈', '\u{10ffff}', '\ufeffx', '\0', 'κόσμε'.repeat(500)])
  add(`the text ${JSON.stringify(text.slice(0, 5))}`, [frame(1, text), BYE])
add('a character over two fragments', [
  frame(1, Uint8Array.of(0xe2), part),
  frame(0, Uint8Array.of(0x82, 0xac)),
  BYE,
])
for (const hex of ['80', 'c080', 'eda080', 'f4908080', 'ff', 'e282', 'e28241'])
  add(`a text of the bytes ${hex}, after another text`, [
    Buffer.concat([frame(1, 'ok'), frame(1, Buffer.from(hex, 'hex'))]),
  ])

// RFC 7692.
const repeated = 'again and again and again'
add('a compressed text', [frame(1, deflated(repeated), compressed), BYE], DEFLATE)
add('a plain text among compressed ones', [frame(1, deflated('a'), compressed), frame(1, 'b'), BYE], DEFLATE)
add(
  'a compressed text in two fragments',
  [
    frame(1, deflated(repeated).subarray(0, 5), { ...compressed, ...part }),
    Buffer.concat([frame(9, 'p'), frame(0, deflated(repeated).subarray(5)), BYE]),
  ],
  DEFLATE,
)
add('a compressed empty text', [frame(1, Uint8Array.of(0), compressed), BYE], DEFLATE)
add('a compressed text of 600 KiB', [frame(1, deflated('z'.repeat(600 * 1024)), compressed), BYE], DEFLATE)
add('data that is not deflated', [frame(1, Buffer.alloc(5, 0xff), compressed)], DEFLATE)
add('compressed text that is not UTF-8', [frame(1, deflated(Uint8Array.of(0xc0, 0x80)), compressed)], DEFLATE)
add('compression bit of a continuation', [frame(1, 'a', part), frame(0, 'b', compressed)], DEFLATE)
for (const bits of [9, 12, 15])
  add(
    `windows of ${bits} bits`,
    [frame(1, deflated('abcdefghij0123456789'.repeat(300), bits), compressed), BYE],
    `${DEFLATE}; server_max_window_bits=${bits}; client_max_window_bits=${bits}`,
  )
add(
  'no context',
  [frame(1, deflated('abc'), compressed), frame(1, deflated('abc'), compressed), BYE],
  `${DEFLATE}; server_no_context_takeover; client_no_context_takeover`,
)

export const CONFORMANCE_CASES: readonly ConformanceCase[] = cases
