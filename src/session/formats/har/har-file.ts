/** A HAR file: streamed, or loaded into a capture. */
import { mkdtempSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Capture } from '../../../capture/capture.ts'
import type { Dropped, ReadOptions, WrittenPart } from '../../../capture/recording.ts'
import type { RealtimeEvent } from '../../../shared/event.ts'
import type { OpenOptions, RecordingFile } from '../../recording-file.ts'
import { redactEvent } from '../../redact.ts'
import { type HarRecording, readHar } from './read-har.ts'

export class HarFile implements RecordingFile {
  readonly size: number
  readonly #recording: HarRecording
  readonly #options: OpenOptions
  readonly #failures: string[] = []
  #log: Capture | undefined
  #batches: AsyncIterator<readonly RealtimeEvent[]> | undefined
  #position = 0
  #withoutPayload = 0
  #isClosed = false

  private constructor(size: number, recording: HarRecording, options: OpenOptions) {
    this.size = size
    this.#recording = recording
    this.#options = options
  }

  /** Finds what is in the file. Rejects with a `Failure` as `readHar` does. */
  static async open(path: string, options: OpenOptions): Promise<HarFile> {
    const recording = await readHar(path, options.maxMessageSize)
    const { size } = await stat(path)
    return new HarFile(size, recording, options)
  }

  get startedAt(): Date {
    return this.#recording.startedAt
  }

  get generator(): string {
    return this.#recording.generator
  }

  get dropped(): Dropped {
    return { events: 0, payloads: this.#withoutPayload }
  }

  get problems(): readonly string[] {
    return [...this.#recording.problems, ...this.#failures]
  }

  get problemCount(): number {
    return this.problems.length
  }

  /** Entries are not in the order of their times: 0 until all events are indexed. */
  get position(): number {
    return this.#position
  }

  get log(): Capture {
    const { limits, directory } = this.#options
    this.#log ??= new Capture({
      ...limits,
      directory: directory ?? mkdtempSync(join(tmpdir(), 'realtime-inspector-har-')),
      clock: this,
      onFailure: ({ message }) => this.#failures.push(message),
    })
    return this.#log
  }

  /** Streams all events. `indexes` has no effect. */
  events(options?: ReadOptions): AsyncIterable<readonly RealtimeEvent[]> {
    return this.#recording.events(options)
  }

  written(options?: Omit<ReadOptions, 'indexes'>): AsyncIterable<readonly WrittenPart[]> {
    return this.#recording.written(options)
  }

  async indexNext(): Promise<boolean> {
    this.#batches ??= this.#recording.events()[Symbol.asyncIterator]()
    const { done, value } = await this.#batches.next()
    if (this.#isClosed) return false
    if (done) this.#position = this.size
    else for (const event of value) this.#add(event)
    this.#options.onProgress?.()
    await setImmediate()
    return !done
  }

  close(): void {
    this.#isClosed = true
    this.#log?.close()
  }

  #add(event: RealtimeEvent): void {
    if ('dropped' in event) this.#withoutPayload++
    this.log.append(this.#options.masked ? redactEvent(event, {}) : event)
  }
}
