/** Detects images, audio and video by their first bytes (WHATWG MIME Sniffing standard, section 6). */
import { latin1 } from './text/decode.ts'

export interface MediaKind {
  readonly kind: 'image' | 'audio' | 'video'
  /** Media type without parameters. */
  readonly type: string
  /** File name extension, without the dot. */
  readonly extension: string
}

/** Number of bytes that `sniffMedia` looks at. */
export const SNIFF_BYTES = 1445

const PICTURES: readonly (readonly [offset: number, magic: string, kind: MediaKind])[] = [
  [0, '\x89PNG\r\n\x1a\n', image('png')],
  [0, '\xff\xd8\xff', { kind: 'image', type: 'image/jpeg', extension: 'jpg' }],
  [0, 'GIF87a', image('gif')],
  [0, 'GIF89a', image('gif')],
  [8, 'WEBPVP', image('webp')],
  [4, 'ftypavif', image('avif')],
  [4, 'ftypavis', image('avif')],
  [0, 'ID3', { kind: 'audio', type: 'audio/mpeg', extension: 'mp3' }],
  [0, 'fLaC', { kind: 'audio', type: 'audio/flac', extension: 'flac' }],
  [0, 'OggS\0', { kind: 'audio', type: 'audio/ogg', extension: 'ogg' }],
  [8, 'WAVE', { kind: 'audio', type: 'audio/wav', extension: 'wav' }],
  [4, 'ftyp', { kind: 'video', type: 'video/mp4', extension: 'mp4' }],
  // A segment of fragmented MP4, if the recording starts after its beginning.
  [4, 'styp', { kind: 'video', type: 'video/mp4', extension: 'mp4' }],
]

function image(name: string): MediaKind {
  return { kind: 'image', type: `image/${name}`, extension: name }
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return latin1(bytes.subarray(from, from + length))
}

/** The kind of media that the bytes start with; undefined if unknown. */
export function sniffMedia(bytes: Uint8Array): MediaKind | undefined {
  for (const [offset, magic, kind] of PICTURES) if (ascii(bytes, offset, magic.length) === magic) return kind
  const head = ascii(bytes, 0, SNIFF_BYTES)
  if (head.startsWith('\x1a\x45\xdf\xa3')) {
    if (!head.includes('webm')) return { kind: 'video', type: 'video/x-matroska', extension: 'mkv' }
    const isVideo = head.includes('V_') || !head.includes('A_')
    return {
      kind: isVideo ? 'video' : 'audio',
      type: `${isVideo ? 'video' : 'audio'}/webm`,
      extension: 'webm',
    }
  }
  if (isMpegAudio(bytes)) return { kind: 'audio', type: 'audio/mpeg', extension: 'mp3' }
  if (/^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^>]*>\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(head))
    return { kind: 'image', type: 'image/svg+xml', extension: 'svg' }
  return undefined
}

/** Whether two MPEG audio frame headers follow each other (ISO/IEC 11172-3 section 2.4.2.3, layer III). */
function isMpegAudio(bytes: Uint8Array): boolean {
  const length = mpegFrameLength(bytes, 0)
  return length !== undefined && mpegFrameLength(bytes, length) !== undefined
}

const BIT_RATES = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const SAMPLE_RATES = [44_100, 48_000, 32_000]

function mpegFrameLength(bytes: Uint8Array, at: number): number | undefined {
  const [sync = 0, version = 0, rates = 0] = bytes.subarray(at, at + 3)
  const isMpeg1 = (version & 0x18) === 0x18
  const isLayer3 = (version & 0x06) === 0x02
  if (sync !== 0xff || (version & 0xe0) !== 0xe0 || (version & 0x18) === 0x08 || !isLayer3) return undefined
  const bitRate = (isMpeg1 ? BIT_RATES.mpeg1 : BIT_RATES.mpeg2)[rates >> 4]
  const sampleRate = SAMPLE_RATES[(rates >> 2) & 3]
  if (!bitRate || sampleRate === undefined) return undefined
  const divisor = isMpeg1 ? 1 : (version & 0x18) === 0x10 ? 2 : 4
  const samples = isMpeg1 ? 144_000 : 72_000
  return Math.floor((samples * bitRate) / (sampleRate / divisor)) + ((rates >> 1) & 1)
}
