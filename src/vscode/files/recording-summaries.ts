/** Finds out what recordings hold: one after another, in a worker, and again if a file has changed. */
import * as vscode from 'vscode'
import { JobClient } from '../../engine/jobs/client.ts'
import { sentenceOf } from '../../shared/failure.ts'
import { forgetOldest } from '../../shared/maps.ts'
import type { RecordingSummary } from '../../shared/protocol/jobs.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { readThrough } from './local-file.ts'

export interface SummarizedFile {
  readonly uri: vscode.Uri
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** What is known of a file: what it holds, or why that cannot be said, as one sentence. */
export interface Known {
  readonly summary?: RecordingSummary
  readonly problem?: string
}

interface Entry extends Known {
  /** Of the file when it was read. */
  readonly identity: string
  /** When that was, by `performance.now`. */
  readonly at: number
}

/** Summaries that are kept. */
const MAX_KEPT = 1000
/** Milliseconds until a file that changes all the time is read again. */
const PAUSE = 5000
/** Bytes of a file on another file system, which is copied to be read. */
const MAX_COPY = 8 * 1024 * 1024

function identityOf({ size, modified }: SummarizedFile): string {
  return `${size} ${modified}`
}

export class RecordingSummaries {
  readonly #options: Pick<Surroundings, 'script' | 'storage'>
  readonly #known = new Map<string, Entry>()
  /** Files to read, by their URIs. */
  readonly #queue = new Map<string, SummarizedFile>()
  readonly #changed = new vscode.EventEmitter<void>()
  #job: JobClient | undefined
  #timer: NodeJS.Timeout | undefined
  #isDisposed = false

  /** More is known of a file. */
  readonly onChange = this.#changed.event

  constructor(options: Pick<Surroundings, 'script' | 'storage'>) {
    this.#options = options
  }

  /** What is known of a file now. If that is not of its present state, reads it. Then `onChange` fires. */
  of(file: SummarizedFile): Known | undefined {
    const key = file.uri.toString()
    const entry = this.#known.get(key)
    if (entry?.identity !== identityOf(file) && !this.#isTooFar(file)) {
      this.#queue.set(key, file)
      this.#start()
    }
    return entry
  }

  /** What is known of a file, once anything is. */
  async read(file: SummarizedFile): Promise<Known | undefined> {
    for (;;) {
      const known = this.of(file)
      if (known !== undefined || this.#isDisposed || this.#isTooFar(file)) return known
      await new Promise<void>((resolve) => {
        const subscription = this.onChange(() => {
          subscription.dispose()
          resolve()
        })
      })
    }
  }

  dispose(): void {
    this.#isDisposed = true
    clearTimeout(this.#timer)
    this.#changed.dispose()
    void this.#job?.dispose({ atOnce: true })
  }

  #isTooFar({ uri, size }: SummarizedFile): boolean {
    return uri.scheme !== 'file' && size > MAX_COPY
  }

  #start(): void {
    if (this.#job !== undefined || this.#isDisposed) return
    const next = this.#next()
    if (next === undefined) return
    let hasEnded = false
    const exit = () => {
      hasEnded = true
    }
    this.#job = new JobClient(this.#options.script, { exit })
    void this.#run(this.#job, next, () => hasEnded)
  }

  /** Reads files until none is due, or until a file has ended the worker. */
  async #run(job: JobClient, first: SummarizedFile, hasEnded: () => boolean): Promise<void> {
    for (let file: SummarizedFile | undefined = first; file !== undefined; ) {
      const known = await this.#read(job, file)
      if (this.#isDisposed) return
      const key = file.uri.toString()
      this.#known.delete(key)
      this.#known.set(key, { ...known, identity: identityOf(file), at: performance.now() })
      forgetOldest(this.#known, MAX_KEPT)
      this.#changed.fire()
      file = hasEnded() ? undefined : this.#next()
    }
    this.#job = undefined
    await job.dispose()
    this.#start()
  }

  async #read(job: JobClient, { uri }: SummarizedFile): Promise<Known> {
    try {
      const read = (path: string) => job.call('summarize', { path })
      const summary = await readThrough(this.#options.storage, uri, read)
      return summary === null ? {} : { summary }
    } catch (thrown) {
      return { problem: sentenceOf(thrown) }
    }
  }

  /** Takes the next file that was not read a moment ago. If there are only such files, starts again later. */
  #next(): SummarizedFile | undefined {
    const now = performance.now()
    let soonest = Number.POSITIVE_INFINITY
    for (const [key, file] of this.#queue) {
      const wait = (this.#known.get(key)?.at ?? Number.NEGATIVE_INFINITY) + PAUSE - now
      if (wait <= 0) {
        this.#queue.delete(key)
        return file
      }
      soonest = Math.min(soonest, wait)
    }
    clearTimeout(this.#timer)
    if (soonest < PAUSE + 1) this.#timer = setTimeout(() => this.#start(), soonest)
    return undefined
  }
}
