import assert from 'node:assert/strict'
import { allocateColumns, packKind } from '../../../src/shared/event-columns.ts'
import { sniffMedia } from '../../../src/shared/media.ts'
import { hasInitialization, playableOf } from '../../../webview/media/codecs.ts'
import { frameRate, newestFrame } from '../../../webview/media/frames.ts'
import { StreamReader } from '../../../webview/media/reader.ts'
import { formatClockTime, trackOf } from '../../../webview/media/seek-bar.ts'
import { watchableOf } from '../../../webview/media/watchable.ts'
import { ColumnStore } from '../../../webview/state/events/column-store.ts'

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

function playable(head: string, contentType = '') {
  const bytes = latin1(head)
  const media = sniffMedia(bytes)
  assert.ok(media)
  return playableOf(bytes, media, contentType)
}

const MP4 = { kind: 'video', type: 'video/mp4', extension: 'mp4' } as const
const EBML = '\x1a\x45\xdf\xa3'

describe('how a stream can be played', () => {
  it('depends on its codecs', () => {
    assert.deepEqual(playable(`${EBML}webm V_VP9 A_OPUS`), {
      mime: 'video/webm; codecs="vp9, opus"',
      by: 'append',
    })
    assert.deepEqual(playable('\0\0\0\x18ftypiso5moovmvexavcC\x01\x64\x00\x1fmp4a'), {
      mime: 'video/mp4; codecs="avc1.64001f, mp4a.40.2"',
      by: 'append',
    })
    assert.deepEqual(playable('ID3\x04'), { mime: 'audio/mpeg', by: 'append' })
  })

  it('depends on the codecs that the server names, if it does', () => {
    const { mime } = playable(`${EBML}webm V_VP8`, 'video/webm; codecs="vp8, vorbis"')
    assert.equal(mime, 'video/webm; codecs="vp8, vorbis"')
  })

  it('is only as a whole if the file is not fragmented', () => {
    // The description may be at the end, after all the data.
    assert.equal(playable('\0\0\0\x18ftypisom\0\0\0\x08free\0\0\x10\0mdat').by, 'whole')
    assert.equal(playable('\0\0\0\x18ftypiso5\0\0\0\x20moovmvexavcC\x01\x64\x00\x1f').by, 'append')
    // A stream that is joined later has no beginning.
    assert.equal(playableOf(latin1('\0\0\0\x18stypmsdhmoof'), MP4, '').by, 'append')
    assert.equal(playable('\0\0\0\x18ftypisommoovavcC\x01\x64\x00\x1f').by, 'whole')
    assert.equal(playable('OggS\0').by, 'whole')
    assert.equal(playable('RIFF....WAVE').by, 'whole')
  })

  it('is known once the beginning reaches the first cluster, fragment or frame', () => {
    assert.equal(hasInitialization(latin1(`${EBML}webm`)), false)
    assert.equal(hasInitialization(latin1(`${EBML}webm V_VP8 \x1f\x43\xb6\x75`)), true)
    assert.equal(hasInitialization(latin1('\0\0\0\x18ftypiso5moov')), false)
    assert.equal(hasInitialization(latin1('\0\0\0\x18ftypiso5moov....moof')), true)
    assert.equal(hasInitialization(latin1('ID3')), true)
  })
})

describe("a player's bar", () => {
  it('spans the stream if its length is known, else the downloaded part', () => {
    const buffered = [
      [2, 3],
      [4, 7.5],
    ] as const
    assert.deepEqual(trackOf(buffered, 60), { from: 2, loaded: 7.5, end: 60 })
    assert.deepEqual(trackOf(buffered, 7), { from: 2, loaded: 7.5, end: 7.5 })
    assert.deepEqual(trackOf(buffered, Number.POSITIVE_INFINITY), { from: 2, loaded: 7.5, end: 7.5 })
    assert.deepEqual(trackOf([], Number.NaN), { from: 0, loaded: 0, end: 0 })
  })
})

