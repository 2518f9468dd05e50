/** Plays a stream during the download: appends its bytes to a SourceBuffer (W3C Media Source Extensions). */

import { signal } from '@preact/signals'
import * as l10n from '@vscode/l10n'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { MediaKind } from '../../src/shared/media.ts'
import { HEAD_BYTES, hasInitialization, type Playable, playableOf } from './codecs.ts'
import type { StreamReader } from './reader.ts'

/** Seconds kept behind the position, and fetched ahead of it. */
const KEEP_BEHIND = 300
const FETCH_AHEAD = 120
/** Seconds removed at once if the browser has no more room. */
const GIVE_UP = 30
/** Bytes at most of a file that can only be played as a whole. */
const MOST_WHOLE = 128 * 1024 * 1024
/** Milliseconds between reads if no event announces new data. */
const LOOK_AGAIN = 250

export interface PlayerState {
  readonly phase: 'waiting' | 'loading' | 'ready' | 'refused'
  /** How the stream is played. Undefined until known. */
  readonly playable: Playable | undefined
  /** Why the stream cannot be played, as one sentence. */
  readonly refusal: string | undefined
  readonly bytes: number
  /** Seconds [from, to) that can be played now. */
  readonly buffered: readonly (readonly [from: number, to: number])[]
  /** Whether the whole stream has been appended. */
  readonly ended: boolean
  /** Whether a part had been dropped. */
  readonly lost: boolean
}

export interface PlayerOptions {
  readonly element: HTMLMediaElement
  readonly reader: StreamReader
  readonly media: MediaKind
  readonly contentType: string
  /** Whether the stream is over. */
  isOver(): boolean
}

export class StreamPlayer {
  readonly state = signal<PlayerState>({
    phase: 'waiting',
    playable: undefined,
    refusal: undefined,
    bytes: 0,
    buffered: [],
    ended: false,
    lost: false,
  })
  readonly #options: PlayerOptions
  readonly #listening = new AbortController()
  #url: string | undefined
  #wake: () => void = () => {}
  /** Moves to the newest part and skips the rest. */
  #chasing = false
  #hasPlace = false

  constructor(options: PlayerOptions) {
    this.#options = options
    const { element } = options
    const { signal: listening } = this.#listening
    for (const name of ['timeupdate', 'seeking', 'waiting', 'play'])
      element.addEventListener(name, () => this.poke(), { signal: listening })
    element.addEventListener('error', () => this.#refuse(decodeFailure(element.error)), { signal: listening })
    this.#run().catch((thrown: unknown) => this.#refuse(sentenceOf(thrown)))
  }

  /** Called if there may be more to read, or more room for it. */
  poke(): void {
    this.#wake()
  }

  /** Plays from the newest part on. */
  live(): void {
    this.#chasing = true
    // If the browser does not allow autoplay, the user presses Play.
    void this.#options.element.play().catch(() => {})
    this.#catchUp()
    this.poke()
  }

  dispose(): void {
    this.#listening.abort()
    const { element } = this.#options
    element.removeAttribute('src')
    element.load()
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url)
    this.poke()
  }

