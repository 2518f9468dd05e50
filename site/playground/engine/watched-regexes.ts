/**
 * Runs the user's regular expressions as `src/capture/filter/watched-regexes.ts` does, which it stands in for in the worker: in a
 * worker of their own, which can be ended. Without shared memory, which few sites have, that worker says how far it is.
 */

import {
  CHECK_EVERY,
  couldNotRun,
  independentFlags,
  REGEX_LIMIT,
  type Regex,
  STOPPED,
} from '../../../src/capture/filter/regex-run.ts'
import type { WatchedRegexes as Original } from '../../../src/capture/filter/watched-regexes.ts'
import { FilterError } from '../../../src/shared/filter/syntax.ts'
import type { RegexAnswer, RegexTask } from './regex-worker.ts'

export class WatchedRegexes implements Pick<Original, keyof Original> {
  #worker: Worker | undefined

  test(regex: Regex, texts: readonly string[]): Promise<boolean[]> {
    return this.#run(regex, texts, false)
  }

  async groups(regex: Regex, text: string): Promise<(string | undefined)[]> {
    const [found = []] = await this.#run<(string | undefined)[]>(regex, [text], true)
    return found
  }

  #run<Result>(regex: Regex, texts: readonly string[], isGrouping: boolean): Promise<Result[]> {
    this.#worker ??= new Worker('regexes.js')
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearInterval(watch)
        worker.onmessage = worker.onerror = null
      }
      const fail = (why: string) => {
        settle()
        this.close()
        reject(new FilterError(why, regex))
      }
      /** Undefined until the worker has started, which does not count. */
      let since: number | undefined
      worker.onmessage = ({ data }: MessageEvent<RegexAnswer<Result>>) => {
        since = performance.now()
        if (data === 'going on') return
        settle()
        resolve(data)
      }
      worker.onerror = ({ message }) => fail(couldNotRun(message))
      const watch = setInterval(() => {
        if (worker !== this.#worker) clearInterval(watch)
        else if (since !== undefined && performance.now() - since >= REGEX_LIMIT) fail(STOPPED)
      }, CHECK_EVERY)
      const flags = independentFlags(regex)
      worker.postMessage({ source: regex.source, flags, texts, isGrouping } satisfies RegexTask)
    })
  }

  close(): void {
    this.#worker?.terminate()
    this.#worker = undefined
  }
}