describe('whether a stream can be watched', () => {
  const http = (framing: string, contentType: string, beginning: string) =>
    watchableOf({ transport: 'http-stream', framing, contentType, beginning: latin1(beginning) })

  it('depends on transport, framing and bytes', () => {
    const form = (...head: Parameters<typeof http>) => http(...head)?.form
    assert.equal(form('multipart', 'multipart/x-mixed-replace', 'GIF89a'), 'frames')
    assert.equal(form('raw', 'image/gif', 'GIF89a'), 'picture')
    assert.equal(form('raw', '', `${EBML}webm`), 'playback')
    assert.equal(form('raw', 'video/mp2t', 'in the middle'), 'playback')
    assert.equal(form('raw', 'text/plain', 'in the middle'), undefined)
    assert.equal(form('raw', '', 'in the middle'), undefined)
    assert.equal(form('lines', 'text/plain', 'GIF89a of a text'), 'frames')
    assert.equal(form('ndjson', 'application/x-ndjson', '{}'), undefined)
    assert.equal(form('multipart', 'multipart/mixed', `${EBML}webm`), undefined)
    const socket = { transport: 'websocket', framing: undefined, contentType: '' }
    assert.equal(watchableOf({ ...socket, beginning: latin1(`${EBML}webm`) })?.form, 'playback')
    assert.equal(watchableOf({ ...socket, beginning: latin1('GIF89a') })?.form, 'frames')
    assert.equal(watchableOf({ ...socket, transport: 'sse', beginning: latin1('GIF89a') }), undefined)
  })
})

describe('frames', () => {
  const kind = (type: 'message' | 'ping', direction: 'in' | 'out', truncated = false) =>
    packKind({ type, direction, binary: true, truncated })

  function store(events: readonly [time: number, connection: number, kind: number][]): ColumnStore {
    const batch = allocateColumns(0, events.length)
    events.forEach(([time, connection, packed], i) => {
      batch.time[i] = time
      batch.connection[i] = connection
      batch.kind[i] = packed
      batch.size[i] = 100
    })
    const columns = new ColumnStore()
    columns.append(batch)
    return columns
  }

  it('are the complete received messages of the connection, and the newest one is shown', () => {
    const frame = kind('message', 'in')
    const columns = store([
      [0, 1, frame],
      [10, 1, frame],
      [20, 2, frame],
      [30, 1, kind('message', 'out')],
      [40, 1, kind('ping', 'in')],
      [50, 1, kind('message', 'in', true)],
    ])
    assert.equal(newestFrame(columns, 1, -1), 1)
    assert.equal(newestFrame(columns, 1, 1), undefined)
    assert.equal(newestFrame(columns, 2, 1), 2)
  })

  it('have the rate of the last two seconds', () => {
    const frame = kind('message', 'in')
    const steady = Array.from({ length: 100 }, (_, i): [number, number, number] => [
      i < 50 ? 500 + i : i * 40,
      1,
      frame,
    ])
    assert.equal(frameRate(store(steady), 1, 99), 25)
    assert.equal(frameRate(store([[0, 1, frame]]), 1, 0), undefined)
  })
})

describe('a reader of a stream', () => {
  it('continues where it stopped, across parts without bytes, until the connection is opened again', async () => {
    const pieces = [
      { bytes: new Uint8Array(3), next: 5, reopened: false, lost: false, atEnd: false },
      { bytes: new Uint8Array(0), next: 9, reopened: false, lost: true, atEnd: false },
      { bytes: new Uint8Array(4), next: 12, reopened: true, lost: false, atEnd: false },
    ]
    const asked: number[] = []
    const reader = new StreamReader((from) => {
      asked.push(from)
      return Promise.resolve(pieces[asked.length - 1] ?? assert.fail('read too far'))
    }, 2)
    assert.equal((await reader.read()).length, 3)
    assert.equal((await reader.read()).length, 4)
    assert.equal((await reader.read()).length, 0)
    assert.deepEqual(asked, [2, 5, 9])
    assert.deepEqual([reader.size, reader.lost, reader.reopened], [7, true, 12])
  })
})

describe('a position in a stream', () => {
  it('has the format that players use', () => {
    assert.deepEqual([0, 7.9, 750, 3723, Number.NaN].map(formatClockTime), [
      '0:00',
      '0:07',
      '12:30',
      '1:02:03',
      '0:00',
    ])
  })
})
