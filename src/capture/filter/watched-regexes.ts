/**
 * Runs the user's regular expressions in a separate thread, so that slow ones do not block anything else and
 * catastrophic backtracking can be interrupted.
 */
import { Worker } from 'node:worker_threads'
import { FilterError } from '../../shared/filter/syntax.ts'
import { CHECK_EVERY, couldNotRun, independentFlags, REGEX_LIMIT, type Regex, STOPPED } from './regex-run.ts'

/**
 * The program of the thread, as text because the bundle has no file for it. `workerData` counts the texts that were
 * started.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads')
parentPort.on('message', ({ source, flags, texts, isGrouping }) => {
  const regex = new RegExp(source, flags)
  parentPort.postMessage(texts.map((text) => {
    Atomics.add(workerData, 0, 1)
    return isGrouping ? [...(regex.exec(text) ?? [])] : regex.test(text)
  }))
})`

export class WatchedRegexes {
  readonly #begun = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined

  /**
   * Whether the expression matches each text. Only one call may run at a time. Rejects with a `FilterError` if one text
   * takes too long; never settles after `close`.
   */
  test(regex: Regex, texts: readonly string[]): Promise<boolean[]> {
    return this.#run(regex, texts, false)
  }

  /**
   * As `test`, the match in one text with its groups: the whole match comes first, and a group that does not take part is
   * undefined. Empty if the expression does not match.
   */
  async groups(regex: Regex, text: string): Promise<(string | undefined)[]> {
    const [found = []] = await this.#run<(string | undefined)[]>(regex, [text], true)
    return found
  }

  #run<Result>(regex: Regex, texts: readonly string[], isGrouping: boolean): Promise<Result[]> {
    const worker = this.#start()
    const flags = independentFlags(regex)
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearInterval(watch)
        worker.off('message', answered).off('error', failed)
      }
      const fail = (why: string) => {
        settle()
        this.close()
        reject(new FilterError(why, regex))
      }
      const answered = (results: Result[]) => {
        settle()
        resolve(results)
      }
      const failed = ({ message }: Error) => fail(couldNotRun(message))
      const watch = this.#watch(worker, () => fail(STOPPED))
      worker.once('message', answered).once('error', failed)
      worker.postMessage({ source: regex.source, flags, texts, isGrouping })
    })
  }

  /** Terminates the thread. */
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

  /** Calls `stuck` once the thread has spent too long on one text. The start of the thread does not count. */
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
      } else if (performance.now() - since >= REGEX_LIMIT) stuck()
    }, CHECK_EVERY)
    return watch
  }
}