  get #isDisposed(): boolean {
    return this.#listening.signal.aborted
  }

  #set(part: Partial<PlayerState>): void {
    this.state.value = { ...this.state.value, ...part }
  }

  #refuse(refusal: string): void {
    if (!this.#isDisposed && this.state.value.phase !== 'refused') this.#set({ phase: 'refused', refusal })
  }

  get #isRunning(): boolean {
    return !this.#isDisposed && this.state.value.phase !== 'refused'
  }

  /** Waits for `poke`, or until it is time to read again. */
  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** The next bytes. Empty at the end of the stream. */
  async #next(): Promise<Uint8Array<ArrayBuffer>> {
    const { reader, isOver } = this.#options
    while (this.#isRunning) {
      // Checked before the read: bytes that arrive in between are read the next time.
      const isOverNow = isOver()
      const bytes = await reader.read()
      this.#set({ bytes: reader.size, lost: reader.lost })
      if (bytes.length > 0) return bytes
      if (isOverNow || reader.reopened !== undefined) break
      await this.#rest()
    }
    return new Uint8Array(0)
  }

  async #run(): Promise<void> {
    const head = await this.#head()
    if (head === undefined) return
    const { element, media, contentType } = this.#options
    const playable = playableOf(head, media, contentType)
    this.#set({ playable, phase: 'loading' })
    if (playable.by === 'whole') {
      if (element.canPlayType(media.type) === '') this.#refuse(unsupported(playable.mime))
      else await this.#playWhole(head)
    } else if (!MediaSource.isTypeSupported(playable.mime)) this.#refuse(unsupported(playable.mime))
    else await this.#playAppended(head, playable.mime)
  }

  /** The beginning of the stream, long enough to find its codecs. */
  async #head(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    let head = await this.#next()
    while (head.length > 0 && head.length < HEAD_BYTES && !this.#isDisposed) {
      if (hasInitialization(head)) break
      const more = await this.#next()
      if (more.length === 0) break
      head = new Uint8Array(await new Blob([head, more]).arrayBuffer())
    }
    return this.#isDisposed || head.length === 0 ? undefined : head
  }

  async #playAppended(head: Uint8Array<ArrayBuffer>, mime: string): Promise<void> {
    const { element } = this.#options
    const source = new MediaSource()
    this.#url = URL.createObjectURL(source)
    element.src = this.#url
    await once(source, 'sourceopen')
    if (!this.#isRunning) return
    const buffer = source.addSourceBuffer(mime)
    for (let bytes = head; bytes.length > 0 && this.#isRunning; bytes = await this.#next()) {
      await this.#append(buffer, bytes)
      this.#settle(buffer)
      while (this.#isRunning && !this.#chasing && ahead(element, buffer) > FETCH_AHEAD) await this.#rest()
    }
    if (!this.#isRunning) return
    if (source.readyState === 'open') source.endOfStream()
    this.#chasing = false
    this.#set({ ended: true })
  }

  async #append(buffer: SourceBuffer, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { element } = this.#options
    while (this.#isRunning) {
      const old = element.currentTime - KEEP_BEHIND
      if (buffer.buffered.length > 0 && buffer.buffered.start(0) < old - GIVE_UP) await remove(buffer, 0, old)
      try {
        buffer.appendBuffer(bytes)
        await once(buffer, 'updateend')
        return
      } catch (thrown) {
        if (!(thrown instanceof DOMException) || thrown.name !== 'QuotaExceededError') throw thrown
        const start = buffer.buffered.length > 0 ? buffer.buffered.start(0) : 0
        if (element.currentTime - start > 1)
          await remove(buffer, 0, Math.min(element.currentTime - 1, start + GIVE_UP))
        else await this.#rest()
      }
    }
  }

  #settle(buffer: SourceBuffer): void {
    const { element } = this.#options
    const ranges = rangesOf(buffer.buffered)
    const [first] = ranges
    // A stream that is joined later does not start at 0.
    if (!this.#hasPlace && first !== undefined) {
      this.#hasPlace = true
      if (first[0] > element.currentTime) element.currentTime = first[0]
    }
    this.#set({ buffered: ranges, phase: first === undefined ? 'loading' : 'ready' })
    this.#catchUp()
  }

  #catchUp(): void {
    const end = this.state.value.buffered.at(-1)?.[1]
    if (this.#chasing && end !== undefined) this.#options.element.currentTime = Math.max(0, end - 0.3)
  }

  /** Plays the stream as a file, once it is over. */
  async #playWhole(head: Uint8Array<ArrayBuffer>): Promise<void> {
    const { element, media } = this.#options
    const parts = [head]
    let size = head.length
    for (let bytes = await this.#next(); bytes.length > 0; bytes = await this.#next()) {
      parts.push(bytes)
      size += bytes.length
      if (size > MOST_WHOLE) {
        this.#refuse(
          l10n.t(
            'This type of file can only be played when it is complete, and it is too long for that. Save it to play it in another program.',
          ),
        )
        return
      }
    }
    if (!this.#isRunning) return
    this.#url = URL.createObjectURL(new Blob(parts, { type: media.type }))
    element.src = this.#url
    await once(element, 'loadedmetadata')
    if (this.#isRunning)
      this.#set({
        phase: 'ready',
        ended: true,
        buffered: [[0, Number.isFinite(element.duration) ? element.duration : 0]],
      })
  }
}

function once(target: EventTarget, name: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(name, () => resolve(), { once: true }))
}

async function remove(buffer: SourceBuffer, from: number, to: number): Promise<void> {
  buffer.remove(from, to)
  await once(buffer, 'updateend')
}

function rangesOf(ranges: TimeRanges): (readonly [number, number])[] {
  return Array.from({ length: ranges.length }, (_, i) => [ranges.start(i), ranges.end(i)] as const)
}

/** Seconds buffered ahead of the position. */
function ahead(element: HTMLMediaElement, buffer: SourceBuffer): number {
  const { buffered } = buffer
  return buffered.length === 0 ? 0 : buffered.end(buffered.length - 1) - element.currentTime
}

function unsupported(mime: string): string {
  return l10n.t(
    'The browser cannot play {0}, because it does not include the codec. Save the stream to play it in another program.',
    mime,
  )
}

function decodeFailure(error: MediaError | null): string {
  const why = error === null || error.message === '' ? '' : ` (${error.message.slice(0, 200)})`
  return l10n.t(
    'The browser could not decode this stream{0}. Save the stream to open it in another program.',
    why,
  )
}
