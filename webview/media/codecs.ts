/** Finds the MIME type with codecs (RFC 6381) that MediaSource needs, from the first bytes of a stream. */
import type { MediaKind } from '../../src/shared/media.ts'
import { latin1 } from '../../src/shared/text/decode.ts'
import { toHex } from '../../src/shared/text/hex.ts'

/** How a stream can be played. */
export interface Playable {
  /** For `MediaSource.isTypeSupported`. */
  readonly mime: string
  /** `append`: during the download. `whole`: as a file, after the download. */
  readonly by: 'append' | 'whole'
}

/** Bytes that contain the initialization of nearly every stream. */
export const HEAD_BYTES = 256 * 1024

/** Codec ids of Matroska, https://www.matroska.org/technical/codec_specs.html. */
const WEBM_CODECS = [
  ['V_VP8', 'vp8'],
  ['V_VP9', 'vp9'],
  ['V_AV1', 'av01.0.04M.08'],
  ['A_OPUS', 'opus'],
  ['A_VORBIS', 'vorbis'],
] as const

/** Sample entries of ISO/IEC 14496-12. If the configuration does not name a profile, a common one is used. */
const MP4_CODECS = [
  ['hvc1', 'hvc1.1.6.L93.B0'],
  ['hev1', 'hev1.1.6.L93.B0'],
  ['vp09', 'vp09.00.10.08'],
  ['av01', 'av01.0.04M.08'],
  ['mp4a', 'mp4a.40.2'],
  ['Opus', 'opus'],
  ['fLaC', 'flac'],
] as const

/** Containers that MediaSource supports (W3C Media Source Extensions byte stream format registry). */
const APPENDABLE: ReadonlySet<string> = new Set([
  'video/webm',
  'audio/webm',
  'video/mp4',
  'audio/mp4',
  'audio/mpeg',
  'audio/aac',
])

/** How to play a stream that starts with `head`. */
export function playableOf(head: Uint8Array, media: MediaKind, contentType: string): Playable {
  const [, named] = /;\s*codecs\s*=\s*("[^"]*"|[^;\s]+)/i.exec(contentType) ?? []
  const { type } = media
  if (!APPENDABLE.has(type)) return { mime: type, by: 'whole' }
  const text = latin1(head.subarray(0, HEAD_BYTES))
  // Only a fragmented file says in its `moov` that fragments follow (ISO/IEC 14496-12 section 8.8.1). In other files,
  // `moov` may be at the end.
  if (type.endsWith('/mp4') && text.startsWith('ftyp', 4) && !text.includes('mvex'))
    return { mime: type, by: 'whole' }
  const codecs = type.endsWith('/webm')
    ? webmCodecs(text)
    : type.endsWith('/mp4')
      ? mp4Codecs(text, head)
      : []
  const value = named?.replaceAll('"', '') ?? codecs.join(', ')
  return { mime: value === '' ? type : `${type}; codecs="${value}"`, by: 'append' }
}

/** Whether the beginning of a stream reaches its first cluster, fragment or frame, so that its header is complete. */
export function hasInitialization(head: Uint8Array): boolean {
  const text = latin1(head.subarray(0, HEAD_BYTES))
  if (text.startsWith('\x1a\x45\xdf\xa3')) return text.includes('\x1f\x43\xb6\x75')
  return text.startsWith('ftyp', 4) ? /moof|mdat/.test(text) : true
}

function webmCodecs(text: string): string[] {
  return WEBM_CODECS.filter(([id]) => text.includes(id)).map(([, codec]) => codec)
}

function mp4Codecs(text: string, head: Uint8Array): string[] {
  const codecs = MP4_CODECS.filter(([id]) => text.includes(id)).map(([, codec]) => codec as string)
  const at = text.indexOf('avcC')
  // ISO/IEC 14496-15 section 5.3.3: version, then profile, compatibility and level.
  if (at > 0) codecs.unshift(`avc1.${toHex(head.subarray(at + 5, at + 8))}`)
  return codecs
}
