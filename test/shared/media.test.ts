import assert from 'node:assert/strict'
import { sniffMedia } from '../../src/shared/media.ts'
import { png } from '../webview/live/media.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const typeOf = (bytes: Uint8Array) => sniffMedia(bytes)?.type

describe('sniffMedia', () => {
  it('recognizes images, audio and video by their first bytes', () => {
    const table: readonly [Uint8Array, string | undefined][] = [
      [png(1, 1, [0, 0, 0]), 'image/png'],
      [latin1('\xff\xd8\xff\xe0\0\x10JFIF'), 'image/jpeg'],
      [latin1('GIF89a....'), 'image/gif'],
      [latin1('RIFF\x10\0\0\0WEBPVP8 '), 'image/webp'],
      [latin1('\0\0\0\x1cftypavif'), 'image/avif'],
      [latin1('<?xml version="1.0"?>\n<svg xmlns="x">'), 'image/svg+xml'],
      [latin1('<!-- a --><svg>'), 'image/svg+xml'],
      [latin1('\x1a\x45\xdf\xa3....webm....V_VP8'), 'video/webm'],
      [latin1('\x1a\x45\xdf\xa3....webm....A_OPUS'), 'audio/webm'],
      [latin1('\x1a\x45\xdf\xa3....matroska'), 'video/x-matroska'],
      [latin1('\0\0\0\x18ftypiso5'), 'video/mp4'],
      [latin1('ID3\x04'), 'audio/mpeg'],
      [latin1('OggS\0\x02'), 'audio/ogg'],
      [latin1('RIFF\x10\0\0\0WAVEfmt '), 'audio/wav'],
      [latin1('fLaC\0'), 'audio/flac'],
      [latin1('{"svg":"<svg>"}'), undefined],
      [latin1('<svgish>'), undefined],
      [latin1('hello'), undefined],
      [new Uint8Array(0), undefined],
    ]
    for (const [bytes, type] of table)
      assert.equal(typeOf(bytes), type, Buffer.from(bytes).toString('latin1'))
  })

  it('recognizes MP3 by two consecutive frames, not by one sync word', () => {
    // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes per frame.
    const frame = Buffer.alloc(417)
    frame.set([0xff, 0xfb, 0x90, 0x00])
    assert.equal(typeOf(Buffer.concat([frame, frame])), 'audio/mpeg')
    assert.equal(typeOf(Buffer.concat([frame, Buffer.alloc(417)])), undefined)
  })
})
