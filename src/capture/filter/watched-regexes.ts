/**
 * Regular expressions a user wrote, run in a thread of their own: however slow, they hold up nothing but
 * themselves, and one that backtracks for ever is cut off.
 */
import { Worker } from 'node:worker_threads'
import { type Filter, FilterError } from '../../shared/filter/syntax.ts'

type Regex = Filter & { kind: 'regex' }

/** Milliseconds an expression may take over one text: many, as it holds nothing up. */
const LIMIT = 1000
/** Milliseconds between two looks at how far the thread is. */
const LOOK = 50

/** What the thread runs. As text, since a bundle has no file of it. `workerData` counts the texts begun. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads')
parentPort.on('message', ({ source, flags, texts }) => {
  const regex = new RegExp(source, flags)
  parentPort.postMessage(texts.map((text) => {
    Atomics.add(workerData, 0, 1)
    return regex.test(text)
  }))
})`

export class WatchedRegexes {
  readonly #begun = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined

  /**
   * Whether the expression matches each text. One call runs at a time. Rejects with a `FilterError` when it takes
   * too long over one of them; never settles once closed.
   */
  test(regex: Regex, texts: readonly string[]): Promise<boolean[]> {
    const worker = this.#start()
    // A verdict does not depend on what was found before.
    const flags = regex.flags.replace(/[gy]/g, '')
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearInterval(watch)
        worker.off('message', answered).off('error', failed)
      }
      const fail = (why: string) => {
        settle()
        this.close()
        reject(new FilterError(why, regex.start, regex.end))
      }
      const answered = (verdicts: boolean[]) => {
        settle()
        resolve(verdicts)
      }
      const failed = ({ message }: Error) => fail(`This expression could not be run: ${message}.`)
      const watch = this.#watch(worker, () =>
        fail(
          `This expression was stopped after ${LIMIT / 1000} s on one payload: it backtracks too much; make it simpler.`,
        ),
      )
      worker.once('message', answered).once('error', failed)
      worker.postMessage({ source: regex.source, flags, texts })
    })
  }

  /** Ends the thread, whatever it is at. */
  close(): void {
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: this.#begun,
      name: 'realtime-inspector expressions',
    })
    worker.unref()
    this.#worker = worker
    return worker
  }

  /** Calls `stuck` once the thread has been at the same text for too long; the time it takes to start is its own. */
  #watch(worker: Worker, stuck: () => void): NodeJS.Timeout {
    const atFirst = Atomics.load(this.#begun, 0)
    let last = atFirst
    let since = performance.now()
    const watch = setInterval(() => {
      const begun = Atomics.load(this.#begun, 0)
      if (worker !== this.#worker) clearInterval(watch)
      else if (begun !== last || begun === atFirst) {
        last = begun
        since = performance.now()
      } else if (performance.now() - since >= LIMIT) stuck()
    }, LOOK)
    return watch
  }
}
