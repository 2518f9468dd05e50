/**
 * The frames of Zstandard (RFC 8878 section 3.1), found by their block headers. One decompressor can decode them all if
 * no write crosses the end of a frame. Frames without content are not passed to it.
 */
import { notCoded } from '../failures.ts'
import type { Envelope, Part } from './envelope.ts'

const MAGIC = 0xfd2fb528
const FIRST_OF_MAGIC = 0x28
/** Skippable frames have this magic number or one of the 15 after it. */
const SKIPPABLE = 0x184d2a50
/** Sizes of the dictionary ID and of the content size, by their flags in the frame header descriptor. */
const DICTIONARY_ID = [0, 1, 2, 4]
const CONTENT_SIZE = [0, 2, 4, 8]
const RLE_BLOCK = 1

/** The field that is read or skipped. `header` is the rest of a frame header after its descriptor. */
type State =
  | 'magic'
  | 'skipSize'
  | 'skip'
  | 'descriptor'
  | 'header'
  | 'blockHeader'
  | 'block'
  | 'checksum'
  | 'foreign'

/** Sizes of the fields whose size is fixed. */
const SIZES = { magic: 4, skipSize: 4, descriptor: 1, blockHeader: 3, checksum: 4 } as const

export class ZstdEnvelope implements Envelope {
  #state: State = 'magic'
  /** Bytes of the field still to come, and the little-endian number of those before. */
  #left: number = SIZES.magic
  #value = 0
  #bits = 0
  /** The beginning of a frame, kept until it is known whether the frame has content. */
  #held: number[] = []
  /** The frame has content, and its beginning was passed to the decompressor. */
  #isOpen = false
  #hasChecksum = false
  #isLastBlock = false
  #any = false

  get isComplete(): boolean {
    return this.#any && (this.#state === 'foreign' || (this.#state === 'magic' && this.#bits === 0))
  }

  next(bytes: Uint8Array): Part {
    if (this.#isForeign()) return { kind: 'foreign', length: bytes.length }
    const wasOpen = this.#isOpen
    let at = 0
    while (at < bytes.length) {
      at = this.#read(bytes, at)
      if (this.#left > 0) break
      if (!this.#isForeign()) this.#complete()
      if (this.#isForeign()) return { kind: 'foreign', length: bytes.length }
      // Checksums and frames are written separately, so that what precedes a wrong one is decoded.
      if (this.#isOpen !== wasOpen || (wasOpen && (this.#state === 'checksum' || this.#state === 'magic')))
        break
    }
    if (!wasOpen) return { kind: 'framing', length: at }
    if (this.#state === 'magic') this.#isOpen = false
    const prefix = Uint8Array.from(this.#held)
    this.#held = []
    return prefix.length > 0 ? { kind: 'data', length: at, prefix } : { kind: 'data', length: at }
  }

  decoded(): void {}

  /** Not needed: the frames contain their ends. */
  over(): void {}

  #isForeign(): boolean {
    return this.#state === 'foreign'
  }

  /** Reads more of the field; returns where it stopped. */
  #read(bytes: Uint8Array, from: number): number {
    const end = Math.min(bytes.length, from + this.#left)
    this.#left -= end - from
    if (this.#state === 'block' || this.#state === 'skip') return end
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0
      this.#value += byte * 2 ** this.#bits
      this.#bits += 8
      if (!this.#isOpen) this.#held.push(byte)
    }
    if (this.#state === 'magic' && !this.#isMagicSoFar()) this.#refuse()
    return end
  }

  #isMagicSoFar(): boolean {
    const first = this.#value % 256
    return first === FIRST_OF_MAGIC || (first >= SKIPPABLE % 256 && first < (SKIPPABLE % 256) + 16)
  }

  /** The bytes are not a frame where one should begin. */
  #refuse(): void {
    if (!this.#any) throw notCoded('zstd')
    this.#expect('foreign', 0)
  }

  #expect(state: State, size: number): void {
    this.#state = state
    this.#left = size
    this.#value = 0
    this.#bits = 0
  }

  /** The field after a block, or after a frame without blocks. */
  #expectNext(): void {
    const isInFrame = this.#state === 'blockHeader' || this.#state === 'block'
    if (isInFrame && !this.#isLastBlock) this.#expect('blockHeader', SIZES.blockHeader)
    else if (isInFrame && this.#hasChecksum) this.#expect('checksum', SIZES.checksum)
    else {
      this.#any = true
      if (!this.#isOpen) this.#held = []
      this.#expect('magic', SIZES.magic)
    }
  }

  /** The field is complete. */
  #complete(): void {
    const value = this.#value
    switch (this.#state) {
      case 'magic':
        if (value === MAGIC) this.#expect('descriptor', SIZES.descriptor)
        else if (value - (value % 16) === SKIPPABLE) this.#expect('skipSize', SIZES.skipSize)
        else this.#refuse()
        break
      case 'skipSize':
        if (value > 0) this.#expect('skip', value)
        else this.#expectNext()
        break
      case 'descriptor':
        this.#hasChecksum = (value & 4) !== 0
        this.#expect('header', headerSize(value))
        break
      case 'header':
        this.#expect('blockHeader', SIZES.blockHeader)
        break
      case 'blockHeader': {
        this.#isLastBlock = (value & 1) !== 0
        const size = value >> 3
        if (size === 0) this.#expectNext()
        else {
          this.#isOpen = true
          this.#expect('block', ((value >> 1) & 3) === RLE_BLOCK ? 1 : size)
        }
        break
      }
      default:
        this.#expectNext()
    }
  }
}

/** Size of a frame header after its descriptor. */
function headerSize(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const contentSize = sizeFlag === 0 && isSingle ? 1 : (CONTENT_SIZE[sizeFlag] ?? 0)
  return (isSingle ? 0 : 1) + (DICTIONARY_ID[descriptor & 3] ?? 0) + contentSize
}
