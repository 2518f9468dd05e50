/**
 * Runs the user's regular expressions as `src/capture/filter/watched-regexes.ts` does, which it stands in for in the worker: in a
 * worker of their own, which can be ended. Without shared memory, which few sites have, that worker says how far it is.
 */
import type { WatchedRegexes as Original } from '../../../src/capture/filter/watched-regexes.ts'
import { type Filter, FilterError } from '../../../src/shared/filter/syntax.ts'
import type { RegexAnswer, RegexTask } from './regex-worker.ts'

type Regex = Filter & { kind: 'regex' }

/** Milliseconds that an expression may take for one text, and between two checks. */
const LIMIT = 1000
const CHECK_EVERY = 50

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
      worker.onerror = ({ message }) => fail(`This expression could not run: ${message}.`)
      const watch = setInterval(() => {
        if (worker !== this.#worker) clearInterval(watch)
        else if (since !== undefined && performance.now() - since >= LIMIT)
          fail(
            `This expression was stopped after ${LIMIT / 1000} s on one payload: it backtracks too much; make it simpler.`,
          )
      }, CHECK_EVERY)
      // Without these flags a result does not depend on earlier texts.
      const flags = regex.flags.replace(/[gy]/g, '')
      worker.postMessage({ source: regex.source, flags, texts, isGrouping } satisfies RegexTask)
    })
  }

  close(): void {
    this.#worker?.terminate()
    this.#worker = undefined
  }
}
